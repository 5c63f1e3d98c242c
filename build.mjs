// Builds dist/: the service (tsc), its kernel (asc) and the dashboards (vite). `--if-stale`: only where a source is newer than the build.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Bandwarden needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

const root = import.meta.dirname;
const stamp = join(root, 'dist/.built');

function newestIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

const sources = ['src', 'hardware', 'dashboards', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'build.mjs'];
const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const stale = sources.some((name) => newestIn(join(root, name)) > built);
if (process.argv.includes('--if-stale') && !stale) process.exit(0);

function run(program, args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  // The program has said what is wrong; without the stamp the next run builds again.
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
// Plain 128-bit vectors: relaxed ones give results that differ by processor.
const kernel = ['--enable', 'simd', '-O3', '--runtime', 'stub', '--noAssert', '--initialMemory', '1'];
run('assemblyscript/bin/asc.js', [
  'src/dsp/kernel/assembly/index.ts',
  ...kernel,
  ...['--outFile', 'dist/src/dsp/kernel/kernel.wasm'],
]);
if (existsSync(join(root, 'dashboards/vite.config.ts'))) {
  run('vite/bin/vite.js', ['build', '--config', 'dashboards/vite.config.ts', '--logLevel', 'warn']);
}
const entry = join(root, 'dist/src/main.js');
if (existsSync(entry)) chmodSync(entry, 0o755);

// `npx bandwarden` in a checkout: the command stands where npm looks first.
const bin = join(root, 'node_modules/.bin');
mkdirSync(bin, { recursive: true });
rmSync(join(bin, 'bandwarden'), { force: true });
symlinkSync('../../dist/src/main.js', join(bin, 'bandwarden'));
writeFileSync(stamp, '');

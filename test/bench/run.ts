import { execFileSync } from 'node:child_process';
import { type BenchLine, saveLines } from './report.ts';

/**
 * `npm run bench -- [--quick] [--output=FILE] [psd] [detect] [ingest] [latency] [memory]`: one JSON object a line, all of them also in FILE
 * (test/output/bench.json); exit 1 where the work done was wrong.
 */
const SIZES = [1024, 4096, 16_384, 65_536];
const BENCHES: Readonly<Record<string, readonly (readonly [program: string, ...args: string[]])[]>> = {
  psd: SIZES.map((bins) => ['psd-child.ts', String(bins)]),
  detect: [['detect-child.ts']],
  ingest: [
    ['service/ingest.ts', 'embedded'],
    ['service/ingest.ts', 'mosquitto'],
  ],
  latency: [['service/latency.ts']],
  memory: [['service/memory.ts']],
};

const quick = process.argv.includes('--quick') ? 'quick' : 'full';
const output = process.argv.find((word) => word.startsWith('--output='))?.slice('--output='.length);
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no such bench: ${unknown.join(', ')}; expected ${Object.keys(BENCHES).join(' or ')}\n`);
  process.exit(2);
}

const saved = output ?? new URL('../output/bench.json', import.meta.url).pathname;
const lines: BenchLine[] = [];
let wrong = false;
for (const name of named.length > 0 ? named : Object.keys(BENCHES)) {
  for (const [program, ...args] of BENCHES[name]) {
    const file = new URL(program, import.meta.url).pathname;
    try {
      const text = execFileSync(process.execPath, ['--import', 'tsx', file, ...args, quick], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for (const { bench, case: of, value, unit, against, ratio, goal, ok } of JSON.parse(text) as BenchLine[]) {
        const line = { bench, case: of, value, unit, against, ratio, goal, ok };
        lines.push(line);
        process.stdout.write(`${JSON.stringify(line)}\n`);
      }
      saveLines(saved, lines);
    } catch {
      // The child has said what was wrong.
      wrong = true;
    }
  }
}
process.exitCode = wrong ? 1 : 0;

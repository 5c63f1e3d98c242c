import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Not how fast: whether the work that is timed is right, which the programs check against references, and its form. */
it('the quick bench does the work it times rightly, and prints what the contract says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bandwarden-bench-'));
  const program = new URL('run.ts', import.meta.url).pathname;
  const file = join(folder, 'bench.json');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', program],
    ...['--quick', `--output=${file}`],
  ]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['bench', 'case', 'value', 'unit', 'against', 'ratio', 'goal', 'ok']);
    expect(line.value).toBeGreaterThan(0);
  }
  const judged = lines.filter(({ goal }) => goal !== null).map((line) => [line.bench, line.case, line.against]);
  expect(judged).toEqual([
    ...[1024, 4096, 16_384, 65_536].flatMap((n) => [
      ['psd', { n }, 'fft.js'],
      ['psd', { n }, 'pffft-wasm'],
    ]),
    ['detect', { n: 4096, overlap: 0.5 }, 'psd'],
  ]);
  expect((JSON.parse(await readFile(file, 'utf8')) as { lines: unknown }).lines).toEqual(lines);
  await rm(folder, { recursive: true });
}, 180_000);

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { snrForDetection } from './theory.ts';

it.each([
  ['tone', [11.75, 7.0, 2.75, -1.05, -4.52]],
  ['noise-like', [19.37, 9.1, 3.36, -0.88, -4.48]],
] as const)('an ideal radiometer finds nine in ten of a %s at the SNR that tables give for 1e-4', (model, table) => {
  for (const [i, averages] of [1, 4, 16, 64, 256].entries()) {
    expect(Math.abs(snrForDetection(model, averages, 1e-4) - table[i])).toBeLessThan(0.01);
  }
});

/** Not whether goals are met: whether the work is done, and told as the contract says. */
it('a short run of the detection benches does its work and prints what the contract says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bandwarden-detection-'));
  const program = new URL('run.ts', import.meta.url).pathname;
  const file = join(folder, 'detection.json');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', program],
    ...['--smoke', `--output=${file}`],
  ]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['bench', 'case', 'value', 'unit', 'against', 'ratio', 'goal', 'ok']);
  }
  expect(new Set(lines.map(({ bench }) => bench))).toEqual(
    new Set(['false-alarms', 'sensitivity', 'bursts', 'truth-set', 'modulation']),
  );
  expect((JSON.parse(await readFile(file, 'utf8')) as { lines: unknown }).lines).toEqual(lines);
  await rm(folder, { recursive: true });
}, 120_000);

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeWith } from '../support/services.ts';

type Line = Readonly<Record<string, unknown>>;

/** Runs benches quickly, and checks the form of what they print and save. Rejects where the work done was wrong. */
async function runQuickly(...benches: string[]): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bandwarden-bench-'));
  const program = new URL('run.ts', import.meta.url).pathname;
  const file = join(folder, 'bench.json');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', program],
    ...['--quick', `--output=${file}`, ...benches],
  ]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['bench', 'case', 'value', 'unit', 'against', 'ratio', 'goal', 'ok']);
    expect(line.value).toEqual(expect.any(Number));
  }
  expect((JSON.parse(await readFile(file, 'utf8')) as { lines: unknown }).lines).toEqual(lines);
  await rm(folder, { recursive: true });
  return lines;
}

function judged(lines: readonly Line[]): unknown[] {
  return lines.filter(({ goal }) => goal !== null).map((line) => [line.bench, line.case, line.against]);
}

/** Not how fast: whether the work that is timed is right, which the programs check against references, and its form. */
it('the quick bench of spectra and detection does the work it times rightly', async () => {
  const lines = await runQuickly('psd', 'detect');
  for (const { value } of lines) expect(value).toBeGreaterThan(0);
  expect(judged(lines)).toEqual([
    ...[1024, 4096, 16_384, 65_536].flatMap((n) => [
      ['psd', { n }, 'fft.js'],
      ['psd', { n }, 'pffft-wasm'],
    ]),
    ['detect', { n: 4096, overlap: 0.5 }, 'psd'],
  ]);
}, 180_000);

describeWith(['mosquitto'], 'the built service under load', () => {
  it('finds every transmitter at every receiver, and tells of those that nobody assigned', async () => {
    expect(judged(await runQuickly('ingest', 'latency', 'memory'))).toEqual([
      ['ingest', { broker: 'embedded', seconds: 6, rate: 2.4e6 }, null],
      ['ingest', { broker: 'mosquitto', seconds: 6, rate: 2.4e6 }, null],
      ['latency', expect.objectContaining({ receivers: 2, percentile: 99 }), null],
      ['memory', expect.objectContaining({ receivers: 2, of: 'slope' }), null],
      ['memory', { receivers: 1, of: 'resident' }, null],
    ]);
  }, 240_000);
});

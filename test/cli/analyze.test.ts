import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SceneTruth } from '../../src/simulation/truth.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURES = join(ROOT, 'fixtures');
const BURSTS = join(FIXTURES, 'recordings/bursts_433.92M_250k.cu8');

const analyze = (...args: string[]) => run(process.execPath, [join(ROOT, 'dist/src/main.js'), 'analyze', ...args]);

type Line = Record<string, number | string | null>;
const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

function truthOf(name: string): SceneTruth {
  return JSON.parse(readFileSync(join(FIXTURES, `recordings/${name}.truth.json`), 'utf8')) as SceneTruth;
}

describe('bandwarden analyze', () => {
  const folder = temporaryFolder();

  it('prints the recording, its emissions by start, and the summary, as their truth has them', async () => {
    const { code, stdout, stderr } = await analyze('--json', BURSTS);
    expect([code, stderr]).toEqual([0, '']);
    const lines = linesOf(stdout);
    expect(lines.map(({ type }) => type)).toEqual(['recording', 'emission', 'emission', 'emission', 'summary']);
    expect(lines[0]).toMatchObject({ format: 'cu8', centerHz: 433_920_000, sampleRateHz: 250_000, startTime: null });
    const emissions = lines.slice(1, -1);
    const starts = emissions.map(({ startSeconds }) => Number(startSeconds));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const truth of truthOf('bursts_433.92M_250k').emissions) {
      const found = emissions.filter(({ centerHz }) => Math.abs(Number(centerHz) - truth.centerHz) < 3_000);
      expect(found).toHaveLength(1);
      expect(Number(found[0].startSeconds)).toBeCloseTo(truth.transmissions[0].startSeconds, 2);
      expect(found[0]).toMatchObject({ kind: 'burst', bursts: truth.transmissions.length, verdict: 'undetermined' });
    }
    expect(lines.at(-1)).toMatchObject({ emissions: 3, samples: 45_000, clipped: 0, rejected: 0, unit: 'dBFS' });
  });

  it('finds nothing in noise', async () => {
    const { stdout } = await analyze('--json', join(FIXTURES, 'quiet/noise_100M_250k.cu8'));
    expect(linesOf(stdout).map(({ type }) => type)).toEqual(['recording', 'summary']);
  });

  it('gives the same bytes twice; --timing alone adds what differs', async () => {
    const [one, two] = [await analyze('--json', BURSTS), await analyze('--json', BURSTS)];
    expect(one.stdout).toBe(two.stdout);
    const timed = linesOf((await analyze('--json', '--timing', BURSTS)).stdout).at(-1)!;
    expect(timed.processingSeconds).toBeGreaterThan(0);
  });

  it('reads SigMF by its metadata, and a sweep log with its peak', async () => {
    const sigmf = linesOf((await analyze('--json', join(FIXTURES, 'recordings/handheld.sigmf-meta'))).stdout);
    expect(sigmf[0]).toMatchObject({ type: 'recording', format: 'sigmf' });
    const [truth] = truthOf('handheld').emissions;
    expect(Math.abs(Number(sigmf[1].centerHz) - truth.centerHz)).toBeLessThan(1_500);
    const log = linesOf((await analyze('--json', join(FIXTURES, 'recordings/fm_rtl_power.csv'))).stdout);
    expect(log[0]).toMatchObject({ format: 'rtl_power', sampleRateHz: null, unit: 'dB' });
    expect(log[0].sweeps).toBeGreaterThan(1);
    expect(Number(log[0].stepHz)).toBeGreaterThan(0);
  });

  it('gives verdicts by a register, and writes the results where it is told to', async () => {
    const register = join(FIXTURES, 'registers/city.csv');
    const { code, stdout } = await analyze('--json', '--register', register, '--out', join(folder, 'out'), BURSTS);
    expect(code).toBe(0);
    const verdicts = linesOf(stdout).filter(({ type }) => type === 'emission');
    expect(verdicts.every(({ verdict }) => verdict === 'exempt')).toBe(true);
    const name = join(folder, 'out/bursts_433.92M_250k.cu8.emissions');
    expect(readFileSync(`${name}.jsonl`, 'utf8')).toBe(stdout);
    const rows = readFileSync(`${name}.csv`, 'utf8').trim().split('\n');
    expect(rows).toHaveLength(1 + verdicts.length);
    expect(rows[0]).toMatch(/^file,id,startSeconds,/);
  });

  it('counts offsets from the centre where nobody says what it is', async () => {
    const unnamed = join(folder, 'unnamed.cu8');
    copyFileSync(BURSTS, unnamed);
    const lines = linesOf((await analyze('--json', '--rate', '250k', '--format', 'cu8', unnamed)).stdout);
    expect(lines[0].centerHz).toBeNull();
    expect(Math.abs(Number(lines[1].centerHz) - 31_000)).toBeLessThan(3_000);
  });

  it('names the option where raw IQ has no rate, goes on with the other files, and ends with 1', async () => {
    const unnamed = join(folder, 'norate.cu8');
    copyFileSync(BURSTS, unnamed);
    const empty = join(folder, 'empty.cu8');
    writeFileSync(empty, '');
    const { code, stdout, stderr } = await analyze('--json', unnamed, empty, join(folder, 'nowhere.wav'), BURSTS);
    expect(code).toBe(1);
    const complaints = stderr.trim().split('\n');
    expect(complaints).toHaveLength(3);
    expect(complaints[0]).toContain('--rate');
    expect(complaints[1]).toContain('empty.cu8');
    expect(complaints[2]).toContain('nowhere.wav');
    expect(linesOf(stdout).filter(({ type }) => type === 'summary')).toHaveLength(1);
  });

  it('refuses a wrong option with 2 and one line', async () => {
    for (const wrong of [
      ['--rate', 'fast'],
      ['--format', 'mp3'],
      ['--timezone', 'Mars/Olympus'],
    ]) {
      const { code, stdout, stderr } = await analyze(...wrong, BURSTS);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('prints a table for people', async () => {
    const { stdout } = await analyze(BURSTS);
    expect(stdout).toContain('centre MHz');
    expect(stdout).toContain('3 emissions');
    expect(existsSync(join(FIXTURES, 'recordings/bursts_433.92M_250k.cu8.emissions.csv'))).toBe(false);
  });
});

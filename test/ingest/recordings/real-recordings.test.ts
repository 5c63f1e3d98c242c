import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithRecordings } from '../../support/services.ts';
import { blocks, iq, opened, sweepCapture, sweeps } from './support.ts';

interface Entry {
  readonly file: string;
  readonly kind: 'iq' | 'sweep';
  readonly format: string;
  readonly datatype: string | null;
  readonly sample_rate_hz: number | null;
  readonly center_hz: number | null;
  readonly tags: readonly string[];
  readonly truth: {
    readonly measured: { readonly samples?: number; readonly max_db?: number; readonly points?: number };
  };
  readonly key_facts: {
    readonly sweeps: number;
    readonly points: number;
    readonly first_hz: number;
    readonly last_hz: number;
    readonly bin_hz: number;
    readonly first_time: string | null;
    readonly last_time: string | null;
    readonly main_peak_hz: number | null;
    readonly main_peak_max_db: number | null;
  } | null;
}

const entriesOf = (folder: string): readonly Entry[] =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files;
const readable = ['rtlpower', 'rtlpowerfftw', 'rfe', 'rfecsv'];

/** RF Explorer's times carry an offset that the manifest leaves out: seconds since the first are compared. */
const seconds = (first: string, later: string) => (Date.parse(`${later}Z`) - Date.parse(`${first}Z`)) / 1000;

describeWithRecordings('real sweep logs', (folder) => {
  const entries = entriesOf(folder);
  const sweepEntries = entries.filter(({ kind, format }) => kind === 'sweep' && readable.includes(format));

  it.each(sweepEntries.map((entry) => [entry.file, entry] as const))('%s', async (file, entry) => {
    const facts = entry.key_facts!;
    const recording = await opened(join(folder, file));
    expect(recording.captures).toHaveLength(1);
    const capture = sweepCapture(recording);
    const all = await sweeps(capture);
    expect([capture.count, all.length, capture.points]).toEqual([facts.sweeps, facts.sweeps, facts.points]);
    expect(Math.abs(capture.stepHz / facts.bin_hz - 1)).toBeLessThan(0.01);
    // The manifest puts every level in the middle of its bin. A transform's bins lie at rtl_power's lower edges
    // (see docs/formats.md), half a step below; RF Explorer's first kHz was single precision, a few Hz off.
    const shiftHz = recording.format === 'rtl_power' ? capture.stepHz / 2 : 0;
    const withinHz = recording.format === 'rfe' ? 10 : 1;
    expect(Math.abs(capture.startHz + shiftHz - facts.first_hz)).toBeLessThan(withinHz);
    expect(Math.abs(capture.stopHz + shiftHz - facts.last_hz)).toBeLessThan(withinHz);
    if (facts.main_peak_hz !== null) {
      expect(Math.abs(capture.peakHz - facts.main_peak_hz)).toBeLessThan(withinHz);
      expect(capture.peakLevel).toBeCloseTo(facts.main_peak_max_db!, 0);
    }
    const highest = all.reduce((most, sweep) => sweep.powers.reduce((a, b) => Math.max(a, b), most), -1000);
    expect(highest).toBeCloseTo(entry.truth.measured.max_db!, 1);
    if (facts.first_time !== null && facts.last_time !== null) {
      const lastSeconds = Number(all.at(-1)!.timeNs - all[0]!.timeNs) / 1e9;
      expect(Math.abs(lastSeconds - seconds(facts.first_time, facts.last_time))).toBeLessThan(0.01);
    }
    expect(recording.rejected).toBe(entry.tags.includes('malformed') ? 1 : 0);
    expect(recording.complaint === null).toBe(!entry.tags.includes('malformed'));
    await recording.close();
  });

  it('of RadioHound has its peak where the manifest measured it', async () => {
    for (const entry of entries.filter(({ format }) => format === 'radiohound')) {
      const measured = entry.truth.measured as { points: number; max_db: number; max_at_hz: number };
      const recording = await opened(join(folder, entry.file));
      const capture = sweepCapture(recording);
      expect([capture.count, capture.points, capture.peakHz]).toEqual([1, measured.points, measured.max_at_hz]);
      // The manifest's decibels are of watts, ours of milliwatts.
      expect(capture.peakLevel).toBeCloseTo(measured.max_db + 30, 1);
      await recording.close();
    }
  });
});

describeWithRecordings('real IQ recordings', (folder) => {
  const iqEntries = entriesOf(folder).filter(({ kind }) => kind === 'iq');
  const formats: Record<string, 'cu8' | 'cs8' | 'cs16' | 'cf32'> = {
    cu8: 'cu8',
    ci8: 'cs8',
    ci16_le: 'cs16',
    cf32_le: 'cf32',
  };

  it.each(iqEntries.map((entry) => [entry.file, entry] as const))('%s', async (file, entry) => {
    const format = formats[entry.datatype ?? ''];
    const raw = entry.format === 'raw' ? { format, rateHz: entry.sample_rate_hz, centerHz: entry.center_hz } : {};
    const recording = await opened(join(folder, file), raw);
    const capture = iq(recording);
    expect(capture).toMatchObject({ format, sampleRateHz: entry.sample_rate_hz, centerHz: entry.center_hz });
    expect(capture.pairs).toBe(entry.truth.measured.samples);
    const all = await blocks(capture, 65_536);
    expect(all.reduce((sum, block) => sum + block.pairs, 0)).toBe(capture.pairs);
    expect(recording.rejected).toBe(0);
    await recording.close();
  });

  it('opened by their metadata are those opened by their dataset', async () => {
    for (const entry of iqEntries.filter(({ format }) => format === 'sigmf')) {
      const path = join(folder, entry.file.replace('.sigmf-data', '.sigmf-meta'));
      const recording = await opened(path);
      expect(iq(recording).pairs).toBe(entry.truth.measured.samples);
      await recording.close();
    }
  });
});

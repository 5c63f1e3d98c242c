import { measureEmission } from '../../../src/analysis/measurement/measure-emission.ts';
import { type EmissionMeasurement, MODULATIONS, type Modulation } from '../../../src/core/measurement.ts';
import { Transforms } from '../../../src/dsp/transform.ts';
import { SceneRenderer } from '../../../src/simulation/scene.ts';
import type { BenchLine } from '../report.ts';
import { atLeast, atMost, type DetectionBench, type Mode } from './detection-bench.ts';
import { MODULATION_KINDS, type ModulationCase, modulationCase } from './modulation-signals.ts';

const NOISE_DBFS = -40;
/** The detector knows a band and its noise about so well. */
const BAND_ERROR = 0.08;
const NOISE_ERROR_DB = 0.3;

/** Measures a case at an SNR in its own band, as after a detector that knows the band to 8 % and the noise to 0.3 dB. */
export function measureCase(
  { name, signal, sampleRateHz, seconds, bandHz, middleHz, offsetHz, fading }: ModulationCase,
  seed: number,
  snrDb: number,
  transforms: Transforms,
): { readonly measurement: EmissionMeasurement | null; readonly cpuMs: number } {
  const noiseDensity = 10 ** (NOISE_DBFS / 10) / sampleRateHz;
  const powerDbfs = 10 * Math.log10(noiseDensity * bandHz) + snrDb;
  const emitter = { name, signal, centerHz: offsetHz, powerDbfs, ...(fading && { fading }) };
  const receiver = { sampleRateHz, centerHz: 0, format: 'cf32', noiseDbfs: NOISE_DBFS } as const;
  const renderer = new SceneRenderer({ seed, receiver, emitters: [emitter] });
  const pieces = [Float32Array.from(renderer.readValues(Math.round(seconds * sampleRateHz)))];
  const sign = seed % 2 === 0 ? 1 : -1;
  const widthHz = bandHz * (1 + sign * BAND_ERROR);
  const middle = offsetHz + middleHz + (sign * bandHz * BAND_ERROR) / 4;
  const before = process.cpuUsage().user;
  const measurement = measureEmission(
    { pieces, sampleRateHz, centerHz: 0 },
    {
      lowHz: middle - widthHz / 2,
      highHz: middle + widthHz / 2,
      noiseDensity: noiseDensity * 10 ** ((sign * NOISE_ERROR_DB) / 10),
    },
    0,
    transforms,
  );
  return { measurement, cpuMs: (process.cpuUsage().user - before) / 1_000 };
}

/** Each kind of signal so often at each SNR, dB in its own band. */
const TRIALS = { smoke: 1, quick: 6, full: 40 } satisfies Record<Mode, number>;
const SNRS_DB = { smoke: [15], quick: [15, 6, 0], full: [15, 10, 6, 3, 0] } satisfies Record<Mode, readonly number[]>;
const JUDGED_DB = 15;
const RIGHT_GOAL_PCT = 95;
/** Under this SNR nothing is to be told that may be wrong. */
const SILENT_BELOW_DB = 6;
const WRONG_GOAL_PCT = 1;

interface Part {
  readonly kind: string;
  readonly snrDb: number;
  readonly trials: number;
}

/** What the cases of one kind were taken for, and what that took. */
interface Row extends Part {
  readonly modulation: Modulation;
  readonly found: Partial<Record<Modulation, number>>;
  readonly cpuMs: number;
}

/** The class of modulation against truth: signals drawn with seeds of their own, none of which the tree was made with. */
export const modulationBench: DetectionBench<Part, Row> = {
  name: 'modulation',
  parts: (mode) =>
    SNRS_DB[mode].flatMap((snrDb) => MODULATION_KINDS.map((kind) => ({ kind, snrDb, trials: TRIALS[mode] }))),
  work: async (part) => classifyKind('test', part),
  lines(rows, mode) {
    const lines = SNRS_DB[mode].flatMap((snrDb) =>
      linesOf(
        rows.filter((row) => row.snrDb === snrDb),
        snrDb,
        mode,
      ),
    );
    const trials = rows.reduce((sum, row) => sum + row.trials, 0);
    const cpuMs = rows.reduce((sum, row) => sum + row.cpuMs, 0) / trials;
    const cost = { bench: 'modulation', case: { figure: 'cost', trials }, against: null, ratio: null };
    return [...lines, { ...cost, value: cpuMs, unit: 'ms CPU a measurement', goal: null, ok: null }];
  },
};

export function classifyKind(split: 'design' | 'test', { kind, snrDb, trials }: Part): Row {
  const transforms = new Transforms();
  const found: Partial<Record<Modulation, number>> = {};
  const cases = Array.from({ length: trials }, (_, i) => modulationCase(kind, split, i));
  let cpuMs = 0;
  for (const [i, drawn] of cases.entries()) {
    const { measurement, cpuMs: took } = measureCase(drawn, 1_000 + i, snrDb, transforms);
    const name = measurement?.modulation ?? 'unknown';
    found[name] = (found[name] ?? 0) + 1;
    cpuMs += took;
  }
  return { kind, snrDb, trials, modulation: cases[0].modulation, found, cpuMs };
}

function linesOf(rows: readonly Row[], snrDb: number, mode: Mode): BenchLine[] {
  const trials = rows.reduce((sum, row) => sum + row.trials, 0);
  const right = rows.reduce((sum, row) => sum + (row.found[row.modulation] ?? 0), 0);
  const unknown = rows.reduce((sum, row) => sum + (row.modulation === 'unknown' ? 0 : (row.found.unknown ?? 0)), 0);
  const base = { bench: 'modulation', unit: '%', against: 'truth', ratio: null, goal: null, ok: null };
  const rightLine = { ...base, case: { figure: 'right', snr: snrDb, trials, matrix: matrixOf(rows) } };
  const wrongLine = { ...base, case: { figure: 'wrong', snr: snrDb, trials } };
  const rightPct = (100 * right) / trials;
  const wrongPct = (100 * (trials - right - unknown)) / trials;
  const isJudged = mode !== 'smoke';
  return [
    { ...rightLine, value: rightPct, ...(isJudged && snrDb === JUDGED_DB ? atLeast(rightPct, RIGHT_GOAL_PCT) : {}) },
    { ...wrongLine, value: wrongPct, ...(isJudged && snrDb < SILENT_BELOW_DB ? atMost(wrongPct, WRONG_GOAL_PCT) : {}) },
  ];
}

/** `2-FSK: fsk 19, unknown 1; …`: a kind whose every case was right is its name alone. */
export function matrixOf(rows: readonly Row[]): string {
  return rows
    .map(({ kind, modulation, found, trials }) => {
      if (found[modulation] === trials) return kind;
      const names = MODULATIONS.filter((name) => found[name] !== undefined).map((name) => `${name} ${found[name]}`);
      return `${kind}: ${names.join(', ')}`;
    })
    .join('; ');
}

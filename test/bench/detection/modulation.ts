import { measureEmission } from '../../../src/analysis/measurement/measure-emission.ts';
import { type EmissionMeasurement, MODULATIONS, type Modulation } from '../../../src/core/measurement.ts';
import { Transforms } from '../../../src/dsp/transform.ts';
import { SceneRenderer } from '../../../src/simulation/scene.ts';
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
): EmissionMeasurement | null {
  const noiseDensity = 10 ** (NOISE_DBFS / 10) / sampleRateHz;
  const powerDbfs = 10 * Math.log10(noiseDensity * bandHz) + snrDb;
  const emitter = { name, signal, centerHz: offsetHz, powerDbfs, ...(fading && { fading }) };
  const receiver = { sampleRateHz, centerHz: 0, format: 'cf32', noiseDbfs: NOISE_DBFS } as const;
  const renderer = new SceneRenderer({ seed, receiver, emitters: [emitter] });
  const pieces = [Float32Array.from(renderer.readValues(Math.round(seconds * sampleRateHz)))];
  const sign = seed % 2 === 0 ? 1 : -1;
  const widthHz = bandHz * (1 + sign * BAND_ERROR);
  const middle = offsetHz + middleHz + (sign * bandHz * BAND_ERROR) / 4;
  return measureEmission(
    { pieces, sampleRateHz, centerHz: 0 },
    {
      lowHz: middle - widthHz / 2,
      highHz: middle + widthHz / 2,
      noiseDensity: noiseDensity * 10 ** ((sign * NOISE_ERROR_DB) / 10),
    },
    0,
    transforms,
  );
}

export interface ModulationResult {
  /** What each kind of signal was taken for, by class: counts. */
  readonly matrix: Readonly<Record<string, Partial<Record<Modulation, number>>>>;
  readonly cases: number;
  readonly right: number;
  readonly unknown: number;
}

/** Every kind of signal `count` times. @param split `test` has seeds that the tree was not made with */
export function classifyAll(split: 'design' | 'test', count: number, snrDb: number): ModulationResult {
  const transforms = new Transforms();
  const matrix: Record<string, Partial<Record<Modulation, number>>> = {};
  let right = 0;
  let unknown = 0;
  for (const kind of MODULATION_KINDS) {
    const row: Partial<Record<Modulation, number>> = {};
    for (let i = 0; i < count; i++) {
      const drawn = modulationCase(kind, split, i);
      const found =
        measureCase(drawn, 1_000 * (split === 'test' ? 2 : 1) + i, snrDb, transforms)?.modulation ?? 'unknown';
      row[found] = (row[found] ?? 0) + 1;
      right += found === drawn.modulation ? 1 : 0;
      unknown += found === 'unknown' ? 1 : 0;
    }
    matrix[kind] = row;
  }
  return { matrix, cases: count * MODULATION_KINDS.length, right, unknown };
}

/** One line a kind: `2-FSK: fsk 19, unknown 1`. */
export function printMatrix({ matrix }: ModulationResult): string {
  return Object.entries(matrix)
    .map(([kind, row]) => {
      const found = MODULATIONS.filter((name) => row[name] !== undefined).map((name) => `${name} ${row[name]}`);
      return `${kind}: ${found.join(', ')}`;
    })
    .join('\n');
}

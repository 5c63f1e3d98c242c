import { measureEmission } from '../../../src/analysis/measurement/measure-emission.ts';
import type { EmissionMeasurement } from '../../../src/core/measurement.ts';
import { Transforms } from '../../../src/dsp/transform.ts';
import type { Fading } from '../../../src/simulation/fading.ts';
import { SceneRenderer } from '../../../src/simulation/scene.ts';
import type { Signal } from '../../../src/simulation/signal.ts';

export interface SceneOptions {
  readonly seed?: number;
  readonly sampleRateHz?: number;
  readonly seconds?: number;
  /** From the receiver's centre. */
  readonly offsetHz?: number;
  /** Mean power; over the noise in `bandHz` by `snrDb`. */
  readonly powerDbfs?: number;
  readonly snrDb: number;
  readonly bandHz: number;
  /** Middle of the band, from the emitter's centre. */
  readonly middleHz?: number;
  readonly fading?: Fading;
}

export const CENTER_HZ = 400_000_000;
const transforms = new Transforms();

/** One emitter in white noise, measured as the detector would ask for it. */
export function measureSignal(signal: Signal, options: SceneOptions): EmissionMeasurement | null {
  const { seed = 1, sampleRateHz = 256_000, seconds = 0.4, offsetHz = 31_234, powerDbfs = -20 } = options;
  const { snrDb, bandHz, middleHz = 0, fading } = options;
  const noiseDensity = 10 ** ((powerDbfs - snrDb) / 10) / bandHz;
  const noiseDbfs = 10 * Math.log10(noiseDensity * sampleRateHz);
  const renderer = new SceneRenderer({
    seed,
    receiver: { sampleRateHz, centerHz: CENTER_HZ, format: 'cf32', noiseDbfs },
    emitters: [{ name: 'it', signal, centerHz: CENTER_HZ + offsetHz, powerDbfs, ...(fading && { fading }) }],
  });
  const pieces = [Float32Array.from(renderer.readValues(Math.round(seconds * sampleRateHz)))];
  const middle = CENTER_HZ + offsetHz + middleHz;
  const target = { lowHz: middle - bandHz / 2, highHz: middle + bandHz / 2, noiseDensity };
  return measureEmission({ pieces, sampleRateHz, centerHz: CENTER_HZ }, target, 0, transforms);
}

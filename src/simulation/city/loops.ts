import type { Signal } from '../signal.ts';
import { createSource } from '../signals/create.ts';

/** Signal at complex baseband, interleaved, mean power 1, whose end joins its beginning. */
export interface Loop {
  readonly values: Float32Array;
  readonly pairs: number;
}

/**
 * Renders `pairs` samples of a signal as a loop. A signal of constant envelope is turned by a small steady angle, so
 * that its phase closes: at worst half a turn over the whole loop, a fraction of a hertz.
 */
export function renderLoop(signal: Signal, sampleRateHz: number, pairs: number, seed: number): Loop {
  const source = createSource(signal, sampleRateHz, seed);
  const values = new Float32Array(2 * pairs);
  const grain = new Float64Array(2 * GRAIN);
  for (let done = 0; done < pairs; done += GRAIN) {
    const count = Math.min(GRAIN, pairs - done);
    source.fill(grain, 0, count);
    values.set(grain.subarray(0, 2 * count), 2 * done);
  }
  source.fill(grain, 0, 1);
  closePhase(values, Math.atan2(grain[1], grain[0]) - Math.atan2(values[1], values[0]));
  return { values, pairs };
}

const GRAIN = 4096;

function closePhase(values: Float32Array, missing: number): void {
  const turn = missing - 2 * Math.PI * Math.round(missing / (2 * Math.PI));
  const pairs = values.length / 2;
  for (let n = 0; n < pairs; n++) {
    const angle = (-turn * n) / pairs;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const re = values[2 * n];
    values[2 * n] = re * cos - values[2 * n + 1] * sin;
    values[2 * n + 1] = re * sin + values[2 * n + 1] * cos;
  }
}

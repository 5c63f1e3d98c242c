import type { SampleFormat } from '../../src/core/frames.ts';

/** A generator of 32 bits (Numerical Recipes' linear congruence): the same values on every machine. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Two tones far apart in level and frequency over noise, −6, −50 and about −30 dBFS, as samples of `format`. */
export function testSignal(format: SampleFormat, pairs: number, seed: number): Uint8Array {
  const next = numbers(seed);
  const values = new Float32Array(2 * pairs);
  for (let n = 0; n < pairs; n++) {
    const strong = 2 * Math.PI * ((0.123 * n) % 1);
    const weak = 2 * Math.PI * ((0.3717 * n) % 1);
    values[2 * n] = 0.5 * Math.cos(strong) + 0.003 * Math.cos(weak) + 0.05 * (next() - 0.5);
    values[2 * n + 1] = 0.5 * Math.sin(strong) - 0.003 * Math.sin(weak) + 0.05 * (next() - 0.5);
  }
  if (format === 'cf32') return new Uint8Array(values.buffer);
  if (format === 'cs16') return new Uint8Array(Int16Array.from(values, (v) => Math.round(v * 32_767)).buffer);
  if (format === 'cs8') return new Uint8Array(Int8Array.from(values, (v) => Math.round(v * 127)).buffer);
  return Uint8Array.from(values, (v) => Math.round(127.5 + 127 * v));
}

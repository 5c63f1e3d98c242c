import { BYTES_PER_PAIR, type SampleFormat } from '../core/frames.ts';

/** Code of a value v in [−1, 1]: round(v·scale + offset), held within the converter's range. */
const CONVERTERS = {
  cu8: { scale: 127.5, offset: 127.5, low: 0, high: 255 },
  cs8: { scale: 128, offset: 0, low: -128, high: 127 },
  cs16: { scale: 32_768, offset: 0, low: -32_768, high: 32_767 },
} as const;

export interface Quantised {
  readonly samples: Uint8Array;
  /** Values (two a pair) that lay outside the converter's range and were held at its end; 0 for cf32. */
  readonly clipped: number;
}

/** Turns `pairs` interleaved samples into bytes as a receiver of that format sends them, little-endian. */
export function quantise(format: SampleFormat, data: ArrayLike<number>, pairs: number): Quantised {
  const samples = new Uint8Array(pairs * BYTES_PER_PAIR[format]);
  if (format === 'cf32') {
    const view = new DataView(samples.buffer);
    for (let i = 0; i < 2 * pairs; i++) view.setFloat32(4 * i, data[i], true);
    return { samples, clipped: 0 };
  }
  const { scale, offset, low, high } = CONVERTERS[format];
  let clipped = 0;
  for (let i = 0; i < 2 * pairs; i++) {
    // Math.floor(x + 0.5): the same rounding for both signs, so that no DC arises at the middle.
    let code = Math.floor(data[i] * scale + offset + 0.5);
    if (code < low || code > high) {
      clipped++;
      code = code < low ? low : high;
    }
    if (format === 'cs16') {
      samples[2 * i] = code;
      samples[2 * i + 1] = code >> 8;
    } else samples[i] = code;
  }
  return { samples, clipped };
}

import type { SampleFormat } from '../core/frames.ts';

/** Half of full scale of each integer format; a value v reads (v − offset)/scale, so a full-scale tone has amplitude 1. */
const CU8_SCALE = 127.5;
const CS8_SCALE = 128;
const CS16_SCALE = 32_768;

const CU8_VALUES = Float32Array.from({ length: 256 }, (_, v) => (v - CU8_SCALE) / CU8_SCALE);
const CS8_VALUES = Float32Array.from({ length: 256 }, (_, v) => (v < 128 ? v : v - 256) / CS8_SCALE);

/**
 * Reads `count` interleaved values (two a pair) from value `first` on into `out`, scaled to ±1.
 * Not-a-number in cf32 reads 0: it says nothing about the signal.
 */
export type SampleReader = (samples: Uint8Array, first: number, count: number, out: Float32Array) => void;

function tableReader(table: Float32Array): SampleReader {
  return (samples, first, count, out) => {
    for (let i = 0; i < count; i++) out[i] = table[samples[first + i]];
  };
}

function readCs16(samples: Uint8Array, first: number, count: number, out: Float32Array): void {
  for (let i = 0, at = 2 * first; i < count; i++, at += 2) {
    out[i] = (((samples[at] | (samples[at + 1] << 8)) << 16) >> 16) / CS16_SCALE;
  }
}

function readCf32(samples: Uint8Array, first: number, count: number, out: Float32Array): void {
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let i = 0; i < count; i++) {
    const value = view.getFloat32(4 * (first + i), true);
    out[i] = Number.isFinite(value) ? value : 0;
  }
}

export const SAMPLE_READERS: Readonly<Record<SampleFormat, SampleReader>> = {
  cu8: tableReader(CU8_VALUES),
  cs8: tableReader(CS8_VALUES),
  cs16: readCs16,
  cf32: readCf32,
};

/** Values that read full scale: the converter was overdriven. cf32 has no end of scale; ≥ 1 counts. */
export function countClipped(format: SampleFormat, samples: Uint8Array): number {
  let clipped = 0;
  if (format === 'cu8') for (const v of samples) clipped += v === 0 || v === 255 ? 1 : 0;
  else if (format === 'cs8') for (const v of samples) clipped += v === 127 || v === 128 ? 1 : 0;
  else if (format === 'cs16') {
    for (let at = 0; at + 1 < samples.length; at += 2) {
      const value = ((samples[at] | (samples[at + 1] << 8)) << 16) >> 16;
      clipped += value === 32_767 || value === -32_768 ? 1 : 0;
    }
  }
  return clipped;
}

import type { SampleFormat } from '../core/frames.ts';

/**
 * How samples lie in a file, and how they become one of the four formats that the rest reads.
 * Scale factors to ±1: 8 bit 2^7, 16 bit 2^15, 24 bit 2^23, 32 bit 2^31; floats as they are.
 */
export interface SampleType {
  /** As the file calls it: `cu8`, `ci16_be`, `pcm24` … */
  readonly datatype: string;
  readonly bytesPerPair: number;
  readonly format: SampleFormat;
  /** Writes `pairs` pairs to `output`; null where the bytes are already right. */
  readonly convert: ((input: Uint8Array, output: Uint8Array, pairs: number) => void) | null;
}

type ReadComponent = (view: DataView, offset: number) => number;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function toCf32(componentBytes: number, read: ReadComponent): SampleType['convert'] {
  return (input, output, pairs) => {
    const from = view(input);
    const to = view(output);
    for (let i = 0; i < 2 * pairs; i += 1) to.setFloat32(4 * i, read(from, componentBytes * i), true);
  };
}

function toCs16(read: ReadComponent): SampleType['convert'] {
  return (input, output, pairs) => {
    const from = view(input);
    const to = view(output);
    for (let i = 0; i < 2 * pairs; i += 1) to.setInt16(2 * i, read(from, 2 * i), true);
  };
}

function int24(from: DataView, offset: number): number {
  return ((from.getInt8(offset + 2) << 16) | from.getUint16(offset, true)) / 2 ** 23;
}

const same = (datatype: string, format: SampleFormat, bytesPerPair: number): SampleType => ({
  datatype,
  bytesPerPair,
  format,
  convert: null,
});

function wide(datatype: string, componentBytes: number, read: ReadComponent): SampleType {
  return { datatype, bytesPerPair: 2 * componentBytes, format: 'cf32', convert: toCf32(componentBytes, read) };
}

function short(datatype: string, read: ReadComponent): SampleType {
  return { datatype, bytesPerPair: 4, format: 'cs16', convert: toCs16(read) };
}

const TYPES: readonly SampleType[] = [
  same('cu8', 'cu8', 2),
  same('ci8', 'cs8', 2),
  same('ci16_le', 'cs16', 4),
  same('cf32_le', 'cf32', 8),
  short('ci16_be', (from, at) => from.getInt16(at, false)),
  short('cu16_le', (from, at) => from.getUint16(at, true) - 32768),
  short('cu16_be', (from, at) => from.getUint16(at, false) - 32768),
  wide('ci32_le', 4, (from, at) => from.getInt32(at, true) / 2 ** 31),
  wide('ci32_be', 4, (from, at) => from.getInt32(at, false) / 2 ** 31),
  wide('cu32_le', 4, (from, at) => (from.getUint32(at, true) - 2 ** 31) / 2 ** 31),
  wide('cu32_be', 4, (from, at) => (from.getUint32(at, false) - 2 ** 31) / 2 ** 31),
  wide('cf32_be', 4, (from, at) => from.getFloat32(at, false)),
  wide('cf64_le', 8, (from, at) => from.getFloat64(at, true)),
  wide('cf64_be', 8, (from, at) => from.getFloat64(at, false)),
  same('cs8', 'cs8', 2),
  same('cs16', 'cs16', 4),
  same('cf32', 'cf32', 8),
  same('pcm8', 'cu8', 2),
  same('pcm16', 'cs16', 4),
  wide('pcm24', 3, int24),
  wide('pcm32', 4, (from, at) => from.getInt32(at, true) / 2 ** 31),
  same('float32', 'cf32', 8),
  wide('float64', 8, (from, at) => from.getFloat64(at, true)),
];

/** The type of that name, or null: real samples (`rf32_le` …) and unknown names have none. */
export function sampleType(datatype: string): SampleType | null {
  return TYPES.find((type) => type.datatype === datatype) ?? null;
}

/** Sets samples of cf32 that are no finite number, or beyond what single precision can square, to 0, in place; returns how many. */
export function zeroNonFinite(cf32: Uint8Array): number {
  const values = new Float32Array(cf32.buffer, cf32.byteOffset, cf32.byteLength >> 2);
  let zeroed = 0;
  for (let i = 0; i < values.length; i += 1) {
    if (Math.abs(values[i]!) <= 1e15) continue;
    values[i] = 0;
    zeroed += 1;
  }
  return zeroed;
}

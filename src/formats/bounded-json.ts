import { type Parsed, rejected } from '../core/frames.ts';

export interface JsonLimits {
  readonly bytes: number;
  /** Objects and arrays: each costs the reader far more memory than its two characters. */
  readonly containers: number;
}

/** JSON that cannot take more memory than a small multiple of its size. */
export function parseBoundedJson(bytes: Uint8Array, limits: JsonLimits): Parsed<unknown> {
  if (bytes.length > limits.bytes) {
    return rejected('size', `${bytes.length} bytes of JSON, expected at most ${limits.bytes}`);
  }
  let containers = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i];
    if (byte === 0x5b || byte === 0x7b) containers += 1;
  }
  if (containers > limits.containers) return rejected('size', `${containers} objects and arrays in JSON`);
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return rejected('syntax', 'no JSON in UTF-8');
  }
}

/** The value as an object with own keys, or null: arrays and null are none. */
export function jsonObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

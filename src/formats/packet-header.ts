import { type Parsed, rejected } from '../core/frames.ts';
import { crc32 } from './crc32.ts';

/**
 * The header that IQ and sweep packets share, little-endian:
 *
 *      0 ┌ magic ────┐ 4 ver  5 fmt  6 flags  8 sequence    12 count
 *     16 │ time of the first sample or level, i64 ns since 1970 UTC │
 *     24 │ f64 centre (BWIQ) or first (BWSW) frequency, Hz          │
 *     32 │ f64 sample rate (BWIQ) or step (BWSW), Hz                │
 *     40 │ f32 gain, dB, NaN unknown │ 44 CRC-32 of bytes 0–43      │
 *     48 … samples or levels
 */
export const PACKET_HEADER_BYTES = 48;
const VERSION = 1;

export const PACKET_FLAGS = { gnssTime: 1, lostBefore: 2, overload: 4 } as const;

export interface PacketHeader {
  readonly format: number;
  readonly flags: number;
  readonly sequence: number;
  readonly count: number;
  readonly timeNs: bigint;
  readonly frequencyHz: number;
  /** Sample rate or step, Hz. */
  readonly spacingHz: number;
  readonly gainDb: number | null;
}

export function readPacketHeader(bytes: Uint8Array, magic: string): Parsed<PacketHeader> {
  if (bytes.length < PACKET_HEADER_BYTES) {
    return rejected('length', `${bytes.length} bytes, expected a header of ${PACKET_HEADER_BYTES}`);
  }
  const found = String.fromCharCode(...bytes.subarray(0, 4));
  if (found !== magic) return rejected('magic', `magic ${JSON.stringify(found)}, expected ${magic}`);
  if (bytes[4] !== VERSION) return rejected('version', `version ${bytes[4]}, expected ${VERSION}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, PACKET_HEADER_BYTES);
  if (view.getUint32(44, true) !== crc32(bytes.subarray(0, 44))) {
    return rejected('crc', 'the CRC-32 of the header is wrong');
  }
  const gainDb = view.getFloat32(40, true);
  return {
    ok: true,
    value: {
      format: bytes[5]!,
      flags: view.getUint16(6, true),
      sequence: view.getUint32(8, true),
      count: view.getUint32(12, true),
      timeNs: view.getBigInt64(16, true),
      frequencyHz: view.getFloat64(24, true),
      spacingHz: view.getFloat64(32, true),
      gainDb: Number.isFinite(gainDb) ? gainDb : null,
    },
  };
}

/** A packet of `payloadBytes` with its header written; the caller fills in the rest. */
export function newPacket(magic: string, header: PacketHeader, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(PACKET_HEADER_BYTES + payloadBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 4; i += 1) bytes[i] = magic.charCodeAt(i);
  bytes[4] = VERSION;
  bytes[5] = header.format;
  view.setUint16(6, header.flags, true);
  view.setUint32(8, header.sequence, true);
  view.setUint32(12, header.count, true);
  view.setBigInt64(16, header.timeNs, true);
  view.setFloat64(24, header.frequencyHz, true);
  view.setFloat64(32, header.spacingHz, true);
  view.setFloat32(40, header.gainDb ?? Number.NaN, true);
  view.setUint32(44, crc32(bytes.subarray(0, 44)), true);
  return bytes;
}

/** The same packet, saying that something is missing before it. */
export function withLostBefore(packet: Uint8Array): Uint8Array {
  const marked = Uint8Array.from(packet);
  const view = new DataView(marked.buffer);
  view.setUint16(6, view.getUint16(6, true) | PACKET_FLAGS.lostBefore, true);
  view.setUint32(44, crc32(marked.subarray(0, 44)), true);
  return marked;
}

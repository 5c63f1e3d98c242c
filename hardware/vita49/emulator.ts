import type { SampleFormat } from '../../src/core/frames.ts';

/** A receiver that speaks VITA 49, as the standards describe it; numbers of fields are those of ANSI/VITA 49.2. */
export interface VrtDevice {
  /** null: data packets without one. */
  readonly streamId: number | null;
  readonly classId?: { readonly oui: number; readonly information: number; readonly packet: number } | null;
  /** 0 none, 1 UTC, 2 GPS, 3 other. */
  readonly tsi: number;
  /** 0 none, 1 sample count, 2 picoseconds, 3 free-running. */
  readonly tsf: number;
  readonly format: Extract<SampleFormat, 'cs8' | 'cs16' | 'cf32'>;
  readonly packetPairs: number;
  readonly centerHz: number;
  readonly sampleRateHz: number;
  readonly gainDb: number;
  readonly referenceLevelDbm: number;
  /** The trailer of a packet; null: none. */
  readonly trailer?: (packet: number) => number | null;
}

const ITEM_BITS = { cs8: 8, cs16: 16, cf32: 32 } as const;
const GPS_MINUS_UNIX_SECONDS = 315_964_800 - 18;

/** Bits of the trailer: an indicator holds where its enable bit is set too. */
export const TRAILER = {
  calibratedTime: 0x8008_0000,
  validData: 0x4004_0000,
  invalidData: 0x4000_0000,
  referenceLock: 0x2002_0000,
  overRange: 0x0200_2000,
  sampleLoss: 0x0100_1000,
} as const;

/** Writes what the device sends. Samples are given interleaved, −1…1. */
export class VrtEmulator {
  private readonly device: VrtDevice;
  private dataCount = 0;
  private contextCount = 0;
  private packet = 0;

  constructor(device: VrtDevice) {
    this.device = device;
  }

  context(timeNs: bigint): Buffer {
    const { centerHz, sampleRateHz, gainDb, referenceLevelDbm, streamId } = this.device;
    // Bandwidth, RF reference, reference level, gain, sample rate, temperature, payload format; and that they changed.
    const cif0 = bits(31, 29, 27, 24, 23, 21, 18, 15);
    const body = Buffer.concat([
      word(cif0),
      frequency(sampleRateHz * 0.8),
      frequency(centerHz),
      word(q(referenceLevelDbm, 7)),
      word(q(gainDb, 7)),
      frequency(sampleRateHz),
      word(q(36.5, 6)),
      this.payloadFormat(),
    ]);
    const count = this.contextCount++ % 16;
    return this.packetOf(4, bits(24), count, streamId ?? 1, timeNs, body);
  }

  /** The packets of consecutive samples, the first of them at `timeNs`. */
  *data(samples: Float32Array, timeNs: bigint): Generator<Buffer> {
    const { packetPairs, sampleRateHz, streamId, trailer } = this.device;
    for (let from = 0; from < samples.length / 2; from += packetPairs) {
      const payload = this.payloadOf(samples.subarray(2 * from, 2 * (from + packetPairs)));
      const end = trailer?.(this.packet++) ?? null;
      const body = end === null ? payload : Buffer.concat([payload, word(end)]);
      const laterNs = BigInt(Math.round((from / sampleRateHz) * 1e9));
      const count = this.dataCount++ % 16;
      yield this.packetOf(
        streamId === null ? 0 : 1,
        end === null ? 0 : bits(26),
        count,
        streamId,
        timeNs + laterNs,
        body,
      );
    }
  }

  private packetOf(
    type: number,
    flags: number,
    count: number,
    id: number | null,
    timeNs: bigint,
    body: Buffer,
  ): Buffer {
    const { tsi, tsf, classId = null } = this.device;
    const parts: Buffer[] = [Buffer.alloc(4)];
    if (id !== null) parts.push(word(id));
    if (classId !== null) parts.push(word(classId.oui), word(classId.information * 65_536 + classId.packet));
    const seconds = Number(timeNs / 1_000_000_000n);
    if (tsi !== 0) parts.push(word(tsi === 2 ? seconds - GPS_MINUS_UNIX_SECONDS : seconds));
    if (tsf !== 0) parts.push(this.fraction(timeNs % 1_000_000_000n));
    const packet = Buffer.concat([...parts, body]);
    const head = (type << 28) | (classId === null ? 0 : bits(27)) | flags | (tsi << 22) | (tsf << 20) | (count << 16);
    packet.writeUInt32BE((head | (packet.length / 4)) >>> 0, 0);
    return packet;
  }

  private fraction(ns: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    const counted = BigInt(Math.round((Number(ns) / 1e9) * this.device.sampleRateHz));
    bytes.writeBigUInt64BE(this.device.tsf === 2 ? ns * 1_000n : counted);
    return bytes;
  }

  /** Complex cartesian, processing-efficient, the packing field as wide as the item. */
  private payloadFormat(): Buffer {
    const { format } = this.device;
    const size = ITEM_BITS[format] - 1;
    const kind = format === 'cf32' ? 0b01110 : 0b00000;
    return Buffer.concat([word((1 << 29) | (kind << 24) | (size << 6) | size), word(0)]);
  }

  private payloadOf(samples: Float32Array): Buffer {
    const { format } = this.device;
    const bytes = Buffer.alloc((samples.length * ITEM_BITS[format]) / 8);
    samples.forEach((value, i) => {
      if (format === 'cs8') bytes.writeInt8(Math.round(value * 127), i);
      else if (format === 'cs16') bytes.writeInt16BE(Math.round(value * 32_767), 2 * i);
      else bytes.writeFloatBE(value, 4 * i);
    });
    return bytes;
  }
}

function bits(...numbers: number[]): number {
  return numbers.reduce((sum, bit) => sum + 2 ** bit, 0);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Hz with 20 binary places in 64 bits. */
function frequency(hz: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Math.round(hz * 2 ** 20)));
  return bytes;
}

/** 16 bits, `places` of them behind the point. */
function q(value: number, places: number): number {
  return Math.round(value * 2 ** places) & 0xffff;
}

const DIFI_OUI = 0x6a621e;

/**
 * The Standard Flow Signal Context Packet of DIFI: 108 bytes, each field at its fixed place.
 *
 *     0 header │ 4 stream │ 8 class │ 16 seconds │ 20 picoseconds │ 28 CIF0 0xFBB98000 │ 32 reference point │ 36 bandwidth
 *     44 IF reference │ 52 RF reference │ 60 IF band offset │ 68 reference level │ 72 gains │ 76 sample rate
 *     84 time adjustment │ 92 calibration time │ 96 state and events │ 100 payload format
 */
export function difiContext(
  timeNs: bigint,
  fields: { centerHz: number; sampleRateHz: number; payloadFormat: number; streamId: number; count: number },
): Buffer {
  const bytes = Buffer.alloc(108);
  bytes.writeUInt32BE((0x49e0_0000 | (fields.count << 16) | 27) >>> 0, 0);
  bytes.writeUInt32BE(fields.streamId, 4);
  bytes.writeUInt32BE(DIFI_OUI, 8);
  bytes.writeUInt32BE(Number(timeNs / 1_000_000_000n), 16);
  bytes.writeBigUInt64BE((timeNs % 1_000_000_000n) * 1_000n, 20);
  bytes.writeUInt32BE(0xfbb9_8000, 28);
  bytes.writeUInt32BE(0x64, 32);
  frequency(fields.sampleRateHz * 0.8).copy(bytes, 36);
  frequency(fields.centerHz).copy(bytes, 52);
  bytes.writeInt16BE(-20 * 128, 70);
  // Two stages: 12.5 dB in front, −2.5 dB behind.
  bytes.writeInt16BE(-2.5 * 128, 72);
  bytes.writeInt16BE(12.5 * 128, 74);
  frequency(fields.sampleRateHz).copy(bytes, 76);
  bytes.writeUInt32BE(0xa00a_0000, 96);
  bytes.writeUInt32BE(fields.payloadFormat, 100);
  return bytes;
}

/** The Standard Flow Signal Data Packet of DIFI: 28 bytes, then the samples, whatever their order. */
export function difiData(timeNs: bigint, fields: { streamId: number; count: number }, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(28);
  head.writeUInt32BE((0x18e0_0000 | (fields.count << 16) | ((28 + payload.length) / 4)) >>> 0, 0);
  head.writeUInt32BE(fields.streamId, 4);
  head.writeUInt32BE(DIFI_OUI, 8);
  head.writeUInt32BE(Number(timeNs / 1_000_000_000n), 16);
  head.writeBigUInt64BE((timeNs % 1_000_000_000n) * 1_000n, 20);
  return Buffer.concat([head, payload]);
}

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeIqPacket, parseIqPacket } from '../../src/formats/iq-packet.ts';
import { encodeSweepPacket, parseSweepPacket } from '../../src/formats/sweep-packet.ts';
import { iqBlocks, sweeps } from './frames-support.ts';

/** A packet written from the contract's table, not by our encoder. */
function handMade(magic: string, format: number, count: number, frequency: number, spacing: number, payload: number[]) {
  const packet = Buffer.alloc(48 + payload.length);
  packet.write(magic, 0, 'ascii');
  packet[4] = 1;
  packet[5] = format;
  packet.writeUInt16LE(0b101, 6);
  packet.writeUInt32LE(0xfffffffe, 8);
  packet.writeUInt32LE(count, 12);
  packet.writeBigInt64LE(1_767_225_600_123_456_789n, 16);
  packet.writeDoubleLE(frequency, 24);
  packet.writeDoubleLE(spacing, 32);
  packet.writeFloatLE(Number.NaN, 40);
  packet.writeUInt32LE(crc32(packet.subarray(0, 44)), 44);
  packet.set(payload, 48);
  return new Uint8Array(packet);
}

/** The packet with a field changed and its CRC made right again. */
function altered(packet: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = packet.slice();
  const view = new DataView(copy.buffer);
  change(view);
  view.setUint32(44, crc32(copy.subarray(0, 44)), true);
  return copy;
}

const reasonOf = (parsed: { ok: boolean; reject?: { reason: string } }) =>
  parsed.ok ? 'taken' : parsed.reject!.reason;

describe('the IQ packet', () => {
  const packet = handMade('BWIQ', 0, 3, 433_920_000, 250_000, [1, 2, 3, 4, 5, 6]);

  it('is read as the contract lays it out', () => {
    const parsed = parseIqPacket(packet, 'rx-1');
    expect(parsed).toEqual({
      ok: true,
      value: {
        kind: 'iq',
        receiver: 'rx-1',
        sequence: 0xfffffffe,
        timeNs: 1_767_225_600_123_456_789n,
        centerHz: 433_920_000,
        sampleRateHz: 250_000,
        format: 'cu8',
        samples: Uint8Array.of(1, 2, 3, 4, 5, 6),
        pairs: 3,
        gainDb: null,
        gnssTime: true,
        lostBefore: false,
        overload: true,
      },
    });
  });

  it('is read from anywhere in a buffer, and what was read stays when the buffer changes', () => {
    const shifted = new Uint8Array(packet.length + 3);
    shifted.set(packet, 3);
    const parsed = parseIqPacket(shifted.subarray(3), 'rx-1');
    shifted.fill(0);
    expect(parsed.ok && parsed.value.samples).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  it('comes back from its encoding', () => {
    fc.assert(
      fc.property(iqBlocks, (block) => {
        expect(parseIqPacket(encodeIqPacket(block), 'rx-1')).toEqual({ ok: true, value: block });
      }),
    );
  });

  it.each<[string, Uint8Array]>([
    ['length', packet.subarray(0, 47)],
    ['length', packet.subarray(0, 53)],
    ['length', Uint8Array.of(...packet, 0)],
    ['magic', altered(packet, (view) => view.setUint8(0, 0x62))],
    ['version', altered(packet, (view) => view.setUint8(4, 2))],
    ['format', altered(packet, (view) => view.setUint8(5, 4))],
    ['size', altered(packet, (view) => view.setUint32(12, 0, true))],
    ['size', altered(packet, (view) => view.setUint32(12, 2 ** 18 + 1, true))],
    ['length', altered(packet, (view) => view.setUint32(12, 2 ** 18, true))],
    ['value', altered(packet, (view) => view.setFloat64(32, Number.NaN, true))],
    ['value', altered(packet, (view) => view.setFloat64(32, 0, true))],
    ['value', altered(packet, (view) => view.setFloat64(24, Number.POSITIVE_INFINITY, true))],
    ['crc', packet.map((byte, i) => (i === 20 ? byte ^ 1 : byte))],
  ])('is rejected for its %s', (reason, bytes) => {
    expect(reasonOf(parseIqPacket(bytes, 'rx-1'))).toBe(reason);
  });

  it('is rejected where a float sample is no number', () => {
    const samples = new Uint8Array(Float32Array.of(0.5, Number.NaN).buffer);
    expect(reasonOf(parseIqPacket(handMade('BWIQ', 3, 1, 1e8, 1e6, [...samples]), 'rx-1'))).toBe('value');
  });
});

describe('the sweep packet', () => {
  it.each<[string, number, number[], number[]]>([
    ['u8 levels as −value/2', 0, [0, 120, 255], [0, -60, -127.5]],
    ['i16 levels as centi-dB', 1, [0x18, 0xfc, 0x0a, 0x00], [-10, Math.fround(0.1)]],
    ['f32 levels', 2, [...new Uint8Array(Float32Array.of(-98.25).buffer)], [-98.25]],
  ])('is read with %s', (_, format, payload, levels) => {
    const packet = handMade('BWSW', format, levels.length, 88e6, 25e3, payload);
    const parsed = parseSweepPacket(packet, 'rx-1');
    expect(parsed).toMatchObject({ ok: true, value: { startHz: 88e6, stepHz: 25e3, unit: 'dBm', gainDb: null } });
    expect(parsed.ok && [...parsed.value.powers]).toEqual(levels);
    expect(parsed.ok && parsed.value.flags).toEqual(['gnss-time', 'overload']);
  });

  it('comes back from its encoding, to the resolution of its levels', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        expect(parseSweepPacket(encodeSweepPacket(sweep, 'f32'), 'rx-1')).toEqual({ ok: true, value: sweep });
        expect(parseSweepPacket(encodeSweepPacket(sweep, 'i16'), 'rx-1')).toEqual({ ok: true, value: sweep });
        const coarse = parseSweepPacket(encodeSweepPacket(sweep, 'u8'), 'rx-1');
        const levels = coarse.ok ? coarse.value.powers : new Float32Array(0);
        sweep.powers.forEach((level, i) => {
          const kept = Math.min(0, Math.max(-127.5, level));
          expect(Math.abs(levels[i]! - kept)).toBeLessThanOrEqual(0.2501);
        });
      }),
    );
  });

  it('takes a missing level from the lower neighbour, and refuses a sweep of nothing else', () => {
    const packet = (levels: number[]) =>
      handMade('BWSW', 2, levels.length, 88e6, 25e3, [...new Uint8Array(Float32Array.from(levels).buffer)]);
    const parsed = parseSweepPacket(packet([-80, Number.NaN, Number.NEGATIVE_INFINITY, -90, 1e30]), 'rx-1');
    expect(parsed.ok && [...parsed.value.powers]).toEqual([-80, -90, -90, -90, -90]);
    expect(reasonOf(parseSweepPacket(packet([Number.NaN]), 'rx-1'))).toBe('value');
  });

  it.each<[string, (view: DataView) => void]>([
    ['format', (view) => view.setUint8(5, 3)],
    ['size', (view) => view.setUint32(12, 0xffffffff, true)],
    ['length', (view) => view.setUint32(12, 4, true)],
    ['value', (view) => view.setFloat64(32, -1, true)],
    ['value', (view) => view.setFloat64(24, Number.NaN, true)],
  ])('is rejected for its %s', (reason, change) => {
    const packet = handMade('BWSW', 0, 3, 88e6, 25e3, [1, 2, 3]);
    expect(reasonOf(parseSweepPacket(altered(packet, change), 'rx-1'))).toBe(reason);
  });
});

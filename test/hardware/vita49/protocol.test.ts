import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VrtReceiver } from '../../../hardware/vita49/driver.ts';
import { difiContext } from '../../../hardware/vita49/emulator.ts';
import { decodeSamples, payloadFormatOf } from '../../../hardware/vita49/payload-format.ts';
import { parseVrtPacket, type VrtContext, type VrtData } from '../../../hardware/vita49/protocol.ts';
import { Notebook } from '../link/device-bench.ts';
import { hostileReads } from '../link/hostile-bytes.ts';
import '../../support/properties.ts';
import { device, NOW_NS, ramp, sent } from './vrt-bench.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

function context(bytes: Uint8Array): VrtContext {
  const parsed = parseVrtPacket(bytes);
  if (!parsed.ok || parsed.value.kind !== 'context') throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

describe('a packet of VITA 49', () => {
  it('with stream, class, GPS time in picoseconds and trailer is read word by word', () => {
    const parsed = parseVrtPacket(
      hex(`1C A5 00 09   12345678   00 FFEEDD  0001 0002   51A7 2D00   0000 00E8 D4A5 0FFF
           0102 0304   4202 2000`),
    );
    // 1 = data with a stream, C: class, T: trailer; A = GPS and picoseconds; count 5; nine words.
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        kind: 'data',
        streamId: 0x12345678,
        count: 5,
        time: { tsi: 2, seconds: 0x51a72d00, tsf: 2, fraction: 999_999_999_999n },
        indicators: { validData: false, overRange: true, sampleLoss: null, calibratedTime: null },
      },
    });
    expect([...((parsed as { value: VrtData }).value.payload as Uint8Array)]).toEqual([1, 2, 3, 4]);
  });

  it('without stream, class, time and trailer is a header and samples', () => {
    const parsed = parseVrtPacket(hex('000F 0002 7F80 0001'));
    expect(parsed).toMatchObject({ ok: true, value: { streamId: null, count: 15, time: { tsi: 0, tsf: 0 } } });
    expect([...((parsed as { value: VrtData }).value.payload as Uint8Array)]).toEqual([0x7f, 0x80, 0, 1]);
  });

  it('leaves out the padding that its class identifier counts', () => {
    // 16 bits of padding: 10000 in the five highest bits.
    const parsed = parseVrtPacket(hex('1800 0005 00000001 80 000000 00000000 01020000'));
    expect([...((parsed as { value: VrtData }).value.payload as Uint8Array)]).toEqual([1, 2]);
  });

  it.each([
    ['length', '1000 0004 00000001 00000000', 'a size that is not that of the message'],
    ['length', '1C', 'half a header'],
    ['length', '1CA5 0002 12345678', 'less than its header announces'],
    ['magic', '9000 0002 00000001', 'a type that there is not'],
    ['format', '6000 0002 00000001', 'a command'],
    ['format', '1100 0003 00000001 00000000', 'spectra'],
    ['length', '4000 0003 00000001 20000000', 'a context without the bandwidth that it announces'],
    ['format', '4000 0003 00000001 00000080', 'a context of attributes'],
  ])('is refused for its %s: %s, %s', (reason, text) => {
    expect(parseVrtPacket(hex(text))).toMatchObject({ ok: false, reject: { reason } });
  });
});

describe('a context packet', () => {
  it('of the standard’s fields gives them in their units', () => {
    // CIF0 bits 29 28 27 26 24 23 21 18 16 15. 1 MHz is 2^20 · 10^6 = 0x000000F424000000 at 20 binary places.
    const { fields } = context(
      hex(`4000 0013 00000007  3DA58000
        0000 00F4 2400 0000   0000 00F4 2400 0000   0000 5F5E 1000 0000   FFFF FF0B DC00 0000
        0000 F600   FF80 0A40   0000 00F4 2400 0000   0000 FD80   A00A 0000   200003CF 00000000`),
    );
    expect(fields).toMatchObject({
      bandwidthHz: 1e6,
      ifReferenceHz: 1e6,
      rfReferenceHz: 100e6,
      rfOffsetHz: -1e6,
      referenceLevelDbm: -20,
      gainDb: 20.5 - 1,
      sampleRateHz: 1e6,
      temperatureC: -10,
      indicators: { calibratedTime: true, referenceLock: true, validData: null },
      payloadFormat: { ok: true, value: { format: 'cs16', itemBits: 16 } },
    });
  });

  it('of DIFI has its fields where DIFI puts them', () => {
    const fields = { centerHz: 7.5e9, sampleRateHz: 1.25e6, payloadFormat: 0xa00007cf, streamId: 9, count: 3 };
    const parsed = context(difiContext(NOW_NS, fields));
    expect(parsed).toMatchObject({ streamId: 9, count: 3, time: { tsi: 3, tsf: 2 } });
    expect(parsed.fields).toMatchObject({
      bandwidthHz: 1e6,
      ifReferenceHz: 0,
      rfReferenceHz: 7.5e9,
      referenceLevelDbm: -20,
      gainDb: 10,
      sampleRateHz: 1.25e6,
      payloadFormat: { ok: true, value: { format: 'cs16' } },
    });
  });

  it('of a device that leaves out times and band offset, 72 bytes, is read by its own CIF0', () => {
    // As gr-difi keeps it for a converter in the field: class, then CIF0 0x39A18000 at 16, sample rate at 52.
    const bytes = Buffer.alloc(72);
    bytes.writeUInt32BE(0x4900_0012, 0);
    bytes.writeUInt32BE(5, 4);
    bytes.writeUInt32BE(0x7c386c, 8);
    bytes.writeUInt32BE(0x39a1_8000, 16);
    bytes.writeBigInt64BE(8_000_000n << 20n, 20);
    bytes.writeBigInt64BE(1_200_000_000n << 20n, 36);
    bytes.writeBigInt64BE(10_000_000n << 20n, 52);
    bytes.writeUInt32BE(0xa00a_0000, 60);
    bytes.writeUInt32BE(0xa000_01c7, 64);
    const parsed = context(bytes);
    expect(parsed.fields).toMatchObject({
      bandwidthHz: 8e6,
      rfReferenceHz: 1.2e9,
      sampleRateHz: 10e6,
      indicators: { calibratedTime: true, referenceLock: true },
      payloadFormat: { ok: true, value: { format: 'cs8' } },
    });
  });

  it('keeps the second word of a CIF1 apart from its fields', () => {
    const { fields } = context(hex('4000 0006 00000001  00200002  DEADBEEF  0000 00F4 2400 0000'));
    expect(fields.sampleRateHz).toBe(1e6);
  });
});

describe('a payload format', () => {
  it.each([
    [0x200001c7, 'cs8'],
    [0x200003cf, 'cs16'],
    [0x2e0007df, 'cf32'],
    [0xa00001c7, 'cs8'],
    [0xa00003cf, 'cs16'],
    [0xae0007df, 'cf32'],
    // As DIFI programs write it: the field of a pair, or one that is smaller than its item.
    [0xa00003c7, 'cs8'],
    [0xa00007cf, 'cs16'],
    [0xa00001cf, 'cs16'],
    // 12 bits at the left of 16.
    [0x200003cb, 'cs16'],
  ])('0x%s is %s', (word, format) => {
    expect(payloadFormatOf(word, 0)).toMatchObject({ ok: true, value: { format } });
  });

  it.each([
    [0x000003cf, 'real samples'],
    [0x400003cf, 'polar'],
    [0x208003cf, 'repeated'],
    [0x300003cf, 'format 16'],
    [0x200007df, '32 bits'],
    [0xa00002cb, '12 bits in fields of 12'],
  ])('0x%s is refused: %s', (word, why) => {
    expect(payloadFormatOf(word, 0)).toMatchObject({ ok: false, reject: { reason: 'format' } });
    expect(JSON.stringify(payloadFormatOf(word, 0))).toContain(why);
  });

  it('of 12 bits in 16 takes them from the left, without the tags beside them', () => {
    const samples = decodeSamples(hex('7FFF 8001'), { format: 'cs16', itemBits: 12 }, 'big', false);
    const view = new DataView(samples.buffer, samples.byteOffset);
    expect([view.getInt16(0, true), view.getInt16(2, true)]).toEqual([0x7ff0, -0x8000]);
  });

  it('of inverted spectrum has I and Q exchanged', () => {
    expect([...decodeSamples(hex('0102 0304'), { format: 'cs8', itemBits: 8 }, 'big', true)]).toEqual([2, 1, 4, 3]);
    const cs16 = decodeSamples(hex('0102 0304'), { format: 'cs16', itemBits: 16 }, 'big', true);
    expect([...cs16]).toEqual([4, 3, 2, 1]);
  });
});

it('any bytes are a packet or a reject, and never more than they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(7), (bytes, type) => {
      if (bytes.length >= 4 && bytes.length % 4 === 0) {
        bytes[0] = (type << 4) | (bytes[0] & 15);
        bytes[2] = 0;
        bytes[3] = bytes.length / 4;
      }
      const parsed = parseVrtPacket(bytes);
      if (parsed.ok && parsed.value.kind === 'data') {
        expect(parsed.value.payload.length).toBeLessThanOrEqual(bytes.length - 4);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('5,000 hostile streams break nothing, and the packets that come whole after each make their block', () => {
  const real = sent(device({ packetPairs: 64 }), ramp(512)).map((packet) => Uint8Array.from(packet));
  const whole = sent(device({ streamId: 0x77, packetPairs: 4096 }), ramp(8_192));
  for (let seed = 1; seed <= 5_000; seed++) {
    const notebook = new Notebook();
    let nowNs = NOW_NS;
    const receiver = new VrtReceiver({ receiver: 'rx', nowNs: () => nowNs });
    for (const bytes of hostileReads(real, seed)) {
      receiver.take(bytes, notebook);
      // Once more with a size that is right, so that it gets past the first door.
      const padded = Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % 4)));
      if (padded.length >= 4) new DataView(padded.buffer).setUint16(2, padded.length / 4);
      receiver.take(padded, notebook);
    }
    nowNs += 10_000_000_000n;
    const before = notebook.frames.length;
    for (const packet of whole) receiver.take(packet, notebook);
    expect(notebook.frames.length - before).toBe(1);
  }
});

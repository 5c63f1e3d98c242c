import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  encodeJsonPacket,
  FrameCutter,
  openFrame,
  parsePacket,
} from '../../../hardware/generic/protocol.ts';
import { encodeCobs } from '../../../src/formats/cobs.ts';
import { hostileReads } from '../link/hostile-bytes.ts';

const packet = encodeJsonPacket('BWCM', '{"id":"1","command":"stop"}');

describe('the frames of the generic receiver', () => {
  it('are COBS of the packet and its CRC-32, low byte first, with a zero behind', () => {
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(crc32(packet));
    expect(Buffer.from(packet).toString('latin1')).toBe('BWCM\x01\0\0\0{"id":"1","command":"stop"}');
    expect([...encodeFrame(packet)]).toEqual([...encodeCobs(Buffer.concat([packet, crc])), 0]);
    const opened = openFrame(encodeFrame(packet).subarray(0, -1));
    expect(opened.ok && [...opened.value]).toEqual([...packet]);
  });

  it('with any one bit changed are refused, and cost no other', () => {
    const frame = encodeFrame(packet);
    for (let bit = 0; bit < 8 * (frame.length - 1); bit++) {
      const broken = frame.slice();
      broken[bit >> 3] ^= 1 << (bit & 7);
      const results = new FrameCutter().push(Buffer.concat([frame, broken, frame]));
      expect(results.filter(({ ok }) => ok)).toHaveLength(2);
      expect(results.length).toBeGreaterThan(2);
    }
  });

  it('that never end are let go at the size of the largest packet', () => {
    const cutter = new FrameCutter();
    const endless = new Uint8Array(65_536).fill(7);
    const results = Array.from({ length: 200 }, () => cutter.push(endless)).flat();
    expect(results.map((result) => (result.ok ? 'taken' : result.reject.reason))).toEqual(['size']);
    expect(cutter.waiting).toBe(0);
    expect(cutter.push(Buffer.concat([Uint8Array.of(0), encodeFrame(packet)])).map(({ ok }) => ok)).toEqual([true]);
  });

  it('survive 5,000 hostile streams, and what comes whole after each is read', () => {
    const real = [encodeFrame(packet), encodeFrame(new Uint8Array(500)), encodeFrame(Buffer.alloc(700, 'BWSW'))];
    for (let seed = 0; seed < 5_000; seed++) {
      const cutter = new FrameCutter();
      for (const read of hostileReads(real, seed)) {
        for (const result of cutter.push(read)) if (result.ok) parsePacket(result.value, 'mine');
        expect(cutter.waiting).toBeLessThan(50_000);
      }
      const after = cutter.push(Buffer.concat([Uint8Array.of(0), encodeFrame(packet)]));
      expect(after.at(-1)?.ok, `seed ${seed}`).toBe(true);
    }
  });
});

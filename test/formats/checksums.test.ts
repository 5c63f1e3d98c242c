import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/formats/base64.ts';
import { decodeCobs, encodeCobs } from '../../src/formats/cobs.ts';
import { crc32 } from '../../src/formats/crc32.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('CRC-32', () => {
  it('gives the check value of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });

  it('agrees with zlib on any bytes, whole or in two pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (data, cut) => {
        expect(crc32(data)).toBe(zlibCrc32(data));
        expect(crc32(data.subarray(cut), crc32(data.subarray(0, cut)))).toBe(zlibCrc32(data));
      }),
    );
  });
});

describe('COBS', () => {
  const run = (from: number, to: number) => Uint8Array.from({ length: to - from + 1 }, (_, i) => (from + i) & 0xff);

  // The examples of the algorithm's article in Wikipedia, which follow the paper.
  it.each([
    ['00', '01 01'],
    ['00 00', '01 01 01'],
    ['00 11 00', '01 02 11 01'],
    ['11 22 00 33', '03 11 22 02 33'],
    ['11 22 33 44', '05 11 22 33 44'],
    ['11 00 00 00', '02 11 01 01 01'],
    ['', '01'],
  ])('encodes %s as %s', (plain, coded) => {
    expect(encodeCobs(bytes(plain))).toEqual(bytes(coded));
    expect(decodeCobs(bytes(coded))).toEqual(bytes(plain));
  });

  it('fills a block with 254 bytes and begins another only where something follows', () => {
    expect(encodeCobs(run(1, 254))).toEqual(Uint8Array.of(0xff, ...run(1, 254)));
    expect(encodeCobs(run(1, 255))).toEqual(Uint8Array.of(0xff, ...run(1, 254), 2, 255));
    expect(encodeCobs(Uint8Array.of(0, ...run(1, 254)))).toEqual(Uint8Array.of(1, 0xff, ...run(1, 254)));
    expect(encodeCobs(Uint8Array.of(...run(2, 255), 0))).toEqual(Uint8Array.of(0xff, ...run(2, 255), 1, 1));
  });

  it('never holds a zero, and comes back as it was', () => {
    const mostlyZeros = fc.uint8Array({ maxLength: 700 }).map((data) => data.map((byte) => (byte < 40 ? 0 : byte)));
    const long = fc.integer({ min: 250, max: 1030 }).map((length) => new Uint8Array(length).fill(7));
    fc.assert(
      fc.property(fc.oneof(mostlyZeros, long), (data) => {
        const frame = encodeCobs(data);
        expect(frame.includes(0)).toBe(false);
        expect(decodeCobs(frame)).toEqual(data);
      }),
    );
  });

  it.each(['', '00', '05 11', '03 11 00'])('refuses %s', (frame) => {
    expect(decodeCobs(bytes(frame))).toBeNull();
  });
});

describe('base64', () => {
  it('agrees with Node on any bytes, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        const text = Buffer.from(data).toString('base64');
        expect(decodeBase64(text)).toEqual(data);
        expect(decodeBase64(text.replace(/=+$/, ''))).toEqual(data);
      }),
    );
  });

  it.each(['A', 'AA*A', 'é', 'AA=A'])('refuses %s', (text) => {
    expect(decodeBase64(text)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandwidthText, formatDesignator, parseDesignator } from '../../src/analysis/designator.ts';

/** The examples of RR Appendix 1, section I. */
const BANDWIDTHS: readonly [number, string][] = [
  [0.002, 'H002'],
  [0.1, 'H100'],
  [25.3, '25H3'],
  [400, '400H'],
  [2_400, '2K40'],
  [6_000, '6K00'],
  [12_500, '12K5'],
  [180_400, '180K'],
  [180_500, '181K'],
  [180_700, '181K'],
  [1_250_000, '1M25'],
  [2_000_000, '2M00'],
  [10_000_000, '10M0'],
  [202_000_000, '202M'],
  [5_650_000_000, '5G65'],
];

describe('the necessary bandwidth of a designator', () => {
  it.each(BANDWIDTHS)('%d Hz is written %s', (hz, text) => {
    expect(bandwidthText(hz)).toBe(text);
  });

  it('carries to the next unit where rounding makes a thousand of it', () => {
    expect(bandwidthText(999.6)).toBe('1K00');
    expect(bandwidthText(0.99961)).toBe('1H00');
    expect(bandwidthText(999_600)).toBe('1M00');
  });

  it('is nothing outside of 0.001 Hz to 999 GHz', () => {
    expect([0, -1, 0.0001, Number.NaN, 1e12].map(bandwidthText)).toEqual([null, null, null, null, null]);
  });

  it('is read back within the rounding of three digits, and its first character is never 0, K, M or G', () => {
    fc.assert(
      fc.property(fc.double({ min: Math.log10(0.0011), max: Math.log10(998e9), noNaN: true }), (exponent) => {
        const hz = 10 ** exponent;
        const text = bandwidthText(hz)!;
        expect(text).toMatch(/^[^0KMG].{3}$/);
        const parsed = parseDesignator(`${text}F3E`);
        expect(parsed.ok).toBe(true);
        if (parsed.ok)
          expect(Math.abs(parsed.value.bandwidthHz! - hz)).toBeLessThanOrEqual(Math.max(hz * 0.0051, 0.0005));
      }),
    );
  });
});

describe('a designator', () => {
  it.each([
    ['16K0F3E', 16_000, 'F', '3', 'E'],
    ['256KF8E', 256_000, 'F', '8', 'E'],
    ['2K70J3E', 2_700, 'J', '3', 'E'],
    ['100HA1A', 100, 'A', '1', 'A'],
    ['5M85C3F', 5_850_000, 'C', '3', 'F'],
    ['12k5 f1d', 12_500, 'F', '1', 'D'],
    ['N0N', null, 'N', '0', 'N'],
  ])('%s is read', (text, bandwidthHz, modulation, signal, information) => {
    const parsed = parseDesignator(text);
    expect(parsed).toEqual({
      ok: true,
      value: { bandwidthHz, modulation, signal, information, details: null, multiplex: null },
    });
  });

  it('keeps the details and the multiplexing', () => {
    const parsed = parseDesignator('16K0F3EJN');
    expect(parsed.ok && [parsed.value.details, parsed.value.multiplex]).toEqual(['J', 'N']);
    expect(parsed.ok && formatDesignator(parsed.value)).toBe('16K0F3EJN');
  });

  it.each(['', 'F', '0K50F3E', 'K16F3E', '16K0', '16K0F4E', '16K0E3E', '1600F3E', '16K0F3EIN', '16K0F3EJNX'])(
    '%j is none, with a reason',
    (text) => {
      expect(parseDesignator(text)).toMatchObject({ ok: false, reject: { reason: 'syntax' } });
    },
  );

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseDesignator(text).ok === 'boolean'));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKrakenCsv, parseKrakenLine } from '../../src/formats/bearing-kraken.ts';
import { parseNmeaBearings } from '../../src/formats/bearing-nmea.ts';
import { compass, trueBearingDegrees } from '../../src/formats/bearing-reading.ts';

/** As the fields are described in the documentation of krakensdr_doa. */
function krakenLine(change: Record<number, string> = {}): string {
  const head = ['1790000000500', '045', '62.3', '-31.50', '446031250', 'UCA', '500', 'van-1'];
  const place = ['22.302700', '114.177200', '090.0', '091.5', 'GPS', 'R', 'R', 'R', 'R'];
  const powers = Array.from({ length: 360 }, (_, k) => (k / 100).toFixed(2));
  return [...head, ...place, ...powers].map((field, index) => change[index] ?? field).join(', ');
}

function sentence(body: string): string {
  let sum = 0;
  for (const character of body) sum ^= character.charCodeAt(0);
  return `$${body}*${sum.toString(16).padStart(2, '0').toUpperCase()}`;
}

describe('a line of KrakenSDR', () => {
  it('is a bearing relative to the array, which the heading makes true, at the time of the signal', () => {
    const parsed = parseKrakenLine(krakenLine());
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        station: 'van-1',
        timeMs: 1_790_000_000_000,
        frequencyHz: 446_031_250,
        lat: 22.3027,
        lon: 114.1772,
        levelDb: -31.5,
        reference: 'heading',
        headingDegrees: 90,
      },
    });
    expect(parsed.ok && trueBearingDegrees(parsed.value)).toBe(135);
  });

  it('takes the heading that it says to have used', () => {
    const parsed = parseKrakenLine(krakenLine({ 12: 'Compass' }));
    expect(parsed.ok && trueBearingDegrees(parsed.value)).toBe(136.5);
  });

  it('has no place where it says 0, 0', () => {
    expect(parseKrakenLine(krakenLine({ 8: '0.0', 9: '0.0' }))).toMatchObject({ value: { lat: null, lon: null } });
  });

  it.each([
    ['1', '361', 'a bearing'],
    ['0', 'noon', 'a time'],
    ['4', '-5', 'a frequency'],
  ])('is not taken with field %s of %s', (field, value, expected) => {
    const parsed = parseKrakenLine(krakenLine({ [Number(field)]: value }));
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.reject.detail).toContain(expected);
  });

  it('is read among others, and what is none is named by its line', () => {
    const { readings, rejects } = parseKrakenCsv(`${krakenLine()}\r\n\nbroken\n${krakenLine({ 1: '350' })}\n`);
    expect(readings.map(({ bearingDegrees }) => bearingDegrees)).toEqual([45, 350]);
    expect(rejects).toEqual([{ line: 3, reason: 'expected at least 13 fields' }]);
  });
});

describe('bearings among NMEA sentences', () => {
  const RMC = sentence('GPRMC,123519.50,A,4807.038,N,01131.000,E,022.4,084.4,230326,003.1,W');

  it('have the place, time and heading of the sentences before them', () => {
    const { readings, rejected } = parseNmeaBearings([RMC, sentence('HEHDT,350.0,T'), '%030/7'].join('\r\n'));
    expect(rejected).toBe(0);
    const [one] = readings;
    expect(one).toMatchObject({ timeMs: Date.UTC(2026, 2, 23, 12, 35, 19, 500), quality: 7 / 9, frequencyHz: null });
    expect(one!.lat).toBeCloseTo(48 + 7.038 / 60, 9);
    expect(one!.lon).toBeCloseTo(11 + 31 / 60, 9);
    expect(trueBearingDegrees(one!)).toBe(20);
  });

  it('are true, magnetic or relative as they say', () => {
    const df = (from: string) => sentence(`PBWDF,,,98100000,10.0,${from},2.5,-60,99`);
    const { readings } = parseNmeaBearings([RMC, sentence('HEHDT,90.0,T'), df('T'), df('M'), df('R')].join('\n'));
    // The variation is 3.1° west: magnetic north lies that much left of true north.
    expect(readings.map((one) => trueBearingDegrees(one))).toEqual([10, expect.closeTo(6.9, 9), 100]);
    expect(readings[0]).toMatchObject({ frequencyHz: 98.1e6, uncertaintyDegrees: 2.5, levelDb: -60, quality: 1 });
  });

  it('say nothing of true north without a heading or a variation', () => {
    const { readings } = parseNmeaBearings(`%030/7\n${sentence('PBWDF,,,98100000,10,M,,,')}`);
    expect(readings.map((one) => trueBearingDegrees(one))).toEqual([null, null]);
  });

  it('are not taken with a wrong checksum', () => {
    const good = sentence('PBWDF,,,98100000,10,T,,,');
    expect(parseNmeaBearings(good).readings).toHaveLength(1);
    expect(parseNmeaBearings(good.replace(',10,', ',11,'))).toMatchObject({
      readings: [],
      rejects: [{ line: 1, reason: 'the checksum does not match' }],
    });
  });

  it('lose the place with the fix', () => {
    const lost = sentence('GPRMC,123520,V,,,,,,,230326,,');
    const { readings } = parseNmeaBearings([RMC, lost, sentence('PBWDF,,,98100000,10,T,,,')].join('\n'));
    expect(readings[0]).toMatchObject({ lat: null, lon: null, timeMs: null });
  });
});

describe('whatever comes instead', () => {
  const hostile = fc.oneof(
    fc.string({ maxLength: 400, unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('$', '%', ',', '/', '*', '1', '-', '.', 'e', 'T', 'PBWDF', 'GPRMC', '\n', 'A', 'nan', '9'),
        { maxLength: 80 },
      )
      .map((parts) => parts.join('')),
    fc
      .array(fc.tuple(fc.nat(20), fc.string({ maxLength: 12 })), { maxLength: 5 })
      .map((changes) => krakenLine(Object.fromEntries(changes))),
  );

  it('is a sane bearing or none, and never throws', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const { readings } of [parseKrakenCsv(text), parseNmeaBearings(text)]) {
          for (const one of readings) {
            expect(one.bearingDegrees).toBeGreaterThanOrEqual(0);
            expect(one.bearingDegrees).toBeLessThan(360);
            const direction = trueBearingDegrees(one);
            if (direction !== null) expect(direction >= 0 && direction < 360).toBe(true);
            expect((one.lat === null) === (one.lon === null)).toBe(true);
            for (const value of Object.values(one))
              if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has an angle on the circle', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (degrees) => {
        const angle = compass(degrees);
        expect(angle >= 0 && angle < 360).toBe(true);
      }),
    );
    expect(Object.is(compass(-360), -0)).toBe(false);
  });
});

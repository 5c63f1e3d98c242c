import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCalibrationCsv, parseCalibrationCsv } from '../../src/formats/calibration-csv.ts';

const maybe = (min: number, max: number) =>
  fc.option(
    fc.double({ min, max, noNaN: true }).map((value) => value + 0),
    { nil: null },
  );

it('gives back every table that it wrote', () => {
  const point = fc.record({
    frequencyHz: fc.double({ min: 1, max: 1e12, noNaN: true }),
    gainDb: maybe(-200, 200),
    levelOffsetDb: maybe(-300, 300),
    antennaFactorDbPerM: maybe(-100, 200),
    cableLossDb: maybe(-100, 200),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
      expect(parseCalibrationCsv(formatCalibrationCsv(points))).toEqual({ ok: true, value: points });
    }),
  );
});

it('reads columns in any order and leaves out what is missing', () => {
  const text = '\ufeffcable_loss_db, Frequency_Hz\r\n1.5,100e6\r\n,2e8\r\n';
  const empty = { gainDb: null, levelOffsetDb: null, antennaFactorDbPerM: null };
  expect(parseCalibrationCsv(text)).toEqual({
    ok: true,
    value: [
      { frequencyHz: 100e6, cableLossDb: 1.5, ...empty },
      { frequencyHz: 2e8, cableLossDb: null, ...empty },
    ],
  });
});

it.each([
  ['frequency_hz,colour\n1,2\n', 'line 1: expected the columns'],
  ['gain_db\n1\n', 'frequency_hz among them'],
  ['frequency_hz\n', 'expected a row'],
  ['frequency_hz,gain_db\n1e6,loud\n', 'line 2: gain_db: expected a number'],
  ['frequency_hz,gain_db\n1e6,1\n2e6\n', 'line 3: expected 2 fields, found 1'],
  ['frequency_hz\n-1\n', 'line 2: frequency_hz'],
])('does not take %j', (text, expected) => {
  const parsed = parseCalibrationCsv(text);
  expect(!parsed.ok && parsed.reject.detail).toContain(expected);
});

it('never throws', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void parseCalibrationCsv(text)));
});

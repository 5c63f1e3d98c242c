import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calibration, CalibrationPoint } from '../../src/core/calibration.ts';
import { fieldStrengthDbuVM, LevelScales, levelOffsetDb, levelScale } from '../../src/spectrum/calibration.ts';

function point(frequencyHz: number, change: Partial<CalibrationPoint> = {}): CalibrationPoint {
  const nothing = { gainDb: null, levelOffsetDb: null, antennaFactorDbPerM: null, cableLossDb: null };
  return { frequencyHz, ...nothing, ...change };
}

function calibration(points: readonly CalibrationPoint[], change: Partial<Calibration> = {}): Calibration {
  const who = { by: 'wang', method: 'signal generator', calibratedMs: 0, validUntilMs: null };
  return { id: 'roof/1', receiver: 'roof', version: 1, frequencyCorrectionPpm: null, points, ...who, ...change };
}

const GRID = { startHz: 98e6, stepHz: 1000, bins: 1001, unit: 'dBFS' as const };
const NOW = { ownOffsetDb: null, gainDb: null, nowMs: 1000 };

describe('the offset of a level', () => {
  const table = [point(10e6, { levelOffsetDb: -10 }), point(1e9, { levelOffsetDb: -30 })];

  it('is linear in the logarithm of frequency', () => {
    // Halfway between 10 MHz and 1 GHz on a logarithmic axis lies 100 MHz.
    expect(levelOffsetDb(table, 100e6, null)).toEqual({ db: -20, flags: [] });
  });

  it('is that of the nearest end beyond the table, and says so', () => {
    expect(levelOffsetDb(table, 1e6, null)).toEqual({ db: -10, flags: ['extrapolated'] });
    expect(levelOffsetDb(table, 6e9, null)).toEqual({ db: -30, flags: ['extrapolated'] });
  });

  it('never leaves the range of the table, and is exact at its points', () => {
    const rows = fc.uniqueArray(
      fc.record({ mhz: fc.integer({ min: 1, max: 6000 }), db: fc.integer({ min: -90, max: 30 }) }),
      {
        selector: ({ mhz }) => mhz,
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(rows, fc.double({ min: 1e5, max: 1e10, noNaN: true }), (list, hz) => {
        const points = list.map(({ mhz, db }) => point(mhz * 1e6, { levelOffsetDb: db }));
        const db = levelOffsetDb(points, hz, null)!.db;
        expect(db).toBeGreaterThanOrEqual(Math.min(...list.map((row) => row.db)) - 1e-9);
        expect(db).toBeLessThanOrEqual(Math.max(...list.map((row) => row.db)) + 1e-9);
        for (const row of list) expect(levelOffsetDb(points, row.mhz * 1e6, null)).toEqual({ db: row.db, flags: [] });
      }),
    );
  });

  it('is that of the gain in use, between two gains linear, beyond them that of the nearest', () => {
    const byGain = [0, 20, 40].map((gainDb) => point(100e6, { gainDb, levelOffsetDb: -gainDb }));
    expect(levelOffsetDb(byGain, 100e6, 20)).toEqual({ db: -20, flags: [] });
    expect(levelOffsetDb(byGain, 100e6, 29)!.db).toBeCloseTo(-29, 9);
    expect(levelOffsetDb(byGain, 100e6, 49)).toEqual({ db: -40, flags: ['gain-extrapolated'] });
  });

  it('is not guessed where the gain is unknown and the table has several', () => {
    const byGain = [0, 20].map((gainDb) => point(100e6, { gainDb, levelOffsetDb: -gainDb }));
    expect(levelOffsetDb(byGain, 100e6, null)).toBeNull();
    expect(levelOffsetDb(byGain.slice(1), 100e6, null)).toEqual({ db: -20, flags: ['gain-assumed'] });
  });
});

describe('the scale of a look', () => {
  const table = calibration([point(98e6, { levelOffsetDb: -20 }), point(99e6, { levelOffsetDb: -24 })]);

  it('turns dBFS into dBm by the calibration of the office, which goes before the word of the receiver', () => {
    const scale = levelScale(GRID, { ...NOW, calibration: table, ownOffsetDb: -3 });
    expect(scale.unit).toBe('dBm');
    expect(scale.offsetsDb![0]).toBeCloseTo(-20, 4);
    expect(scale.offsetsDb![1000]).toBeCloseTo(-24, 4);
    expect(scale.at(98e6)).toEqual({
      offsetDb: -20,
      use: { id: 'roof/1', levelOffsetDb: -20, frequencyCorrectionPpm: null, flags: [] },
    });
  });

  it('gives each bin what the table says at its frequency', () => {
    const wide = calibration(
      [2e6, 30e6, 98.3e6, 1e9, 5e9].map((hz, k) => point(hz, { levelOffsetDb: -20 - (k % 2) * 8 })),
    );
    const scale = levelScale({ ...GRID, startHz: 1e6, stepHz: 1e6, bins: 6000 }, { ...NOW, calibration: wide });
    for (let k = 0; k < 6000; k++) {
      expect(Math.abs(scale.offsetsDb![k]! - levelOffsetDb(wide.points, 1e6 + k * 1e6, null)!.db)).toBeLessThan(0.01);
    }
  });

  it('takes the word of a receiver for raw samples, and not for what is in dBm already', () => {
    const own = { ...NOW, calibration: null, ownOffsetDb: -3.5 };
    expect(levelScale(GRID, own).unit).toBe('dBm');
    expect(levelScale(GRID, own).at(98e6).use).toMatchObject({ id: null, levelOffsetDb: -3.5 });
    const dbm = levelScale({ ...GRID, unit: 'dBm' }, own);
    expect([dbm.unit, dbm.offsetsDb, dbm.at(98e6)]).toEqual(['dBm', null, { offsetDb: 0, use: null }]);
  });

  it('still applies a calibration that has expired, and says so', () => {
    const old = { ...table, validUntilMs: 999 };
    const { offsetDb, use } = levelScale(GRID, { ...NOW, calibration: old }).at(98e6);
    expect(offsetDb).toBe(-20);
    expect(use!.flags).toEqual(['expired']);
  });

  it('leaves field strengths and uncalibrated levels alone', () => {
    expect(levelScale({ ...GRID, unit: 'dBuV/m' }, { ...NOW, calibration: table }).unit).toBe('dBuV/m');
    expect(levelScale(GRID, { ...NOW, calibration: null }).at(98e6)).toEqual({ offsetDb: 0, use: null });
  });

  it('is made once a tuning, and anew when the calibration expires or another takes its place', () => {
    const scales = new LevelScales();
    const inputs = { ...NOW, calibration: { ...table, validUntilMs: 2000 } };
    const first = scales.of(GRID, inputs);
    expect(scales.of(GRID, { ...inputs, nowMs: 1500 })).toBe(first);
    expect(scales.of(GRID, { ...inputs, nowMs: 2500 })).not.toBe(first);
    expect(scales.of({ ...GRID, startHz: 99e6 }, { ...inputs, nowMs: 2500 })).not.toBe(first);
  });
});

describe('the field strength', () => {
  it('is P + 107 + cable loss + antenna factor', () => {
    // 0 dBm in 50 Ω are 223.6 mV = 106.99 dBµV.
    const table = calibration([point(100e6, { antennaFactorDbPerM: 8, cableLossDb: 2 })]);
    const voltage = 20 * Math.log10(Math.sqrt(0.001 * 50) / 1e-6);
    expect(fieldStrengthDbuVM(-60, 100e6, table)).toEqual({
      dbuVM: expect.closeTo(voltage - 50, 9),
      extrapolated: false,
    });
  });

  it('is that of a half-wave dipole in the field that P.525 gives for 1 kW at 10 km', () => {
    // E = 106.9 − 20·log10(10) dBµV/m; the power a dipole of 2.15 dBi takes from it is E²/(120π)·Aeff.
    const hz = 100e6;
    const wavelengthM = 299_792_458 / hz;
    const factor = 20 * Math.log10(9.73 / (wavelengthM * Math.sqrt(10 ** 0.215)));
    const fieldVM = 10 ** ((86.92 - 120) / 20);
    const watts = (fieldVM ** 2 / (120 * Math.PI)) * ((10 ** 0.215 * wavelengthM ** 2) / (4 * Math.PI));
    const table = calibration([point(hz, { antennaFactorDbPerM: factor })]);
    expect(fieldStrengthDbuVM(10 * Math.log10(watts * 1000), hz, table)!.dbuVM).toBeCloseTo(86.92, 1);
  });

  it('is none without an antenna factor', () => {
    expect(fieldStrengthDbuVM(-60, 100e6, calibration([point(100e6, { levelOffsetDb: -20 })]))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { RegisterIndex } from '../../src/analysis/register-match.ts';
import type { Calibration } from '../../src/core/calibration.ts';
import { completed } from '../../src/pipeline/measurement-record.ts';
import { emission } from '../store/records.ts';
import { LITTLE_MEASURED } from '../support/measurement.ts';
import { assignment } from './scene-frames.ts';

const RAW = { ...LITTLE_MEASURED, centerHz: 100_000_150, level: -40, unit: 'dBFS' as const };
const CALIBRATION: Calibration = {
  id: 'rx/1',
  receiver: 'rx',
  version: 1,
  frequencyCorrectionPpm: null,
  points: [{ frequencyHz: 100e6, gainDb: null, levelOffsetDb: -30, antennaFactorDbPerM: 12.5, cableLossDb: 2 }],
  calibratedMs: 0,
  validUntilMs: null,
  by: 'li',
  method: 'generator',
};
const SCALE = { unit: 'dBm', offsetsDb: null, at: () => ({ offsetDb: -30, use: null }) } as const;
const register = new RegisterIndex([assignment({ id: 'B', centerHz: 100e6, bandwidthHz: 200_000 })]);
const record = (change: object) => emission('e', 99.9e6, 100.1e6, change);

describe('a measurement of a calibrated receiver', () => {
  it('has the level in dBm, and E = P + 106.99 dB + cable loss + antenna factor', () => {
    const m = completed(RAW, record({ assignment: null }), { scale: SCALE, calibration: CALIBRATION, register });
    expect(m).toMatchObject({ level: -70, unit: 'dBm', frequencyOffsetHz: null });
    expect(m.fieldStrengthDbuVM).toBeCloseTo(-70 + 106.99 + 2 + 12.5, 2);
  });

  it('has no field strength without an antenna factor, nor without a calibration', () => {
    const points = [{ ...CALIBRATION.points[0], antennaFactorDbPerM: null }];
    for (const calibration of [null, { ...CALIBRATION, points }]) {
      const m = completed(RAW, record({}), { scale: SCALE, calibration, register });
      expect(m.fieldStrengthDbuVM).toBeNull();
    }
  });

  it('has its offset from the assignment that explains the emission, and from no other', () => {
    const context = { scale: SCALE, calibration: null, register };
    expect(completed(RAW, record({ assignment: 'B' }), context).frequencyOffsetHz).toBe(150);
    expect(completed(RAW, record({ assignment: 'C' }), context).frequencyOffsetHz).toBeNull();
  });
});

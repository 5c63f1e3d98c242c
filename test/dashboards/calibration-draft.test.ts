import { describe, expect, it } from 'vitest';
import { calibrationBody, EMPTY_DRAFT, referencesOf } from '../../dashboards/web/receivers/calibration-draft.ts';
import type { Calibration, CalibrationSighting, LevelProposal } from '../../src/core/calibration.ts';

const sighting = (assignment: string): CalibrationSighting => ({
  assignment,
  station: assignment,
  licensedHz: 98e6,
  measuredHz: 98e6 - 314,
  deviationHz: 10,
  correctionPpm: 3.2,
  level: -20,
  unit: 'dBFS',
  snrDb: 30,
  gainDb: null,
  distanceKm: 5,
  freeSpaceDbuVM: 92.9,
});
const estimate = { value: 3.2, uncertainty: 0.1, residuals: [] };
const measurement = {
  id: 'm-1',
  receiver: 'roof',
  fromMs: 0,
  seconds: 20,
  sightings: [sighting('FM-1'), sighting('FM-2')],
  frequencyPpm: estimate,
};
const point = { frequencyHz: 98e6, gainDb: null, levelOffsetDb: -25, antennaFactorDbPerM: 8, cableLossDb: 1 };
const level: LevelProposal = {
  offsetDb: { ...estimate, value: -25 },
  upperBound: false,
  stations: [],
  points: [point],
};
const before = { frequencyCorrectionPpm: 1.5, points: [{ ...point, levelOffsetDb: -20 }] } as unknown as Calibration;

describe('the references of the wizard', () => {
  it('are those that were typed and make sense', () => {
    const draft = { ...EMPTY_DRAFT, fields: { 'FM-1': '86,5', 'FM-2': 'strong' }, erps: { 'FM-2': '10' } };
    expect(referencesOf(draft, measurement)).toEqual({
      measurement: 'm-1',
      antennaGainDbi: 2.15,
      cableLossDb: 0,
      stations: [
        { assignment: 'FM-1', fieldStrengthDbuVM: 86.5 },
        { assignment: 'FM-2', erpKw: 10 },
      ],
    });
  });

  it('are none while nothing was typed, or the antenna is not described', () => {
    expect(referencesOf(EMPTY_DRAFT, measurement)).toBeNull();
    expect(referencesOf({ ...EMPTY_DRAFT, fields: { 'FM-1': '86' }, antennaGain: '' }, measurement)).toBeNull();
  });
});

describe('the version that the wizard makes', () => {
  it('has both corrections, how they were found, and its end', () => {
    const body = calibrationBody(EMPTY_DRAFT, measurement, level, before, 0)!;
    expect(body).toMatchObject({ frequencyCorrectionPpm: 3.2, points: [point] });
    expect(body.method).toBe(
      'broadcasters FM-1, FM-2, 20 s; frequency 3.200 ppm ± 0.100; level -25.00 dB ± 0.100; from measured field strength',
    );
    expect(new Date(body.validUntilMs!).toISOString().slice(0, 7)).toBe('1971-01');
  });

  it('keeps what the version before said of what is not applied', () => {
    const draft = { ...EMPTY_DRAFT, applyFrequency: false };
    expect(calibrationBody(draft, measurement, level, before, 0)).toMatchObject({
      frequencyCorrectionPpm: 1.5,
      points: [point],
    });
    expect(calibrationBody({ ...EMPTY_DRAFT, applyLevel: false }, measurement, level, before, 0)?.points).toEqual(
      before.points,
    );
  });

  it('is none while it would change nothing', () => {
    expect(calibrationBody({ ...EMPTY_DRAFT, applyFrequency: false }, measurement, null, before, 0)).toBeNull();
  });
});

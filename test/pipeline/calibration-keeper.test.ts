import { beforeAll, describe, expect, it } from 'vitest';
import { RegisterIndex } from '../../src/analysis/register-match.ts';
import type { Calibration, LevelReferences } from '../../src/core/calibration.ts';
import type { PowerSpectrum } from '../../src/core/spectrum.ts';
import { CalibrationKeeper } from '../../src/pipeline/calibration-keeper.ts';
import type { LaneLook } from '../../src/pipeline/receiver-lane.ts';
import { createCity } from '../../src/simulation/city/city.ts';
import { CITY_REGISTER } from '../../src/simulation/city/register.ts';
import { levelScale, onTrueFrequencies } from '../../src/spectrum/calibration.ts';
import { createFftJsEstimator } from '../../src/spectrum/fft-js-estimator.ts';
import { planEstimation } from '../../src/spectrum/plan.ts';

/** What the demonstration city gives this receiver: its oscillator runs so much fast. */
const CLOCK_ERROR_PPM = 3.2;
const SECONDS = 6;
const START_NS = 1_790_000_000_000_000_000n;

const receiver = createCity(1).find(({ id }) => id === 'north-mast')!;
let looks: PowerSpectrum[] = [];

beforeAll(() => {
  const blocks = Array.from({ length: Math.ceil(SECONDS / receiver.frameSeconds) + 1 }, (_, k) =>
    receiver.frame(k, START_NS),
  );
  const [first] = blocks;
  if (first?.kind !== 'iq') throw new Error('north-mast sends IQ');
  const estimator = createFftJsEstimator(planEstimation(first.sampleRateHz, null, {}));
  looks = blocks.flatMap((block) => (block.kind === 'iq' ? [estimator.estimate(block)] : []));
});

function laneLook(estimated: PowerSpectrum, calibration: Calibration | null): LaneLook {
  const frequencyCorrectionPpm = calibration?.frequencyCorrectionPpm ?? null;
  const look = onTrueFrequencies(estimated, frequencyCorrectionPpm);
  const startMs = Number(look.timeNs) / 1e6;
  const endMs = startMs + receiver.frameSeconds * 1000;
  const scale = levelScale(look, { calibration, ownOffsetDb: null, gainDb: look.gainDb ?? null, nowMs: endMs });
  const nothing = { sampleRateHz: null, sequence: null, gnssTime: false, noiseFloor: null, changes: [] };
  return { look, scale, frequencyCorrectionPpm, kind: 'iq', startMs, endMs, ...nothing };
}

async function openKeeper() {
  const kept: Calibration[] = [];
  const store = {
    add: async (calibration: Calibration) => void kept.unshift(calibration),
    get: async (id: string) => kept.find((one) => one.id === id) ?? null,
    list: async () => kept,
  };
  const register = new RegisterIndex(CITY_REGISTER);
  const clock = { nowMs: () => Number(START_NS / 1_000_000n) };
  return CalibrationKeeper.open({ store, clock, register: () => register, infoOf: () => receiver.info });
}

async function measure(keeper: CalibrationKeeper) {
  const measuring = keeper.measure('north-mast', SECONDS);
  for (const look of looks) keeper.looked(laneLook(look, keeper.current('north-mast')));
  return await measuring;
}

const MADE = {
  receiver: 'north-mast',
  points: [],
  calibratedMs: 0,
  validUntilMs: null,
  by: 'wang',
  method: 'broadcasters',
};

describe('the calibration against licensed broadcasters', () => {
  it('finds the error of the oscillator within 0.3 ppm', async () => {
    const { sightings, frequencyPpm } = await measure(await openKeeper());
    expect(sightings.map(({ licensedHz }) => licensedHz).sort()).toEqual([98.2e6, 99e6]);
    expect(Math.abs(frequencyPpm!.value - CLOCK_ERROR_PPM)).toBeLessThan(0.3);
    // What it says of its own error is no less than the error is.
    expect(frequencyPpm!.uncertainty).toBeGreaterThan(Math.abs(frequencyPpm!.value - CLOCK_ERROR_PPM) / 3);
  });

  it('finds the same again once its correction is applied, and the stations where they are licensed', async () => {
    const keeper = await openKeeper();
    const before = await measure(keeper);
    const frequencyCorrectionPpm = before.frequencyPpm!.value;
    const { id } = await keeper.add({ ...MADE, frequencyCorrectionPpm });
    expect(id).toBe('north-mast/1');
    const after = await measure(keeper);
    expect(after.frequencyPpm!.value).toBeCloseTo(frequencyCorrectionPpm, 2);
    for (const { licensedHz, measuredHz } of after.sightings) {
      const trueHz = measuredHz * (1 + frequencyCorrectionPpm * 1e-6);
      expect(Math.abs(trueHz / licensedHz - 1) * 1e6).toBeLessThan(0.4);
    }
  });

  it('finds the offset of levels from field strengths, whatever one wrong reference says', async () => {
    const keeper = await openKeeper();
    const { id, sightings } = await measure(keeper);
    // The city sends these levels, dBFS; a receiver whose full scale is at −25 dBm hears them at so many dBm.
    const sent: Readonly<Record<number, number>> = { 98.2e6: -18, 99e6: -21 };
    const offsetDb = -25;
    const references = (wrongDb: number): LevelReferences => ({
      antennaGainDbi: 2.15,
      cableLossDb: 3,
      stations: sightings.map(({ assignment, licensedHz }, index) => ({
        assignment,
        erpKw: null,
        // E = P + 107 + cable + antenna factor, with 20·log10(f/MHz) − 29.78 − G for the factor.
        fieldStrengthDbuVM:
          sent[licensedHz]! +
          offsetDb +
          106.99 +
          3 +
          20 * Math.log10(licensedHz / 1e6) -
          29.78 -
          2.15 +
          index * wrongDb,
      })),
    });
    const right = keeper.proposeLevel('north-mast', id, references(0));
    expect(right.upperBound).toBe(false);
    expect(right.offsetDb.value).toBeCloseTo(offsetDb, 0);
    const wrong = keeper.proposeLevel('north-mast', id, references(12));
    expect(Math.max(...wrong.stations.map(({ residualDb }) => Math.abs(residualDb)))).toBeGreaterThan(5);
    expect(wrong.offsetDb.uncertainty).toBeGreaterThan(5);
  });

  it('takes e.r.p. over free space for what it is: an upper bound', async () => {
    const keeper = await openKeeper();
    const { id, sightings } = await measure(keeper);
    const [{ assignment, distanceKm, freeSpaceDbuVM }] = sightings as [(typeof sightings)[0]];
    // P.525: 1 kW e.r.p. makes 106.9 dBµV/m at 1 km.
    expect(freeSpaceDbuVM).toBeCloseTo(106.9 - 20 * Math.log10(distanceKm!), 6);
    const stations = [{ assignment, erpKw: 10, fieldStrengthDbuVM: null }];
    expect(keeper.proposeLevel('north-mast', id, { antennaGainDbi: 2.15, cableLossDb: 0, stations }).upperBound).toBe(
      true,
    );
    expect(() => keeper.proposeLevel('north-mast', 'another', { antennaGainDbi: 0, cableLossDb: 0, stations })).toThrow(
      /measure again/,
    );
  });

  it('says that nothing was heard where the register knows no broadcaster', async () => {
    const store = { add: async () => undefined, get: async () => null, list: async () => [] };
    const clock = { nowMs: () => 0 };
    const empty = await CalibrationKeeper.open({
      store,
      clock,
      register: () => new RegisterIndex([]),
      infoOf: () => null,
    });
    await expect(measure(empty)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

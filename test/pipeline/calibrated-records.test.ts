import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/core/calibration.ts';
import type { LiveSpectrum, Store } from '../../src/core/ports.ts';
import type { EmissionRecord, ReceiverInfo } from '../../src/core/records.ts';
import { createInThreadEstimation } from '../../src/pipeline/estimation.ts';
import { LiveHub } from '../../src/pipeline/live-hub.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { blocksOf, CENTER_HZ, T0_MS, TWO_HANDHELDS } from './scene-frames.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const OPTIONS = { queueBlocks: 1_000, falseAlarmProbability: 1e-7, window: 'hann', overlap: 0.5 } as const;
/** The scene's handheld that is always on: its true frequency and the level that it is sent at, dBFS. */
const LICENSED_HZ = CENTER_HZ - 60_000;
const LICENSED_DBFS = -25;
const OFFSET_DB = -31.5;

let store: Store;
beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
});
afterEach(() => store.close());

function calibration(change: Partial<Calibration> = {}): Calibration {
  const nothing = { gainDb: null, antennaFactorDbPerM: null, cableLossDb: null };
  return {
    id: 'rx-1/4',
    receiver: 'rx-1',
    version: 4,
    frequencyCorrectionPpm: null,
    points: [{ frequencyHz: CENTER_HZ, levelOffsetDb: OFFSET_DB, ...nothing }],
    calibratedMs: T0_MS - 1,
    validUntilMs: null,
    by: 'wang',
    method: 'generator',
    ...change,
  };
}

const INFO: ReceiverInfo = {
  model: null,
  serial: null,
  location: null,
  antenna: null,
  calibrationOffsetDb: -12.25,
  spursHz: [],
  ranges: [],
};

/** @param shownHz what the receiver believes to be tuned to */
async function run(applied: Calibration | null, info: ReceiverInfo | null = null, shownHz = CENTER_HZ) {
  const spectra: LiveSpectrum[] = [];
  const hub = new LiveHub({ receivers: () => [], emissions: () => [], counters: () => ({}) as never }, QUIET_LOG);
  hub.on('spectrum', (spectrum) => spectra.push(spectrum));
  const floors: number[] = [];
  const pipeline = new Pipeline({
    options: OPTIONS,
    estimation: createInThreadEstimation(),
    store,
    hub,
    log: QUIET_LOG,
    infoOf: () => info,
    calibrationOf: () => applied,
    observe: () => undefined,
    acknowledge: () => undefined,
    dropped: () => undefined,
    looked: ({ noiseFloor }) => void floors.push(noiseFloor!),
  });
  for (const block of blocksOf(TWO_HANDHELDS, 1.2)) pipeline.take({ ...block, centerHz: shownHz });
  await pipeline.stop();
  const found = await store.emissions.find({ limit: 20 });
  const licensed = found.reduce((one, other) =>
    Math.abs(other.centerHz - LICENSED_HZ) < Math.abs(one.centerHz - LICENSED_HZ) ? other : one,
  );
  return {
    licensed,
    spectra,
    floor: floors.at(-1)!,
    stored: await store.spectra.find({ receiver: 'rx-1', fromMs: 0, toMs: 1e15, limit: 9 }),
  };
}

const peakOf = ({ levels }: LiveSpectrum) => Math.max(...levels);

describe('the record of an emission', () => {
  it('has its level in dBm by the calibration, and names it, in the store as well', async () => {
    const { licensed } = await run(calibration());
    expect(licensed).toMatchObject({
      unit: 'dBm',
      calibration: { id: 'rx-1/4', levelOffsetDb: OFFSET_DB, frequencyCorrectionPpm: null, flags: ['extrapolated'] },
    } satisfies Partial<EmissionRecord>);
    expect(Math.abs(licensed.level - (LICENSED_DBFS + OFFSET_DB))).toBeLessThan(0.5);
  });

  it('has the receiver’s own word applied where the office has none, and none where there is nothing', async () => {
    const own = await run(null, INFO);
    expect(own.licensed).toMatchObject({ unit: 'dBm', calibration: { id: null, levelOffsetDb: -12.25, flags: [] } });
    expect(Math.abs(own.licensed.level - (LICENSED_DBFS - 12.25))).toBeLessThan(0.5);
  });

  it('is as the receiver reads it without a calibration', async () => {
    const { licensed } = await run(null);
    expect(licensed.unit).toBe('dBFS');
    expect(licensed.calibration ?? null).toBeNull();
  });

  it('lies at its true frequency though the oscillator is 20 ppm off', async () => {
    const errorPpm = 20;
    const { licensed } = await run(
      calibration({ frequencyCorrectionPpm: errorPpm }),
      null,
      CENTER_HZ / (1 + errorPpm * 1e-6),
    );
    const { licensed: uncorrected } = await run(null, null, CENTER_HZ / (1 + errorPpm * 1e-6));
    // 20 ppm are 8.2 kHz here.
    expect(Math.abs(licensed.centerHz - LICENSED_HZ)).toBeLessThan(1500);
    expect(licensed.calibration?.frequencyCorrectionPpm).toBe(errorPpm);
    expect(uncorrected.unit).toMatch(/^dB/);
  });

  it('says that its calibration had expired', async () => {
    const { licensed } = await run(calibration({ validUntilMs: T0_MS - 1 }));
    expect(licensed.unit).toBe('dBm');
    expect(licensed.calibration?.flags).toContain('expired');
  });
});

describe('what is shown', () => {
  it('has the same scale as the records: live and stored spectra and the noise floor', async () => {
    const plain = await run(null);
    await store.close();
    store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
    const calibrated = await run(calibration());
    expect(calibrated.spectra.every(({ unit }) => unit === 'dBm')).toBe(true);
    expect(calibrated.stored.every(({ unit }) => unit === 'dBm')).toBe(true);
    expect(peakOf(calibrated.spectra[0]!) - peakOf(plain.spectra[0]!)).toBeCloseTo(OFFSET_DB, 3);
    expect(calibrated.floor - plain.floor).toBeCloseTo(OFFSET_DB, 3);
  });
});

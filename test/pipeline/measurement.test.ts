import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/ports.ts';
import type { EmissionRecord } from '../../src/core/records.ts';
import { createInThreadEstimation } from '../../src/pipeline/estimation.ts';
import { createEstimationPool } from '../../src/pipeline/estimation-pool.ts';
import { LiveHub } from '../../src/pipeline/live-hub.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import type { Scene } from '../../src/simulation/scene.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { assignment, blocksOf, CENTER_HZ, RATE_HZ } from './scene-frames.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const OPTIONS = { queueBlocks: 1_000, falseAlarmProbability: 1e-7, window: 'hann', overlap: 0.5 } as const;

/** Speech 60 kHz below the centre, 150 Hz beside its channel; data 40 kHz above. */
const SCENE: Scene = {
  seed: 11,
  receiver: { sampleRateHz: RATE_HZ, centerHz: CENTER_HZ, format: 'cu8', noiseDbfs: -40 },
  emitters: [
    {
      name: 'licensed',
      signal: { kind: 'nfm', audio: { toneHz: 1_000 }, deviationHz: 2_500 },
      centerHz: CENTER_HZ - 59_850,
      powerDbfs: -22,
    },
    {
      name: 'data',
      signal: { kind: 'fsk', levels: 2, symbolRateHz: 4_800, deviationHz: 3_000, bt: 0.5 },
      centerHz: CENTER_HZ + 40_000,
      powerDbfs: -22,
    },
  ],
};

let store: Store;
beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
});
afterEach(() => store.close());

async function measured(estimation = createInThreadEstimation()): Promise<EmissionRecord[]> {
  const hub = new LiveHub({ receivers: () => [], emissions: () => [], counters: () => ({}) as never }, QUIET_LOG);
  const pipeline = new Pipeline({
    options: OPTIONS,
    estimation,
    store,
    hub,
    log: QUIET_LOG,
    infoOf: () => null,
    observe: () => undefined,
    acknowledge: () => undefined,
    dropped: () => undefined,
    looked: () => undefined,
  });
  pipeline.setRegister([assignment()]);
  for (const block of blocksOf(SCENE, 2.5)) pipeline.take(block);
  await pipeline.stop();
  await estimation.close();
  const records = await store.emissions.find({ limit: 100 });
  return records.sort((a, b) => a.centerHz - b.centerHz);
}

describe('the measurement of emissions in the pipeline', () => {
  it('keeps with the record what its IQ says, in the units of the receiver, against the assignment', async () => {
    const [speech, data, ...others] = await measured();
    expect(others).toEqual([]);
    expect(speech.measurement).toMatchObject({ modulation: 'nfm', unit: 'dBFS', rds: null, fieldStrengthDbuVM: null });
    expect(Math.abs(speech.measurement!.frequencyOffsetHz! - 150)).toBeLessThan(15);
    expect(Math.abs(speech.measurement!.deviationHz! - 2_500)).toBeLessThan(2_500 * 0.05);
    expect(Math.abs(speech.measurement!.level - -22)).toBeLessThan(0.5);
    expect(speech.measurement!.designator).toMatch(/^[5-8]K\d\dF3E$/);
    expect(data.measurement).toMatchObject({ modulation: 'fsk', frequencyOffsetHz: null });
    expect(Math.abs(data.measurement!.symbolRateHz! - 4_800)).toBeLessThan(5);
  });

  it('is the same in threads as in this one', async () => {
    const here = (await measured()).map(({ measurement }) => measurement);
    await store.close();
    store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
    const there = (await measured(createEstimationPool(2))).map(({ measurement }) => measurement);
    expect(there).toEqual(here);
    expect(there[0]).not.toBeNull();
  });
});

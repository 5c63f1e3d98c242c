import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RegisterIndex } from '../../src/analysis/register-match.ts';
import type { OccupancyReading } from '../../src/core/occupancy.ts';
import type { Store } from '../../src/core/ports.ts';
import { createInThreadEstimation } from '../../src/pipeline/estimation.ts';
import { LiveHub } from '../../src/pipeline/live-hub.ts';
import { OccupancyKeeper } from '../../src/pipeline/occupancy-keeper.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { assignment, blocksOf, CENTER_HZ, T0_MS, TWO_HANDHELDS } from './scene-frames.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const OPTIONS = { queueBlocks: 1_000, falseAlarmProbability: 1e-7, window: 'hann', overlap: 0.5 } as const;
const QUERY = { receiver: 'rx-1', fromHz: 0, toHz: 1e12, fromMs: T0_MS - 3_600_000, toMs: T0_MS + 7_200_000 };

let store: Store;
let keeper: OccupancyKeeper;
beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
});
afterEach(async () => {
  await keeper.stop();
  await store.close();
});

const REGISTER = [
  assignment(),
  // A channel in which nobody speaks, one that lies half outside, and a band that needs no licence.
  assignment({ id: 'LM-2', centerHz: CENTER_HZ + 90_000, bandwidthHz: 12_500 }),
  assignment({ id: 'LM-3', centerHz: CENTER_HZ + 128_000, bandwidthHz: 12_500 }),
  assignment({ id: 'EX-1', kind: 'exempt', centerHz: CENTER_HZ - 100_000, bandwidthHz: 25_000 }),
];

/** 1.8 s: `licensed` all the time, `pirate` from 0.3 to 0.9 s. */
async function run(): Promise<OccupancyReading[]> {
  const register = new RegisterIndex(REGISTER);
  keeper = new OccupancyKeeper({ store: store.occupancy, log: QUIET_LOG, register: () => register });
  const pipeline = new Pipeline({
    options: OPTIONS,
    estimation: createInThreadEstimation(),
    store,
    hub: new LiveHub({ receivers: () => [], emissions: () => [], counters: () => ({}) as never }, QUIET_LOG),
    log: QUIET_LOG,
    infoOf: () => null,
    observe: () => undefined,
    acknowledge: () => undefined,
    dropped: () => undefined,
    looked: (look) => keeper.looked(look),
  });
  pipeline.setRegister(REGISTER);
  for (const block of blocksOf(TWO_HANDHELDS, 1.8)) pipeline.take(block);
  await pipeline.stop();
  return keeper.find(QUERY);
}

describe('the occupancy of channels', () => {
  it('is counted look by look for each assignment within the span, for who has none, and for the band', async () => {
    const readings = await run();
    const of = (kind: string, name?: string) => readings.find((r) => r.kind === kind && (name ?? r.name) === r.name)!;
    expect(readings.filter(({ kind }) => kind === 'channel').map(({ name }) => name)).toEqual(['LM-1', 'LM-2']);
    expect(of('channel', 'LM-1')).toMatchObject({ hourMs: T0_MS, occupancyPct: 100, highPct: 100 });
    expect(of('channel', 'LM-1').lowPct).toBeLessThan(100);
    expect(of('channel', 'LM-2')).toMatchObject({ occupancyPct: 0, lowPct: 0 });
    // From when it came up: 0.6 of the 1.5 s left, to a look at either end.
    const pirate = of('emission');
    expect(Math.abs(pirate.occupancyPct - 40)).toBeLessThan(8);
    expect(pirate.lowPct).toBeLessThan(40);
    expect(pirate.highPct).toBeGreaterThan(40);
    const band = of('band');
    expect(band.lowPct).toBeNull();
    // Two handhelds of some 5 kHz in 256 kHz, one a third of the time.
    expect(band.occupancyPct).toBeGreaterThan(1);
    expect(band.occupancyPct).toBeLessThan(8);
    expect(Math.abs(band.seconds - 1.8)).toBeLessThan(0.1);
  });

  it('adds up over writes and restarts within the hour', async () => {
    const [first] = (await run()).filter(({ name }) => name === 'LM-1');
    await keeper.stop();
    const [both] = (await run()).filter(({ name }) => name === 'LM-1');
    expect(both.samples).toBe(2 * first.samples);
    expect(both.seconds).toBeCloseTo(2 * first.seconds, 6);
  });

  it('waits for a store that fails, and is then there in full', async () => {
    const whole = await run();
    await keeper.stop();
    await store.close();
    store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
    const { add } = store.occupancy;
    let failures = 1;
    store.occupancy.add = async (rows) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : add(rows));
    expect(await run()).toEqual([]);
    expect(await keeper.find(QUERY)).toEqual(whole);
  });

  it('is found by band and period', async () => {
    await run();
    expect(await store.occupancy.find({ ...QUERY, fromMs: T0_MS + 1 })).toEqual([]);
    expect(await store.occupancy.find({ ...QUERY, receiver: 'other' })).toEqual([]);
    const low = await store.occupancy.find({ ...QUERY, toHz: CENTER_HZ - 40_000 });
    expect(low.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['band ', 'channel LM-1']);
  });
});

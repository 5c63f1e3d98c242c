import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/ports.ts';
import type { PowerSpectrum } from '../../src/core/spectrum.ts';
import { CoverageKeeper } from '../../src/pipeline/coverage-keeper.ts';
import type { LaneLook } from '../../src/pipeline/receiver-lane.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const T0 = Date.UTC(2026, 5, 15, 22);

let store: Store;
let nowMs = T0;
beforeEach(async () => {
  nowMs = T0;
  store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
});
afterEach(() => store.close());

function newKeeper(kept: Store['coverage'] = store.coverage) {
  const info = { clock: { source: 'ntp' as const, offsetSeconds: 0, uncertaintySeconds: 0.01, sampleClockPpm: null } };
  return new CoverageKeeper({
    store: kept,
    clock: { nowMs: () => nowMs },
    log: QUIET_LOG,
    infoOf: () => info as never,
  });
}

/** A second of IQ at 98–99 MHz. */
function second(startMs: number, change: Partial<PowerSpectrum> = {}): LaneLook {
  const look = {
    receiver: 'roof',
    startHz: 98e6,
    stepHz: 1000,
    bins: 1000,
    rbwHz: 1500,
    clipped: 0,
    samples: 1e6,
    lostBefore: false,
    ...change,
  };
  nowMs = startMs + 1000;
  return { look: look as PowerSpectrum, kind: 'iq', startMs, endMs: startMs + 1000, gnssTime: false } as LaneLook;
}

const QUERY = { receiver: 'roof', fromHz: 98.2e6, toHz: 98.4e6, fromMs: T0, toMs: T0 + 100_000 };

describe('the keeper of coverage', () => {
  it('knows of the time before a restart what was written, and of the time between that nothing was', async () => {
    const first = newKeeper();
    for (let k = 0; k < 40; k++) first.looked(second(T0 + k * 1000));
    await first.stop();
    const next = newKeeper();
    for (let k = 60; k < 100; k++) next.looked(second(T0 + k * 1000));
    const seen = await next.summary(QUERY);
    expect(seen.gaps).toEqual([{ fromMs: T0 + 40_000, toMs: T0 + 60_000, cause: 'unrecorded' }]);
    expect(seen.observedPct).toBeCloseTo(80, 6);
    expect(seen.clock).toEqual({ source: 'ntp', uncertaintySeconds: 0.01 });
    await next.stop();
  });

  it('does not hold what is still on its way for a gap', async () => {
    const keeper = newKeeper();
    for (let k = 0; k < 10; k++) keeper.looked(second(T0 + k * 1000));
    nowMs = T0 + 11_500;
    expect(await keeper.summary({ ...QUERY, toMs: nowMs })).toMatchObject({
      gaps: [],
      observedPct: 100,
      toMs: T0 + 10_000,
    });
    nowMs = T0 + 30_000;
    expect((await keeper.summary({ ...QUERY, toMs: nowMs })).gaps).toMatchObject([
      { fromMs: T0 + 10_000, cause: 'lost' },
    ]);
    await keeper.stop();
  });

  it('takes a clipped look for overload, and an unapproved receiver for not approved', async () => {
    const keeper = newKeeper();
    keeper.looked(second(T0));
    keeper.looked(second(T0 + 1000, { clipped: 50_000 }));
    keeper.told({ id: 'roof', state: 'online', approved: false });
    keeper.looked(second(T0 + 5000));
    const { gaps } = await keeper.summary({ ...QUERY, toMs: T0 + 6000 });
    expect(gaps.map(({ cause }) => cause)).toEqual(['overload', 'not-approved']);
    await keeper.stop();
  });

  it('keeps what a failing store did not take, and writes it when it does', async () => {
    let fails = true;
    const keeper = newKeeper({
      ...store.coverage,
      put: async (rows) => {
        if (fails) throw new Error('disk full');
        await store.coverage.put(rows);
      },
    });
    for (let k = 0; k < 10; k++) keeper.looked(second(T0 + k * 1000));
    await keeper.stop();
    expect(await store.coverage.find(QUERY)).toEqual([]);
    fails = false;
    await keeper.stop();
    expect(await store.coverage.find(QUERY)).toMatchObject([{ fromMs: T0, toMs: T0 + 10_000 }]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bearing } from '../../src/core/bearing.ts';
import type { Calibration } from '../../src/core/calibration.ts';
import type { CoverageRow } from '../../src/core/coverage.ts';
import type { Store } from '../../src/core/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { emission, silentLog } from './records.ts';

const T0 = 1_790_000_000_000.125;

const row: CoverageRow = {
  receiver: 'roof',
  lowHz: 98_088_000.5,
  highHz: 99_112_000,
  kind: 'sweep',
  fromMs: T0,
  toMs: T0 + 3_600_000,
  gaps: [
    { fromMs: T0 + 1000, toMs: T0 + 1064, cause: 'lost' },
    { fromMs: T0 + 5000, toMs: T0 + 9000.5, cause: 'not-approved' },
  ],
  moreGaps: { count: 3, totalMs: 12.5, longestMs: 6 },
  dwellSeconds: 0.0003,
  revisits: [
    [127, 3000],
    [128, 17],
  ],
  longestRevisitSeconds: 0.61,
  clock: { source: 'gnss', uncertaintySeconds: 1e-6 },
};

const calibration: Calibration = {
  id: 'roof/1',
  receiver: 'roof',
  version: 1,
  frequencyCorrectionPpm: -3.25,
  points: [{ frequencyHz: 98e6, gainDb: 22.9, levelOffsetDb: -31.5, antennaFactorDbPerM: 7.9, cableLossDb: 1.2 }],
  calibratedMs: T0,
  validUntilMs: T0 + 1e10,
  by: '王芳',
  method: '信号发生器',
};

const bearing = (id: string, timeMs: number, frequencyHz: number): Bearing => ({
  id,
  receiver: 'van-1',
  timeMs,
  frequencyHz,
  lat: 22.3,
  lon: 114.2,
  bearingDegrees: 135.5,
  uncertaintyDegrees: null,
  quality: 0.63,
  levelDb: -31.5,
  source: 'krakensdr',
  by: 'li',
  receivedMs: T0,
});

describe.each(['better-sqlite3', 'node:sqlite'] as const)('the store on %s', (binding) => {
  let store: Store | null = null;
  beforeEach(async ({ skip }) => {
    store = await openSqliteStore({ file: ':memory:', log: silentLog, bindings: [binding] }).catch(() => null);
    if (store === null) skip(`this Node has no ${binding}`);
  });
  afterEach(async () => store?.close());

  it('gives back a row of coverage as it was, and one of the same beginning takes its place', async () => {
    await store!.coverage.put([row]);
    const query = { receiver: 'roof', fromMs: T0 + 1, toMs: T0 + 2 };
    expect(await store!.coverage.find(query)).toEqual([row]);
    await store!.coverage.put([{ ...row, toMs: T0 + 4_000_000, gaps: [] }]);
    expect(await store!.coverage.find(query)).toEqual([{ ...row, toMs: T0 + 4_000_000, gaps: [] }]);
    expect(await store!.coverage.find({ ...query, receiver: 'other' })).toEqual([]);
    expect(await store!.coverage.find({ ...query, fromMs: 0, toMs: T0 })).toEqual([]);
    expect(await store!.coverage.prune(T0 + 5_000_000)).toBe(1);
  });

  it('keeps every version of a calibration, and lets none be changed', async () => {
    await store!.calibrations.add(calibration);
    await store!.calibrations.add({ ...calibration, id: 'roof/2', version: 2, validUntilMs: null, points: [] });
    await expect(store!.calibrations.add({ ...calibration, by: 'another' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await store!.calibrations.list('roof')).map(({ id }) => id)).toEqual(['roof/2', 'roof/1']);
    expect(await store!.calibrations.get('roof/1')).toEqual(calibration);
  });

  it('keeps with an emission what it was corrected by', async () => {
    const use = { id: 'roof/1', levelOffsetDb: -31.5, frequencyCorrectionPpm: -3.25, flags: ['expired'] as const };
    const record = emission('roof-x-1', 98e6, 98.2e6, { calibration: use });
    await store!.emissions.put([record, emission('roof-x-2', 98e6, 98.2e6)]);
    expect(await store!.emissions.get('roof-x-1')).toEqual(record);
    expect(await store!.emissions.get('roof-x-2')).not.toHaveProperty('calibration');
  });

  it('finds bearings by band and time, latest first, each once', async () => {
    const all = [bearing('a', T0, 98e6), bearing('b', T0 + 10, 98.1e6), bearing('c', T0 + 20, 99e6)];
    expect(await store!.bearings.add(all)).toBe(3);
    expect(await store!.bearings.add(all.slice(1))).toBe(0);
    expect(await store!.bearings.find({ fromHz: 97.9e6, toHz: 98.2e6, limit: 10 })).toEqual([all[1], all[0]]);
    expect(await store!.bearings.find({ fromMs: T0 + 15, limit: 10 })).toEqual([all[2]]);
    expect(await store!.bearings.find({ receiver: 'roof', limit: 10 })).toEqual([]);
  });
});

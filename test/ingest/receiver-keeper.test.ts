import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Frame, IqBlock } from '../../src/core/frames.ts';
import type { ReceiverRecord, ReceiverStatus } from '../../src/core/records.ts';
import { ReceiverKeeper } from '../../src/ingest/receiver-keeper.ts';

const T0_MS = Date.UTC(2026, 5, 15, 22, 0, 0);
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };

function block(change: Partial<IqBlock> = {}): IqBlock {
  return {
    kind: 'iq',
    receiver: 'rx-1',
    sequence: 1,
    timeNs: BigInt(T0_MS) * 1_000_000n,
    centerHz: 98e6,
    sampleRateHz: 250_000,
    format: 'cu8',
    samples: new Uint8Array(2 * 1024),
    pairs: 1024,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
    ...change,
  };
}

function newWorld() {
  const records = new Map<string, ReceiverRecord>();
  const credentials = new Map<string, string>();
  const frames: Frame[] = [];
  const told: ReceiverStatus[] = [];
  const clock = { ms: T0_MS, nowMs: () => clock.ms };
  const store = {
    receivers: {
      list: async () => [...records.values()],
      get: async (id: string) => records.get(id) ?? null,
      put: async (record: ReceiverRecord) => void records.set(record.id, record),
      remove: async (id: string) => {
        records.delete(id);
        credentials.delete(id);
      },
    },
    receiverCredentials: {
      get: async (id: string) => credentials.get(id) ?? null,
      put: async (id: string, hash: string) => void credentials.set(id, hash),
    },
  };
  const deps = {
    store,
    clock,
    log: QUIET_LOG,
    take: (frame: Frame) => void frames.push(frame),
    tell: (status: ReceiverStatus) => void told.push(status),
  };
  return { records, credentials, frames, told, clock, deps };
}

const looked = () => new Promise((resolve) => setTimeout(resolve, 5));
const known = (approved: boolean) => [{ id: 'rx-1', name: 'Roof', approved, location: null }];

let world: ReturnType<typeof newWorld>;
let keeper: ReceiverKeeper | null = null;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => keeper?.stop());

describe('approval', () => {
  it('lets frames of a receiver of the configuration through', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    keeper.frame(block());
    expect(world.frames).toHaveLength(1);
    expect(keeper.list()).toMatchObject([
      { id: 'rx-1', name: 'Roof', approved: true, state: 'online', frames: 1, samples: 1024 },
    ]);
  });

  it('lets an unknown receiver appear, but none of its frames through, until a person approves it', async () => {
    keeper = await ReceiverKeeper.open(world.deps, []);
    keeper.frame(block());
    await looked();
    keeper.frame(block({ sequence: 2 }));
    expect(world.frames).toEqual([]);
    expect(keeper.list()).toMatchObject([{ id: 'rx-1', approved: false, packetsRejected: 2 }]);
    expect(keeper.rejectedTotals()).toEqual({ 'not-approved': 2 });
    expect(await keeper.approve('rx-1', true)).toMatchObject({ approved: true });
    keeper.frame(block({ sequence: 3 }));
    expect(world.frames).toMatchObject([{ sequence: 3 }]);
    expect(world.records.get('rx-1')?.approved).toBe(true);
  });

  it('loses no frame of a receiver that got its credentials while the service runs', async () => {
    keeper = await ReceiverKeeper.open(world.deps, []);
    world.credentials.set('rx-1', '$argon2id$…');
    keeper.frame(block({ sequence: 1 }));
    keeper.frame(block({ sequence: 2 }));
    await looked();
    keeper.frame(block({ sequence: 3 }));
    expect(world.frames.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(keeper.rejectedTotals()).toEqual({});
  });

  it('keeps what a person decided over a restart', async () => {
    world.credentials.set('rx-1', '$argon2id$…');
    keeper = await ReceiverKeeper.open(world.deps, []);
    keeper.frame(block());
    await looked();
    await keeper.approve('rx-1', false);
    await keeper.stop();
    keeper = await ReceiverKeeper.open(world.deps, []);
    keeper.frame(block({ sequence: 2 }));
    expect(world.frames).toMatchObject([{ sequence: 1 }]);
  });

  it('keeps a refusal over a restart, against the configuration too', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    expect(await keeper.approve('rx-1', false)).toMatchObject({ approved: false, refused: true });
    await keeper.stop();
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    keeper.frame(block());
    expect(world.frames).toEqual([]);
    expect((await keeper.approve('rx-1', true)).refused).toBeUndefined();
    keeper.frame(block());
    expect(world.frames).toHaveLength(1);
  });

  it('forgets a receiver, which is new and not approved when it sends again', async () => {
    const forgotten: string[] = [];
    world.credentials.set('rx-1', '$argon2id$…');
    keeper = await ReceiverKeeper.open({ ...world.deps, forgotten: (id) => forgotten.push(id) }, []);
    keeper.frame(block());
    await looked();
    await keeper.forget('rx-1');
    expect([forgotten, keeper.list(), world.records.size]).toEqual([['rx-1'], [], 0]);
    keeper.frame(block({ sequence: 2 }));
    await looked();
    expect(keeper.list()).toMatchObject([{ approved: false }]);
    expect(keeper.list()[0].refused).toBeUndefined();
    expect(world.frames).toHaveLength(1);
  });

  it('does not forget what the configuration names, nor rename what it gives a name', async () => {
    keeper = await ReceiverKeeper.open(world.deps, [...known(true), { ...known(true)[0], id: 'rx-2', name: null }]);
    await expect(keeper.forget('rx-1')).rejects.toMatchObject({ code: 'conflict' });
    await expect(keeper.rename('rx-1', 'Mast')).rejects.toMatchObject({ code: 'conflict' });
    expect(await keeper.rename('rx-2', ' Hill, south ')).toMatchObject({ name: 'Hill, south' });
    expect(await keeper.rename('rx-2', ' ')).toMatchObject({ name: 'rx-2' });
  });

  it('says so where there is no such receiver', async () => {
    keeper = await ReceiverKeeper.open(world.deps, []);
    await expect(keeper.approve('rx-9', true)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('holds no more than 256 receivers that nobody knows', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    for (let i = 0; i < 1_000; i++) keeper.frame(block({ receiver: `invented-${i}` }));
    await looked();
    expect(keeper.list()).toHaveLength(257);
    keeper.frame(block());
    expect(world.frames).toHaveLength(1);
  });
});

describe('sanity', () => {
  it.each([
    ['a clock a week ahead', { timeNs: BigInt(T0_MS + 7 * 86_400_000) * 1_000_000n }, 'value'],
    ['a clock that was never set', { timeNs: 0n }, 'value'],
    ['no sample rate', { sampleRateHz: Number.NaN }, 'value'],
    ['a centre beyond all radio', { centerHz: 2e12 }, 'value'],
    ['fewer bytes than pairs', { samples: new Uint8Array(10) }, 'length'],
    ['next to nothing in it', { pairs: 8, samples: new Uint8Array(16) }, 'size'],
  ] as const)('refuses a block with %s', async (_case, change, reason) => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    keeper.frame(block(change));
    expect(world.frames).toEqual([]);
    expect(keeper.rejectedTotals()).toEqual({ [reason]: 1 });
  });

  it('takes what a receiver kept in its ring for a day', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    keeper.frame(block({ timeNs: BigInt(T0_MS - 86_400_000) * 1_000_000n }));
    expect(world.frames).toHaveLength(1);
  });
});

describe('presence', () => {
  it('is online with its frames, silent when it says that it is there but sends nothing, offline by its last will', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    const stateNow = () => keeper?.list()[0].state;
    expect(stateNow()).toBe('offline');
    keeper.status('rx-1', 'online');
    for (let i = 0; i < 20; i++, world.clock.ms += 50) keeper.frame(block({ sequence: i }));
    expect(stateNow()).toBe('online');
    world.clock.ms += 4_000;
    expect(stateNow()).toBe('online');
    world.clock.ms += 2_000;
    expect(stateNow()).toBe('silent');
    keeper.status('rx-1', 'offline');
    expect(stateNow()).toBe('offline');
    keeper.frame(block({ sequence: 30 }));
    expect(stateNow()).toBe('online');
  });

  it('waits longer for a receiver that sweeps once a minute', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    keeper.status('rx-1', 'online');
    for (let i = 0; i < 40; i++, world.clock.ms += 60_000)
      keeper.frame(block({ timeNs: BigInt(world.clock.ms) * 1_000_000n }));
    world.clock.ms += 120_000;
    expect(keeper.list()[0].state).toBe('online');
  });

  it('tells of a new state at once', async () => {
    keeper = await ReceiverKeeper.open(world.deps, known(true));
    keeper.status('rx-1', 'online');
    keeper.status('rx-1', 'offline');
    expect(world.told.map(({ state }) => state)).toEqual(['online', 'offline']);
  });
});

describe('what a receiver says of itself', () => {
  it('is kept, but the place that the configuration gives goes before it', async () => {
    const location = { lat: 29.4, lon: 123.1, altitudeM: null };
    keeper = await ReceiverKeeper.open(world.deps, [{ ...known(true)[0], location }]);
    const info = { model: 'V4', serial: null, location: { lat: 0, lon: 0, altitudeM: null }, antenna: null };
    keeper.info('rx-1', { ...info, calibrationOffsetDb: null, spursHz: [28.8e6], ranges: [] });
    expect(keeper.infoOf('rx-1')).toMatchObject({ model: 'V4', location, spursHz: [28.8e6] });
  });
});

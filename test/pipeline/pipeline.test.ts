import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sighting } from '../../src/alerts/sighting.ts';
import type { Frame } from '../../src/core/frames.ts';
import type { LiveSpectrum, Store } from '../../src/core/ports.ts';
import type { EmissionRecord, ReceiverInfo } from '../../src/core/records.ts';
import { createInThreadEstimation, type Estimation } from '../../src/pipeline/estimation.ts';
import { createEstimationPool } from '../../src/pipeline/estimation-pool.ts';
import { LiveHub } from '../../src/pipeline/live-hub.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { assignment, blocksOf, CENTER_HZ, RATE_HZ, T0_MS, TWO_HANDHELDS } from './scene-frames.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const OPTIONS = { queueBlocks: 1_000, falseAlarmProbability: 1e-7, window: 'hann', overlap: 0.5 } as const;

let store: Store;
beforeEach(async () => {
  store = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
});
afterEach(() => store.close());

interface WorldOptions {
  readonly estimation?: Estimation;
  readonly queueBlocks?: number;
  readonly info?: ReceiverInfo;
}

function newWorld({ estimation = createInThreadEstimation(), queueBlocks = 1_000, info }: WorldOptions = {}) {
  const sightings: Sighting[] = [];
  const acks: string[] = [];
  const spectra: LiveSpectrum[] = [];
  const emissions: EmissionRecord[] = [];
  const looks: number[] = [];
  const missing: string[] = [];
  let dropped = 0;
  const hub = new LiveHub({ receivers: () => [], emissions: () => [], counters: () => ({}) as never }, QUIET_LOG);
  hub.on('spectrum', (spectrum) => spectra.push(spectrum));
  hub.on('emission', (emission) => emissions.push(emission));
  const pipeline = new Pipeline({
    options: { ...OPTIONS, queueBlocks },
    estimation,
    store,
    hub,
    log: QUIET_LOG,
    infoOf: () => info ?? null,
    observe: (sighting) => {
      sightings.push(sighting);
      void store.emissions.get(sighting.record.id).then((stored) => stored ?? missing.push(sighting.record.id));
    },
    acknowledge: (receiver, kind, sequence) => acks.push(`${receiver} ${kind} ${sequence}`),
    dropped: (_receiver, blocks) => {
      dropped += blocks;
    },
    looked: ({ sequence }) => looks.push(sequence ?? -1),
  });
  const run = async (frames: readonly Frame[]) => {
    for (const frame of frames) pipeline.take(frame);
    await pipeline.stop();
  };
  return { pipeline, hub, sightings, acks, spectra, emissions, looks, missing, run, dropped: () => dropped };
}

const near = (records: readonly EmissionRecord[], hz: number) =>
  records.filter(({ centerHz }) => Math.abs(centerHz - hz) < 4_000);

describe('from samples to records', () => {
  it('finds both handhelds, explains one by the register, and knows when the other was on the air', async () => {
    const world = newWorld();
    world.pipeline.setRegister([assignment()]);
    await world.run(blocksOf(TWO_HANDHELDS, 1.8));
    const records = await store.emissions.find({ limit: 100 });
    const [pirate, ...others] = near(records, CENTER_HZ + 40_000);
    expect(others).toEqual([]);
    expect(pirate).toMatchObject({ verdict: 'unassigned', assignment: null, onAir: false, receiver: 'rx-1' });
    expect(Math.abs(pirate.firstSeenMs - (T0_MS + 300))).toBeLessThan(10);
    expect(Math.abs(pirate.lastSeenMs - (T0_MS + 900))).toBeLessThan(10);
    expect(pirate.id).toBe(`rx-1-${Math.floor(pirate.firstSeenMs).toString(36)}-${pirate.id.split('-').at(-1)}`);
    const [licensed] = near(records, CENTER_HZ - 60_000);
    expect(licensed).toMatchObject({ verdict: 'assigned', assignment: 'LM-1', onAir: false });
    const last = (hz: number) => near(world.emissions, hz).at(-1)?.onAir;
    expect([last(CENTER_HZ + 40_000), last(CENTER_HZ - 60_000)]).toEqual([false, true]);
  });

  it('stores an emission before it is shown to the alerts, with the time of the last sample', async () => {
    const world = newWorld();
    const blocks = blocksOf(TWO_HANDHELDS, 1);
    await world.run(blocks);
    const pirate = world.sightings.filter(({ record }) => Math.abs(record.centerHz - CENTER_HZ - 40_000) < 4_000);
    expect(pirate.length).toBeGreaterThan(0);
    expect(world.missing).toEqual([]);
    const ends = blocks.map(({ timeNs, pairs }) => Number(timeNs) / 1e6 + (pairs / RATE_HZ) * 1_000);
    expect(pirate.every(({ evidenceMs }) => ends.some((endMs) => Math.abs(endMs - evidenceMs) < 0.01))).toBe(true);
    expect(pirate.every(({ record, evidenceMs }) => record.lastSeenMs <= evidenceMs + 0.01)).toBe(true);
  });

  it('acknowledges each block once the detector has it, in order', async () => {
    const world = newWorld();
    await world.run(blocksOf(TWO_HANDHELDS, 0.4));
    expect(world.acks).toEqual(Array.from({ length: 7 }, (_, i) => `rx-1 iq ${i}`));
    expect(world.pipeline.totals).toEqual({ samples: 7 * 2 ** 14, frames: 7, blocksDropped: 0 });
  });

  it('shows a live spectrum for each block, and stores one for each second', async () => {
    const world = newWorld();
    await world.run(blocksOf(TWO_HANDHELDS, 2.5));
    expect(world.spectra).toHaveLength(40);
    const { startHz, stepHz, levels } = world.spectra[20];
    expect(startHz).toBe(CENTER_HZ - RATE_HZ / 2);
    expect(stepHz * levels.length).toBe(RATE_HZ);
    const rows = await store.spectra.find({ receiver: 'rx-1', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 100 });
    expect(rows).toHaveLength(3);
    // Noise of −40 dBFS spread over all bins, on the stored scale: its floor in a bin is known beforehand.
    const [row] = rows;
    const stored = [...row.levels].map((byte) => row.minLevel + byte * row.levelStepDb).sort((a, b) => a - b);
    const perBinDb = -40 - 10 * Math.log10(row.levels.length) + 10 * Math.log10(1.5);
    expect(Math.abs(stored[Math.floor(stored.length / 2)] - perBinDb)).toBeLessThan(1);
  });

  it('leaves out a spur that the receiver names, by its verdict', async () => {
    const carrier = { name: 'clock', signal: { kind: 'cw' }, centerHz: CENTER_HZ + 50_000, powerDbfs: -30 } as const;
    const info = { model: null, serial: null, location: null, antenna: null, calibrationOffsetDb: null, ranges: [] };
    const world = newWorld({ info: { ...info, spursHz: [CENTER_HZ + 50_000] } });
    await world.run(blocksOf({ ...TWO_HANDHELDS, emitters: [carrier] }, 0.5));
    const [spur] = near(await store.emissions.find({ limit: 10 }), CENTER_HZ + 50_000);
    expect(spur).toMatchObject({ verdict: 'artefact', artefact: 'spur' });
  });
});

describe('sweeps', () => {
  function sweep(sequence: number, peak: number): Frame {
    const powers = Float32Array.from(
      { length: 400 },
      (_, i) => -100 + 2 * Math.sin(i * 12.9898) * Math.cos(i * 78.233),
    );
    powers[123] = peak;
    return {
      kind: 'sweep',
      receiver: 'rx-2',
      sequence,
      timeNs: BigInt(T0_MS + sequence * 1_000) * 1_000_000n,
      durationSeconds: 0.8,
      startHz: 120e6,
      stepHz: 25e3,
      rbwHz: 25e3,
      unit: 'dBm',
      powers,
      gainDb: null,
      flags: [],
    };
  }

  it('store every one and acknowledge it when it is stored; the second one confirms an emission', async () => {
    const world = newWorld();
    for (let i = 0; i < 6; i++) {
      world.pipeline.take(sweep(i, -60));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await world.pipeline.stop();
    expect(world.acks).toEqual(Array.from({ length: 6 }, (_, i) => `rx-2 sweep ${i}`));
    const rows = await store.spectra.find({ receiver: 'rx-2', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 100 });
    expect(rows).toHaveLength(6);
    const [record] = await store.emissions.find({ limit: 10 });
    expect(record).toMatchObject({ unit: 'dBm', method: null, verdict: 'unassigned' });
    expect(Math.abs(record.peakHz - (120e6 + 123 * 25e3))).toBeLessThan(25e3);
    const looks = world.sightings.map((sighting) => [sighting.evidenceMs - T0_MS, sighting.looks]);
    expect(looks.find(([, count]) => count >= 2)?.[0]).toBe(1_800);
  });
});

describe('under load', () => {
  it('drops the oldest blocks whole, counts them, marks the gap and keeps the order', async () => {
    const inner = createInThreadEstimation();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gaps: number[] = [];
    const estimation: Estimation = {
      estimate: async (task) => {
        await gate;
        if (task.block.lostBefore) gaps.push(task.block.sequence);
        return inner.estimate(task);
      },
      close: inner.close,
    };
    const world = newWorld({ estimation, queueBlocks: 3 });
    for (const block of blocksOf(TWO_HANDHELDS, 1.28)) world.pipeline.take(block);
    open();
    await world.pipeline.stop();
    // 20 blocks: four under way, three kept of those that came after.
    expect(world.looks).toEqual([0, 1, 2, 3, 17, 18, 19]);
    expect(gaps).toEqual([17]);
    expect(world.dropped()).toBe(13);
    expect(world.pipeline.totals.blocksDropped).toBe(13);
  });

  it('goes on after a block whose estimation failed, counts it, and marks the gap', async () => {
    const inner = createInThreadEstimation();
    const estimation: Estimation = {
      estimate: (task) => (task.block.sequence === 2 ? Promise.reject(new Error('thread died')) : inner.estimate(task)),
      close: inner.close,
    };
    const world = newWorld({ estimation });
    await world.run(blocksOf(TWO_HANDHELDS, 0.64));
    expect(world.looks).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
    expect(world.dropped()).toBe(1);
  });

  it('keeps on when the store fails, and stores what waits when it is well again', async () => {
    const real = store.emissions.put;
    let failures = 2;
    const emissions = {
      ...store.emissions,
      put: async (records: readonly EmissionRecord[]) => {
        if (failures-- > 0) throw new Error('disk full');
        return real(records);
      },
    };
    const whole = store;
    store = { ...whole, emissions };
    const world = newWorld();
    for (const block of blocksOf(TWO_HANDHELDS, 0.64)) world.pipeline.take(block);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await world.pipeline.stop();
    store = whole;
    expect((await store.emissions.find({ limit: 10 })).length).toBeGreaterThanOrEqual(2);
    expect(world.missing).toEqual([]);
  });
});

describe('threads', () => {
  it.each([1, 2])('give the same records as one thread does, bit by bit, with %i of them', async (threads) => {
    const alone = newWorld();
    await alone.run(blocksOf(TWO_HANDHELDS, 1));
    const expected = await store.emissions.find({ limit: 100 });
    const pool = createEstimationPool(threads);
    const other = await openSqliteStore({ file: ':memory:', log: QUIET_LOG });
    const first = store;
    store = other;
    const world = newWorld({ estimation: pool });
    await world.run(blocksOf(TWO_HANDHELDS, 1));
    await pool.close();
    expect(await other.emissions.find({ limit: 100 })).toEqual(expected);
    await other.close();
    store = first;
  });
});

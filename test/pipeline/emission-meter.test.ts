import { describe, expect, it } from 'vitest';
import type { IqBlock } from '../../src/core/frames.ts';
import type { EmissionMeasurement } from '../../src/core/measurement.ts';
import type { EmissionRecord } from '../../src/core/records.ts';
import { EmissionMeter, type MeasuredLook, standing } from '../../src/pipeline/emission-meter.ts';
import type { MeasurementTask } from '../../src/pipeline/measurement.ts';
import { RecentBlocks } from '../../src/pipeline/recent-blocks.ts';
import { emission } from '../store/records.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const RATE_HZ = 256_000;
const PAIRS = 16_384;
const BLOCK_MS = (1_000 * PAIRS) / RATE_HZ;

function block(index: number, change: Partial<IqBlock> = {}): IqBlock {
  return {
    kind: 'iq',
    receiver: 'rx',
    sequence: index,
    timeNs: BigInt(Math.round(index * BLOCK_MS * 1e6)),
    centerHz: 100e6,
    sampleRateHz: RATE_HZ,
    format: 'cu8',
    samples: new Uint8Array(2 * PAIRS).fill(index),
    pairs: PAIRS,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
    ...change,
  };
}

const sequences = (blocks: readonly IqBlock[]) => blocks.map(({ sequence }) => sequence);

describe('the recent blocks', () => {
  it('are a copy: what becomes of the samples afterwards does not matter', () => {
    const recent = new RecentBlocks(1);
    const taken = block(7);
    recent.remember(taken);
    taken.samples.fill(0);
    expect(recent.until(taken.timeNs, 0, 1)[0].samples[5]).toBe(7);
  });

  it('are not written over while they are lent, to one or to two; then their memory serves again', () => {
    const recent = new RecentBlocks(0.2);
    const remember = (from: number, to: number) => {
      for (let i = from; i < to; i++) recent.remember(block(i));
    };
    remember(0, 3);
    const one = recent.until(block(2).timeNs, 0, 0.2);
    const other = recent.until(block(2).timeNs, 0, 0.2);
    const isWhole = () => one.every(({ sequence, samples }) => samples.every((value) => value === sequence));
    remember(3, 30);
    expect(isWhole()).toBe(true);
    recent.giveBack(one);
    remember(30, 60);
    expect(isWhole()).toBe(true);
    recent.giveBack(other);
    remember(60, 90);
    expect(isWhole()).toBe(false);
  });

  it('are those up to the one asked for, over the time asked for, from where the emission began', () => {
    const recent = new RecentBlocks(2);
    for (let i = 0; i < 20; i++) recent.remember(block(i));
    expect(sequences(recent.until(block(12).timeNs, 0, 0.2))).toEqual([10, 11, 12]);
    expect(sequences(recent.until(block(12).timeNs, 11 * BLOCK_MS + 1, 1))).toEqual([11, 12]);
    expect(recent.until(block(40).timeNs, 0, 1)).toEqual([]);
  });

  it('never reach over a loss, another tuning, or a gap in time', () => {
    for (const odd of [block(5, { lostBefore: true }), block(5, { timeNs: block(6).timeNs + 1n })]) {
      const recent = new RecentBlocks(2);
      for (const each of [block(3), block(4), odd]) recent.remember(each);
      expect(sequences(recent.until(odd.timeNs, 0, 1))).toEqual([5]);
    }
    const recent = new RecentBlocks(2);
    for (const each of [block(3), block(4, { centerHz: 101e6 }), block(5)]) recent.remember(each);
    expect(sequences(recent.until(block(5).timeNs, 0, 1))).toEqual([5]);
  });

  it('are bounded in time and in bytes', () => {
    const recent = new RecentBlocks(0.25);
    for (let i = 0; i < 100; i++) recent.remember(block(i));
    expect(recent.until(block(99).timeNs, 0, 10).length).toBeLessThanOrEqual(4);
    const wide = new RecentBlocks(10);
    for (let i = 0; i < 10; i++) {
      wide.remember(block(i, { samples: new Uint8Array(2 ** 21), pairs: 2 ** 20, sampleRateHz: 2 ** 24 / 1.024 }));
    }
    expect(wide.until(block(9).timeNs, 0, 10).length).toBeLessThanOrEqual(4);
  });
});

const SCALE = { unit: 'dBFS', offsetsDb: null, at: () => ({ offsetDb: 0, use: null }) } as const;

function lookAt(index: number): MeasuredLook {
  const startMs = index * BLOCK_MS;
  const endMs = startMs + BLOCK_MS;
  return { block: block(index), startMs, endMs, frequencyCorrectionPpm: null, scale: SCALE, calibration: null };
}

/** A receiver that hears `count` emissions for `looks` looks; what was measured, in its order. */
async function measuredOf(count: number, looks: number, change: Partial<EmissionRecord> = {}): Promise<string[]> {
  const lows: number[] = [];
  const meter = new EmissionMeter({
    receiver: 'rx',
    log: QUIET_LOG,
    measure: async ({ targets }: MeasurementTask) => {
      lows.push(targets[0].lowHz);
      return [null];
    },
    done: () => undefined,
  });
  for (let i = 0; i < looks; i++) {
    const look = lookAt(i);
    meter.remember(block(i));
    const changes = Array.from({ length: count }, (_, k) => {
      const seen = { artefact: null, firstSeenMs: 0, lastSeenMs: look.endMs, onAir: true, snrDb: 20, ...change };
      const record = emission(`e${k}`, 100e6 + k * 1_000, 100e6 + k * 1_000 + 500, seen);
      return { record, change: 'updated' as const, looks: i, turned: false, service: '' };
    });
    meter.looked(changes, look);
    await meter.idle();
  }
  return lows.map((hz) => `e${(hz - 100e6) / 1_000}`);
}

describe('the meter', () => {
  it('measures an emission once it has been on for a while, again after 1.5 s and 10 s, then each minute', async () => {
    const looks = Math.round(200_000 / BLOCK_MS);
    // At 0.2, 1.7, 11.7, 71.7, 131.7 and 191.7 s.
    expect(await measuredOf(1, looks)).toHaveLength(6);
  });

  it('measures no more than two a second in all, and each once before any twice', async () => {
    const seconds = 10;
    const order = await measuredOf(40, Math.round((seconds * 1_000) / BLOCK_MS));
    expect(order.length).toBeGreaterThanOrEqual(2 * seconds - 2);
    expect(order.length).toBeLessThanOrEqual(2 * seconds + 2);
    expect(new Set(order).size).toBe(order.length);
  });

  it('leaves artefacts alone, what is too weak, and what is not on the air now', async () => {
    expect(await measuredOf(1, 20, { artefact: 'spur' })).toEqual([]);
    expect(await measuredOf(1, 20, { snrDb: 5 })).toEqual([]);
    expect(await measuredOf(1, 20, { lastSeenMs: -1 })).toEqual([]);
  });
});

describe('of two measurements', () => {
  const of = (change: Partial<EmissionMeasurement>) => ({ rds: null, ...change }) as EmissionMeasurement;

  it('the later stands', () => {
    expect(standing(null, of({ modulation: 'fsk' })).modulation).toBe('fsk');
    expect(standing(of({ modulation: 'psk' }), of({ modulation: 'fsk' })).modulation).toBe('fsk');
  });

  it('a pause of speech makes no carrier of a transmission, and nothing told undoes nothing', () => {
    expect(standing(of({ modulation: 'nfm' }), of({ modulation: 'unmodulated' })).modulation).toBe('nfm');
    expect(standing(of({ modulation: 'wfm' }), of({ modulation: 'unknown' })).modulation).toBe('wfm');
    expect(standing(of({ modulation: 'unmodulated' }), of({ modulation: 'am' })).modulation).toBe('am');
  });

  it('the letters of a station’s name add up, but not those of another station', () => {
    const rds = (pi: number, name: string | null) =>
      of({ modulation: 'wfm', rds: { pi, name, blocks: 9, goodBlocks: 9 } });
    expect(standing(rds(1, 'RA__O 1 '), rds(1, '__DI____')).rds?.name).toBe('RADIO 1 ');
    expect(standing(rds(1, 'RADIO 1 '), rds(1, null)).rds?.name).toBe('RADIO 1 ');
    expect(standing(rds(1, 'RADIO 1 '), rds(2, '__DI____')).rds?.name).toBe('__DI____');
    expect(standing(rds(1, 'RADIO 1 '), of({ modulation: 'wfm' })).rds?.name).toBe('RADIO 1 ');
  });
});

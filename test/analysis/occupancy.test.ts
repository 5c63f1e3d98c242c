import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bandShare,
  counted,
  estimateOccupancy,
  NOTHING_COUNTED,
  type OccupancyCounts,
  samplesNeeded,
  timeOccupancy,
} from '../../src/analysis/occupancy.ts';
import { Random } from '../../src/simulation/random.ts';

function countsOf(states: readonly (boolean | null)[]): OccupancyCounts {
  let counts = NOTHING_COUNTED;
  let before: boolean | null = null;
  for (const state of states) {
    if (state !== null) counts = counted(counts, state, before);
    before = state;
  }
  return counts;
}

/** A channel that changes with these probabilities at each sample; its occupancy is p01/(p01 + p10). */
function chain(p01: number, p10: number, samples: number, seed: number): boolean[] {
  const random = new Random(seed, 4);
  let state = random.uniform() < p01 / (p01 + p10);
  return Array.from({ length: samples }, () => {
    const is = state;
    state = random.uniform() < (state ? p10 : p01) ? !state : state;
    return is;
  });
}

describe('the number of samples for ±10 % at 95 %', () => {
  // Report ITU-R SM.2256, table of independent samples.
  it.each([
    [0.0667, 5_375],
    [0.1, 3_457],
    [0.15, 2_177],
    [0.2, 1_537],
    [0.3, 896],
    [0.4, 576],
    [0.5, 384],
    [0.6, 256],
    [0.7, 165],
  ])('at an occupancy of %d is %d', (occupancy, samples) => {
    expect(Math.abs(samplesNeeded(occupancy, 0.1) / samples - 1)).toBeLessThan(0.003);
  });
});

describe('channel occupancy', () => {
  it('is the share of occupied samples; gaps are neither free nor occupied', () => {
    const counts = countsOf([true, true, null, false, true, null, null, false]);
    expect(counts).toEqual({ samples: 5, occupied: 3, rises: 1, falls: 0 });
    expect(estimateOccupancy(counts)?.occupancy).toBe(0.6);
    expect(estimateOccupancy(NOTHING_COUNTED)).toBeNull();
  });

  it('of independent samples has about as many effective ones', () => {
    const estimate = estimateOccupancy(countsOf(chain(0.3, 0.7, 20_000, 1)))!;
    expect(estimate.effectiveSamples / 20_000).toBeGreaterThan(0.9);
    expect(estimate.effectiveSamples).toBeLessThanOrEqual(20_000);
  });

  it('of samples that are alike has (1 − ρ)/(1 + ρ) of them, ρ = 1 − p01 − p10', () => {
    const estimate = estimateOccupancy(countsOf(chain(0.01, 0.04, 200_000, 2)))!;
    expect(estimate.effectiveSamples / (200_000 * (0.05 / 1.95))).toBeCloseTo(1, 1);
  });

  it.each([
    [0.3, 0.7],
    [0.02, 0.02],
    [0.005, 0.045],
  ])('lies in its interval in 95 of 100 runs, whether samples are alike or not (%d, %d)', (p01, p10) => {
    const truth = p01 / (p01 + p10);
    let inside = 0;
    for (let seed = 0; seed < 300; seed++) {
      const { low, high } = estimateOccupancy(countsOf(chain(p01, p10, 4_000, seed)))!;
      if (low <= truth && truth <= high) inside++;
    }
    expect(inside / 300).toBeGreaterThan(0.91);
    expect(inside / 300).toBeLessThan(0.995);
  });

  it('of a channel that never changed is not certain', () => {
    const free = estimateOccupancy(countsOf(new Array(1_000).fill(false)))!;
    expect(free.low).toBe(0);
    expect(free.high).toBeGreaterThan(0.001);
    const full = estimateOccupancy(countsOf(new Array(1_000).fill(true)))!;
    expect(full.high).toBe(1);
    expect(full.low).toBeLessThan(0.999);
  });

  it('lies between 0 and 1 with its interval around it, whatever was counted', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.boolean()), { maxLength: 200 }), (states) => {
        const estimate = estimateOccupancy(countsOf(states));
        if (estimate === null) return states.every((state) => state === null);
        const { low, occupancy, high, effectiveSamples } = estimate;
        return 0 <= low && low <= occupancy && occupancy <= high && high <= 1 && effectiveSamples >= 1;
      }),
    );
  });
});

describe('occupancy from times', () => {
  it('counts what lies in the period', () => {
    const active = [
      { startSeconds: -1, stopSeconds: 1 },
      { startSeconds: 4, stopSeconds: 6 },
      { startSeconds: 9, stopSeconds: 20 },
    ];
    expect(timeOccupancy(active, 0, 10)).toBeCloseTo(0.4, 12);
    expect(timeOccupancy([], 0, 10)).toBe(0);
  });
});

describe('the share of a band', () => {
  it('counts what overlaps once, and not what lies outside', () => {
    const parts = [
      { lowHz: 10, highHz: 30 },
      { lowHz: 20, highHz: 40 },
      { lowHz: 90, highHz: 200 },
    ];
    expect(bandShare(parts, 0, 100)).toBeCloseTo(0.4, 12);
  });
});

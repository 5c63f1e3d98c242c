import { expect, it } from 'vitest';
import { findClusters, splitAtValleys } from '../../src/detection/clusters.ts';

const BINS = 96;
const floor = new Float32Array(BINS).fill(2);

/** Ratios over the floor at given bins, 1 elsewhere. */
function powerOf(ratios: Readonly<Record<number, number>>): Float32Array {
  return Float32Array.from({ length: BINS }, (_, k) => 2 * (ratios[k] ?? 1));
}

function clustersOf(power: Float32Array, upper: number, lower: number, gapBins: number) {
  const places = Int32Array.from(Array.from(power.keys()).filter((k) => power[k] >= upper * floor[k]));
  return findClusters({ power, floor, places, lower, gapBins, by: 'mean' });
}

it('a cluster reaches from a bin over the upper threshold over all that exceed the lower one, across gaps up to the limit', () => {
  // A gap of three between 20 and 24, one of four between 24 and 29.
  const power = powerOf({ 0: 20, 18: 3, 19: 12, 20: 3, 24: 4, 29: 4, 40: 5, 95: 11 });
  const found = clustersOf(power, 10, 2.5, 3).map(({ lowBin, highBin, peakBin }) => [lowBin, highBin, peakBin]);
  expect(found).toEqual([
    [0, 0, 0],
    [18, 24, 19],
    [95, 95, 95],
  ]);
});

it('several bins over the upper threshold in one stretch are one cluster, with the strongest as its peak', () => {
  const found = clustersOf(powerOf({ 30: 11, 31: 50, 33: 12, 36: 70 }), 10, 2.5, 3);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ lowBin: 30, highBin: 36, peakBin: 36, peakRatio: 70 });
});

it('two peaks part where the valley between them is 18 dB deep, and stay one where it is not', () => {
  const hill = (valley: number) =>
    powerOf(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [30 + i, i < 12 || i >= 28 ? 10_000 : valley])));
  const parted = (valley: number) => {
    const power = hill(valley);
    return splitAtValleys(clustersOf(power, 10, 2.5, 3), power, floor).map(({ lowBin, highBin }) => [lowBin, highBin]);
  };
  expect(parted(1_000)).toEqual([[30, 69]]);
  const [left, right] = parted(20);
  expect(left[0]).toBe(30);
  expect(right[1]).toBe(69);
  expect(left[1]).toBe(right[0] - 1);
  expect(left[1]).toBeGreaterThan(41);
  expect(right[0]).toBeLessThan(59);
});

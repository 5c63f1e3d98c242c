import { describe, expect, it } from 'vitest';
import { createKernelRowStatistics } from '../../src/dsp/kernel/kernel-row-statistics.ts';
import { createRowStatistics, type RowStatistics } from '../../src/dsp/row-statistics.ts';
import { loadKernel } from '../../src/pipeline/kernel-file.ts';
import { testSignal } from '../support/test-signal.ts';

/** The step of numbers of 12 significant bits about `value`. */
function ulp(value: number): number {
  return 2 ** (Math.floor(Math.log2(value)) - 12);
}

/** Positive values with a wide spread, as powers are. */
function powers(count: number, seed: number): Float32Array {
  const values = new Float32Array(testSignal('cf32', Math.ceil(count / 2), seed).buffer).slice(0, count);
  return values.map((value) => value * value + 1e-4);
}

const implementations: [string, () => RowStatistics][] = [
  ['in TypeScript', createRowStatistics],
  ['by the kernel', () => createKernelRowStatistics(loadKernel()!)],
];

describe.each(implementations)('statistics of rows %s', (_, create) => {
  it('are totals, means and maxima', () => {
    const statistics = create();
    const rows = Float32Array.from({ length: 3 * 64 }, (_, i) => (i % 64) + 100 * Math.floor(i / 64));
    statistics.take(rows, 64);
    expect([...statistics.runTotals(1)]).toEqual([2016, 2016 + 6400, 2016 + 12_800]);
    // 0 … 31 and 32 … 63.
    const halves = [496, 1520];
    expect([...statistics.runTotals(2)]).toEqual([0, 3200, 6400].flatMap((more) => halves.map((sum) => sum + more)));
    const { mean, max } = statistics.fold();
    expect([...mean]).toEqual(Array.from({ length: 64 }, (_, k) => k + 100));
    expect([...max]).toEqual(Array.from({ length: 64 }, (_, k) => k + 200));
  });

  it('are the largest sums of limited ratios in boxes, with noise beyond the ends', () => {
    const statistics = create();
    const rows = new Float32Array(2 * 64).fill(2);
    rows[10] = 50;
    rows[64 + 63] = 6;
    statistics.take(rows, 64);
    statistics.over(new Float32Array(64).fill(2));
    const [eight, thirtyTwo] = statistics.boxMaxima(rows, 4);
    // Ratio 1 everywhere, limited to 4 at bin 10 of one row and 3 at bin 63 of the other.
    const expected = (half: number) =>
      Array.from({ length: 64 }, (_, k) => {
        const from = Math.max(0, k - half);
        const to = Math.min(64, k + half);
        return 2 * half + Math.max(from <= 10 && to > 10 ? 3 : 0, to === 64 ? 2 : 0);
      });
    expect([...eight]).toEqual(expected(4));
    expect([...thirtyTwo]).toEqual(expected(16));
  });
});

it.each([
  [16, 1],
  [64, 5],
  [4096, 15],
  [1001, 3],
])('statistics of rows of %i bins, %i of them, are the same bit by bit by the kernel', (bins, count) => {
  const rows = powers(bins * count, 1);
  const floor = powers(bins, 2);
  const [reference, kernel] = implementations.map(([, create]) => create());
  for (const statistics of [reference, kernel]) statistics.take(rows, bins);
  for (const runs of [1, 3, 4, 64]) expect(kernel.runTotals(runs)).toEqual(reference.runTotals(runs));
  const values = powers(bins, 3);
  const answers = [reference, kernel].map((statistics) => {
    const { mean, max } = statistics.fold();
    statistics.over(floor);
    return {
      ...{ mean, max },
      boxes: [rows, mean, max, values].map((of) => statistics.boxMaxima(of, 1.6)),
      places: [mean, values].map((of) => statistics.boxPlaces(of, 1.6, 9, 30)),
      onlyEights: statistics.boxPlaces(max, 1.6, 9, Number.POSITIVE_INFINITY),
      exceedances: [mean, max, values].map((of) => statistics.exceedances(of, 1.5)),
      stretches: [40, 41, 60].map((least) => statistics.stretches(least)),
    };
  });
  expect(answers[1]).toEqual(answers[0]);
});

it('the stretches that boxes are looked for in miss no box of 32 that reaches the least', () => {
  const [bins, least] = [256, 39];
  for (const [, create] of implementations) {
    const statistics = create();
    let reached = 0;
    for (let seed = 1; seed < 20; seed++) {
      const rows = powers(3 * bins, seed);
      statistics.take(rows, bins);
      statistics.over(powers(bins, 100 + seed).map((power) => power / 4 + 0.06));
      const [, boxes] = statistics.boxMaxima(rows, 3);
      const firsts = new Set(statistics.stretches(least * (1 - 1e-5)));
      for (let k = 0; k < bins; k++) {
        if (boxes[k] < least) continue;
        reached++;
        expect(firsts.has(k - (k % 8) - 16)).toBe(true);
      }
    }
    expect(reached).toBeGreaterThan(100);
  }
});

it('stretches are those whose blocks of eight over their lowest floor come to the least', () => {
  const rows = new Float32Array(2 * 128).fill(1);
  rows.fill(9, 128 + 40, 128 + 48);
  const floor = new Float32Array(128).fill(1);
  floor[100] = 0.5;
  for (const [, create] of implementations) {
    const statistics = create();
    statistics.take(rows, 128);
    statistics.over(floor);
    // 4 · 8 + 72 in bins 40 … 47; 4 · 8 + 16 over the floor in bins 96 … 103.
    expect([...statistics.stretches(104)]).toEqual([8, 16, 24, 32, 40]);
    expect([...statistics.stretches(48)]).toEqual([8, 16, 24, 32, 40, 64, 72, 80, 88, 96]);
  }
});

it('exceedances are the bins at or over the factor times the floor', () => {
  const values = Float32Array.from({ length: 32 }, (_, k) => k);
  const floor = new Float32Array(32).fill(2);
  floor[31] = 100;
  for (const [, create] of implementations) {
    const statistics = create();
    statistics.take(values, 32);
    statistics.over(floor);
    expect([...statistics.exceedances(values, 14)]).toEqual([28, 29, 30]);
    expect([...statistics.exceedances(values, 1000)]).toEqual([]);
  }
});

it.each([
  [64, 64, 12],
  [16, 16, 3],
  [15, 15, 0],
  [1, 4096, 2048],
])(
  'the value of a rank in each of %i segments of %i is that of the sorted segment, by the kernel as well',
  (segments, length, rank) => {
    const values = powers(segments * length, 3);
    values[5] = 0;
    // The last segment is of one value.
    if (segments > 1) values.fill(0.25, (segments - 1) * length);
    const sorted = Array.from({ length: segments }, (_, i) => {
      const exact = values.slice(i * length, (i + 1) * length).sort()[rank];
      return exact === 0 ? 0 : Math.floor(exact / ulp(exact)) * ulp(exact);
    });
    for (const [, create] of implementations) {
      const statistics = create();
      statistics.take(powers(64, 4), 64);
      expect([...statistics.segmentRanks(values, segments, rank)]).toEqual(sorted);
      expect([...statistics.fold().mean]).toEqual([...powers(64, 4)]);
    }
  },
);

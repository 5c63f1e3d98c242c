import { describe, expect, it } from 'vitest';
import { createKernelRowStatistics } from '../../src/dsp/kernel/kernel-row-statistics.ts';
import { createRowStatistics, type RowStatistics } from '../../src/dsp/row-statistics.ts';
import { loadKernel } from '../../src/pipeline/kernel-file.ts';
import { testSignal } from '../support/test-signal.ts';

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
    expect([...statistics.totals()]).toEqual([2016, 2016 + 6400, 2016 + 12_800]);
    const { mean, max } = statistics.fold();
    expect([...mean]).toEqual(Array.from({ length: 64 }, (_, k) => k + 100));
    expect([...max]).toEqual(Array.from({ length: 64 }, (_, k) => k + 200));
  });

  it('are the largest sums of limited ratios in boxes, with zeros beyond the ends', () => {
    const statistics = create();
    const rows = new Float32Array(2 * 64).fill(2);
    rows[10] = 50;
    rows[64 + 63] = 6;
    statistics.take(rows, 64);
    const [eight, thirtyTwo] = statistics.boxMaxima(new Float32Array(64).fill(2), 4);
    // Ratio 1 everywhere, limited to 4 at bin 10 of one row and 3 at bin 63 of the other.
    const expected = (half: number) =>
      Array.from({ length: 64 }, (_, k) => {
        const from = Math.max(0, k - half);
        const to = Math.min(64, k + half);
        return to - from + Math.max(from <= 10 && to > 10 ? 3 : 0, to === 64 ? 2 : 0);
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
  expect(kernel.totals()).toEqual(reference.totals());
  expect(kernel.fold()).toEqual(reference.fold());
  expect(kernel.boxMaxima(floor, 1.6)).toEqual(reference.boxMaxima(floor, 1.6));
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
    const sorted = Array.from({ length: segments }, (_, i) => values.slice(i * length, (i + 1) * length).sort()[rank]);
    for (const [, create] of implementations) {
      const statistics = create();
      statistics.take(powers(64, 4), 64);
      expect([...statistics.segmentRanks(values, segments, rank)]).toEqual(sorted);
      expect([...statistics.fold().mean]).toEqual([...powers(64, 4)]);
    }
  },
);

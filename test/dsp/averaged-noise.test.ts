import { describe, expect, it } from 'vitest';
import {
  averagedNoiseThreshold,
  exponentialSumTail,
  segmentCorrelation,
  toeplitzEigenvalues,
} from '../../src/dsp/averaged-noise.ts';
import { gammaThreshold, upperGamma } from '../../src/dsp/gamma.ts';
import { createWindow, effectiveAverages } from '../../src/dsp/windows.ts';
import { Random } from '../../src/simulation/random.ts';

describe('noise in averaged, overlapping periodograms', () => {
  it('of Hann windows at half overlap is correlated by 1/6 with the next and with no other', () => {
    const [own, next, after] = segmentCorrelation(createWindow('hann', 4096), 0.5);
    expect(own).toBe(1);
    expect(next).toBeCloseTo(1 / 6, 6);
    expect(after).toBeUndefined();
  });

  it('has the eigenvalues 1 + 2ρ·cos(iπ/(K + 1)) of a tridiagonal Toeplitz matrix', () => {
    const size = 12;
    const expected = Array.from({ length: size }, (_, i) => 1 + (2 / 6) * Math.cos(((i + 1) * Math.PI) / (size + 1)));
    const found = Array.from(toeplitzEigenvalues([1, 1 / 6], size)).sort((a, b) => b - a);
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 10);
  });

  /** Moschopoulos' series (1985): exact, a mixture of gamma distributions with positive terms; slow for many weights. */
  function exactTail(weights: readonly number[], x: number): number {
    const smallest = Math.min(...weights);
    const shape = weights.length;
    const deltas = [weights.reduce((product, weight) => product * (smallest / weight), 1)];
    const sums = [0];
    let total = deltas[0] * upperGamma(shape, x / smallest);
    for (let k = 1; k < 600; k++) {
      sums.push(weights.reduce((sum, weight) => sum + (1 - smallest / weight) ** k, 0));
      let delta = 0;
      for (let j = 1; j <= k; j++) delta += sums[j] * deltas[k - j];
      deltas.push(delta / k);
      total += deltas[k] * upperGamma(shape + k, x / smallest);
    }
    return total;
  }

  it.each([2, 4, 8, 16])(
    'has for %d periodograms at half overlap the exact tail within 3 %%, from 1e-2 to 1e-8',
    (count) => {
      const weights = toeplitzEigenvalues([1, 1 / 6], count).map((value) => value / count);
      for (const tail of [1e-2, 1e-5, 1e-8]) {
        const x = averagedNoiseThreshold(createWindow('hann', 1024), count, 0.5, tail);
        expect(Math.abs(exactTail(Array.from(weights), x) / tail - 1)).toBeLessThan(0.03);
      }
    },
  );

  it('measures itself against a series that is right: two exponentials have the tail (a·e^−x/a − b·e^−x/b)/(a − b)', () => {
    for (const x of [0.5, 2, 8, 16]) {
      const [a, b] = [0.7, 0.4];
      const exact = (a * Math.exp(-x / a) - b * Math.exp(-x / b)) / (a - b);
      expect(exactTail([a, b], x) / exact).toBeCloseTo(1, 8);
    }
  });

  it('without overlap needs the threshold of the gamma distribution', () => {
    const window = createWindow('hann', 256);
    for (const averages of [1, 4, 32]) {
      const exact = averagedNoiseThreshold(window, averages, 0, 1e-7);
      expect(exact / gammaThreshold(averages, 1e-7)).toBeCloseTo(1, 6);
    }
  });

  it('under overlap exceeds the threshold of an effective gamma more than twice too often at 1e-7, and its own as set', () => {
    const window = createWindow('hann', 256);
    const weights = toeplitzEigenvalues(segmentCorrelation(window, 0.75), 4).map((value) => value / 4);
    const effective = gammaThreshold(effectiveAverages(window, 4, 0.75), 1e-7);
    expect(exponentialSumTail(weights, effective)).toBeGreaterThan(2e-7);
    const exact = averagedNoiseThreshold(window, 4, 0.75, 1e-7);
    expect(exponentialSumTail(weights, exact) / 1e-7).toBeCloseTo(1, 4);
  });

  it('agrees with half a million draws of the sum', () => {
    const weights = Float64Array.of(0.45, 0.3, 0.15, 0.1);
    const random = new Random(3);
    let over = 0;
    for (let i = 0; i < 500_000; i++) {
      let sum = 0;
      for (const weight of weights) sum -= weight * Math.log(1 - random.uniform());
      if (sum > 2.5) over++;
    }
    const expected = exponentialSumTail(weights, 2.5) * 500_000;
    // The formula's own error for so few weights, and four standard deviations of the count.
    expect(Math.abs(over - expected)).toBeLessThan(0.03 * expected + 4 * Math.sqrt(expected));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gammaThreshold, logGamma, lowestShareMean, upperGamma } from '../../src/dsp/gamma.ts';

const db = (x: number) => 10 * Math.log10(x);

describe('the gamma distribution of averaged noise', () => {
  it('has ln Γ(n) = ln (n − 1)! and Γ(½) = √π', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 10);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  });

  it('is the exponential for one average: Q(1, x) = e^−x', () => {
    for (const x of [0.1, 1, 5, 16, 40]) expect(upperGamma(1, x) / Math.exp(-x)).toBeCloseTo(1, 10);
  });

  it('is the Erlang tail for whole shapes: Q(n, x) = e^−x Σ x^k/k!', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 80, noNaN: true }), (n, x) => {
        let term = Math.exp(-x);
        let tail = term;
        for (let k = 1; k < n; k++) {
          term *= x / k;
          tail += term;
        }
        expect(Math.abs(upperGamma(n, x) - tail)).toBeLessThan(1e-11);
      }),
    );
  });

  // dB over the mean for a false-alarm probability, from an independent numerical table.
  it.each([
    [1, 1e-2, 6.63],
    [1, 1e-7, 12.07],
    [4, 1e-4, 6.0],
    [16, 1e-5, 3.88],
    [64, 1e-6, 2.33],
    [256, 1e-7, 1.33],
  ])('noise averaged %d times exceeds with probability %d a threshold of %d dB', (averages, tail, expectedDb) => {
    expect(db(gammaThreshold(averages, tail))).toBeCloseTo(expectedDb, 1);
  });

  // The bias of the "80 % method" (SM.1880) without its correction, verified numerically.
  it.each([
    [1, -9.69],
    [4, -3.8],
    [16, -1.69],
    [128, -0.56],
  ])('the mean of the lowest fifth of noise averaged %d times lies %d dB off the true mean', (averages, bias) => {
    expect(db(lowestShareMean(averages, 0.2))).toBeCloseTo(bias, 1);
  });
});

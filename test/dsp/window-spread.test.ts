import { expect, it } from 'vitest';
import { sharpened, windowSpread } from '../../src/dsp/window-spread.ts';

it('the Hann window answers a line by (sin(πδ)/(πδ)/(1 − δ²))², and spreads by a third of a bin²', () => {
  const { responseAt, varianceBins2 } = windowSpread('hann');
  for (const offset of [0.25, 0.5, 0.8, 1.5, 2.5]) {
    const closed = (Math.sin(Math.PI * offset) / (Math.PI * offset) / (1 - offset ** 2)) ** 2;
    expect(Math.abs(responseAt(offset) - closed)).toBeLessThan(1e-3);
  }
  expect(responseAt(0)).toBeCloseTo(1, 12);
  expect(varianceBins2).toBeCloseTo(1 / 3 + 1 / 12, 3);
});

it('sharpening keeps the power, and takes the variance of the spread off a smooth spectrum', () => {
  const values = Float64Array.from({ length: 101 }, (_, k) => Math.exp(-((k - 50) ** 2) / (2 * 36)));
  const sharp = sharpened(values, 0.4);
  const moments = (spectrum: Float64Array) => {
    const sum = spectrum.reduce((total, value) => total + value, 0);
    const variance = spectrum.reduce((total, value, k) => total + value * (k - 50) ** 2, 0) / sum;
    return { sum, variance };
  };
  expect(moments(sharp).sum).toBeCloseTo(moments(values).sum, 9);
  expect(moments(values).variance - moments(sharp).variance).toBeCloseTo(0.4, 6);
});

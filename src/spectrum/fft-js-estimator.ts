import FFT from 'fft.js';
import { BYTES_PER_PAIR, type IqBlock } from '../core/frames.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { createRowStatistics } from '../dsp/row-statistics.ts';
import { createWindow } from '../dsp/windows.ts';
import type { SpectrumEstimator } from './estimator.ts';
import type { EstimationPlan } from './plan.ts';
import { countClipped, SAMPLE_READERS } from './samples.ts';
import { cutBlock, lookOf, methodOf } from './welch.ts';

/**
 * Welch's method with fft.js: rows of averaged |FFT(w·x)|²/(Σw)², so that a full-scale tone at a bin's centre reads 1
 * and white noise of power P reads P·ENBW/N. Bins run from −rate/2 upwards (the zero frequency is bin N/2).
 * A block shorter than one transform is padded with zeros and gives one row.
 */
export function createFftJsEstimator(plan: EstimationPlan): SpectrumEstimator {
  const bins = plan.transformBins;
  const window = createWindow(plan.window, bins);
  const scale = 1 / (window.sum * window.sum);
  const fft = new FFT(bins);
  const values = new Float32Array(2 * bins);
  const input = new Float64Array(2 * bins);
  const output = fft.createComplexArray();
  const method = methodOf(plan, window);

  function transform(block: IqBlock, firstPair: number): void {
    const pairs = Math.min(bins, block.pairs - firstPair);
    if (pairs < bins) values.fill(0);
    SAMPLE_READERS[block.format](block.samples, 2 * firstPair, 2 * pairs, values);
    for (let n = 0; n < bins; n++) {
      const w = window.values[n];
      input[2 * n] = values[2 * n] * w;
      input[2 * n + 1] = values[2 * n + 1] * w;
    }
    fft.transform(output, input);
  }

  function accumulate(mean: Float32Array, row: number, max: Float32Array, weight: number): void {
    const half = bins >> 1;
    const base = row * bins;
    for (let k = 0; k < bins; k++) {
      const re = output[2 * k];
      const im = output[2 * k + 1];
      const power = (re * re + im * im) * scale;
      const at = (k + half) & (bins - 1);
      mean[base + at] += power * weight;
      if (power > max[at]) max[at] = power;
    }
  }

  return {
    method,
    statistics: createRowStatistics(),
    estimate(block: IqBlock): PowerSpectrum {
      const cuts = cutBlock(block.pairs, plan);
      const { hop, transforms, rows } = cuts;
      const mean = new Float32Array(rows * bins);
      const max = new Float32Array(bins);
      for (let row = 0; row < rows; row++) {
        const first = Math.floor((row * transforms) / rows);
        const end = Math.floor(((row + 1) * transforms) / rows);
        for (let i = first; i < end; i++) {
          transform(block, i * hop);
          accumulate(mean, row, max, 1 / (end - first));
        }
      }
      const clipped = countClipped(block.format, block.samples.subarray(0, block.pairs * BYTES_PER_PAIR[block.format]));
      return lookOf(block, method, cuts, { mean, max, clipped });
    },
  };
}

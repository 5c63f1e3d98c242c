import { BYTES_PER_PAIR, type IqBlock } from '../core/frames.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import type { CompiledKernel } from '../dsp/kernel/engine.ts';
import { Kernel } from '../dsp/kernel/kernel.ts';
import { createWindow } from '../dsp/windows.ts';
import type { SpectrumEstimator } from './estimator.ts';
import type { EstimationPlan } from './plan.ts';
import { countClipped, SAMPLE_READERS } from './samples.ts';
import { cutBlock, lookOf, methodOf } from './welch.ts';

/** The same spectra as createFftJsEstimator gives, in single precision, made by the vector kernel. */
export function createKernelEstimator(plan: EstimationPlan, compiled: CompiledKernel): SpectrumEstimator {
  const window = createWindow(plan.window, plan.transformBins);
  const method = methodOf(plan, window);
  const kernel = new Kernel(
    compiled,
    window.values.map((weight) => weight / window.sum),
  );

  return {
    method,
    statistics: kernel.statistics,
    estimate(block: IqBlock): PowerSpectrum {
      const cuts = cutBlock(block.pairs, plan);
      const { format, samples } = block.pairs < plan.transformBins ? padded(block, plan.transformBins) : block;
      const whole = samples.subarray(0, Math.max(block.pairs, plan.transformBins) * BYTES_PER_PAIR[format]);
      const found = kernel.estimate({ ...cuts, format, samples: whole, kept: 'maximum' });
      const clipped = format === block.format ? found.clipped : countClipped(block.format, block.samples);
      return lookOf(block, method, cuts, { ...found, clipped });
    },
  };
}

/** Zero is no value of cu8: a short block is padded as cf32. */
function padded(block: IqBlock, pairs: number): Pick<IqBlock, 'format' | 'samples'> {
  const values = new Float32Array(2 * pairs);
  SAMPLE_READERS[block.format](block.samples, 0, 2 * block.pairs, values);
  return { format: 'cf32', samples: new Uint8Array(values.buffer) };
}

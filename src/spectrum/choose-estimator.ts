import { BandwardenError } from '../core/errors.ts';
import type { EstimationBackend } from '../core/spectrum.ts';
import type { CompiledKernel } from '../dsp/kernel/engine.ts';
import { LARGEST_TRANSFORM, SMALLEST_TRANSFORM } from '../dsp/kernel/memory-map.ts';
import type { SpectrumEstimator } from './estimator.ts';
import { createFftJsEstimator } from './fft-js-estimator.ts';
import { createKernelEstimator } from './kernel-estimator.ts';
import type { EstimationPlan } from './plan.ts';

/**
 * The kernel where it can run, else fft.js.
 * @param kernel null where the engine has no 128-bit vectors, or the kernel was not built
 */
export function chooseEstimator(
  plan: EstimationPlan,
  backend: EstimationBackend,
  kernel: CompiledKernel | null,
): SpectrumEstimator {
  const bins = plan.transformBins;
  if (backend === 'kernel' && kernel === null) {
    throw new BandwardenError(
      'bad-config',
      'spectrum.backend: the kernel cannot run here (it needs WebAssembly with 128-bit vectors, and npm run build); expected auto or fft.js',
    );
  }
  const fits = bins >= SMALLEST_TRANSFORM && bins <= LARGEST_TRANSFORM;
  return backend === 'fft.js' || kernel === null || !fits
    ? createFftJsEstimator(plan)
    : createKernelEstimator(plan, kernel);
}

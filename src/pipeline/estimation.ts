import type { IqBlock } from '../core/frames.ts';
import type { EstimationBackend, PowerSpectrum } from '../core/spectrum.ts';
import { chooseEstimator } from '../spectrum/choose-estimator.ts';
import type { SpectrumEstimator } from '../spectrum/estimator.ts';
import type { EstimationPlan } from '../spectrum/plan.ts';
import { loadKernel } from './kernel-file.ts';
import { createTaskMeter, type MeasurementResult, type MeasurementTask } from './measurement.ts';

/** One block to be estimated; its samples are moved to whoever does it. */
export interface EstimationTask {
  readonly block: IqBlock;
  readonly plan: EstimationPlan;
}

/** Where blocks become spectra: threads of this process, or this thread. */
export interface Estimation {
  /** Takes the block's samples over: they may not be read afterwards. */
  estimate(task: EstimationTask): Promise<PowerSpectrum>;
  /** Measures emissions in their IQ, one result a target; left out where nobody can. */
  measure?(task: MeasurementTask): Promise<MeasurementResult[]>;
  close(): Promise<void>;
}

/** Estimators kept for the plans that come again; a fleet of mixed receivers has a handful. */
const MOST_ESTIMATORS = 32;

/** The work itself, with one estimator for each plan. */
export function createTaskEstimator(backend: EstimationBackend): (task: EstimationTask) => PowerSpectrum {
  const estimators = new Map<string, SpectrumEstimator>();
  return ({ block, plan }) => {
    const key = `${plan.window} ${plan.transformBins} ${plan.overlap} ${plan.averages}`;
    let estimator = estimators.get(key);
    if (estimator === undefined) {
      if (estimators.size >= MOST_ESTIMATORS) estimators.clear();
      estimator = chooseEstimator(plan, backend, loadKernel());
      estimators.set(key, estimator);
    }
    const look = estimator.estimate(block);
    const { statistics } = estimator;
    statistics.take(look.mean, look.bins);
    return { ...look, average: statistics.fold().mean };
  };
}

/** Estimation in the caller's thread, for tests and tools. */
export function createInThreadEstimation(backend: EstimationBackend = 'auto'): Estimation {
  const estimate = createTaskEstimator(backend);
  const measure = createTaskMeter();
  return {
    estimate: async (task) => estimate(task),
    measure: async (task) => measure(task),
    close: async () => undefined,
  };
}

import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { EstimationBackend, PowerSpectrum } from '../core/spectrum.ts';
import type { Estimation } from './estimation.ts';
import type { MeasurementResult } from './measurement.ts';

/** From a checkout without a build, threads need the loader that their parent runs under. */
const isSource = import.meta.url.endsWith('.ts');
const workerFile = new URL(`./estimation-worker.${isSource ? 'ts' : 'js'}`, import.meta.url).href;

/** @param threads null: one for each core */
export function createEstimationPool(threads: number | null, backend: EstimationBackend = 'auto'): Estimation {
  const count = threads ?? availableParallelism();
  const pool = new Piscina({
    filename: workerFile,
    minThreads: count,
    maxThreads: count,
    workerData: { backend },
    // Each receiver's lane bounds what it has under way; this is the last line.
    maxQueue: 4_096,
    // Set also where empty: flags of the parent, such as a test runner's, do not belong to the threads.
    execArgv: isSource ? ['--import', 'tsx'] : [],
  });
  return {
    estimate: (task) =>
      pool.run(task, { transferList: [task.block.samples.buffer as ArrayBuffer] }) as Promise<PowerSpectrum>,
    measure: (task) => pool.run(task, { name: 'measureTask' }) as Promise<MeasurementResult[]>,
    close: () => pool.destroy(),
  };
}

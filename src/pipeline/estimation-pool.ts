import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { EstimationBackend, PowerSpectrum } from '../core/spectrum.ts';
import type { Estimation } from './estimation.ts';
import type { MeasurementResult } from './measurement.ts';

/** From a checkout without a build, threads need the loader that their parent runs under. */
const isSource = import.meta.url.endsWith('.ts');
const fileOf = (worker: string) => new URL(`./${worker}.${isSource ? 'ts' : 'js'}`, import.meta.url).href;
// Set also where empty: flags of the parent, such as a test runner's, do not belong to the threads.
const execArgv = isSource ? ['--import', 'tsx'] : [];
/** Of all receivers; an emission that comes over it goes without until its next turn. */
const MOST_MEASUREMENTS_WAITING = 16;

/** Estimates in as many threads as there are cores, and measures in one beside them, which yields to those. @param threads null: one for each core */
export function createEstimationPool(threads: number | null, backend: EstimationBackend = 'auto'): Estimation {
  const count = threads ?? availableParallelism();
  const pool = new Piscina({
    filename: fileOf('estimation-worker'),
    minThreads: count,
    maxThreads: count,
    workerData: { backend },
    // Each receiver's lane bounds what it has under way; this is the last line.
    maxQueue: 4_096,
    execArgv,
  });
  const measuring = new Piscina({ filename: fileOf('measurement-worker'), minThreads: 1, maxThreads: 1, execArgv });
  return {
    estimate: (task) =>
      pool.run(task, { transferList: [task.block.samples.buffer as ArrayBuffer] }) as Promise<PowerSpectrum>,
    measure: async (task) =>
      measuring.queueSize < MOST_MEASUREMENTS_WAITING
        ? ((await measuring.run(task)) as MeasurementResult[])
        : task.targets.map(() => null),
    close: async () => {
      await Promise.all([pool.destroy(), measuring.destroy()]);
    },
  };
}

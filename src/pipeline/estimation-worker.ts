import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { EstimationBackend } from '../core/spectrum.ts';
import { createTaskEstimator, type EstimationTask } from './estimation.ts';

const estimate = createTaskEstimator((workerData as { readonly backend: EstimationBackend }).backend);

/** Entry of a worker thread: samples come moved, the spectrum's arrays go back moved. */
export default function estimateTask(task: EstimationTask): unknown {
  const look = estimate(task);
  const buffers = [look.mean, look.max, look.average].flatMap((values) => values?.buffer ?? []);
  return move({ [transferableSymbol]: buffers, [valueSymbol]: look } as unknown as Parameters<typeof move>[0]);
}

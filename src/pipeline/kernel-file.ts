import { readFileSync } from 'node:fs';
import { type CompiledKernel, compileKernel } from '../dsp/kernel/engine.ts';
import { createKernelRowStatistics } from '../dsp/kernel/kernel-row-statistics.ts';
import { createRowStatistics, type RowStatistics } from '../dsp/row-statistics.ts';

/** Beside the compiled modules; sources use the one that the last build left. */
const file = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/src/dsp/kernel/kernel.wasm' : '../dsp/kernel/kernel.wasm',
  import.meta.url,
);

let kept: CompiledKernel | null | undefined;

/** The kernel, compiled once a thread; null where it was not built or this engine cannot run it. */
export function loadKernel(): CompiledKernel | null {
  if (kept === undefined) kept = read();
  return kept;
}

function read(): CompiledKernel | null {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return compileKernel(bytes);
}

let statistics: RowStatistics | undefined;

/** What the detectors of this thread share: by the kernel where it can run. Both ways give the same bits. */
export function rowStatistics(): RowStatistics {
  if (statistics === undefined) {
    const kernel = loadKernel();
    statistics = kernel === null ? createRowStatistics() : createKernelRowStatistics(kernel);
  }
  return statistics;
}

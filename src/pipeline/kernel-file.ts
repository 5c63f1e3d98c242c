import { readFileSync } from 'node:fs';
import { type CompiledKernel, compileKernel } from '../dsp/kernel/engine.ts';

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

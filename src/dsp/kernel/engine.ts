/** What the kernel's module exports; addresses are bytes from the start of its memory. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  start(plan: number): void;
  estimate(
    plan: number,
    format: number,
    kept: number,
    samples: number,
    hopBytes: number,
    transforms: number,
    rows: number,
    row: number,
    endRow: number,
    output: number,
  ): void;
  finish(plan: number, plane: number, output: number, scale: number): void;
  countClipped(format: number, from: number, bytes: number): number;
  surveyRows(from: number, rows: number, bins: number, blocks: number, means: number, maxima: number): void;
  runTotals(blocks: number, runs: number, length: number, output: number): void;
  segmentRanks(from: number, segments: number, length: number, rank: number, output: number): void;
  reciprocals(floor: number, bins: number, output: number, ofBlocks: number): void;
  exceedances(values: number, floor: number, factor: number, length: number, output: number): number;
  atLeast(values: number, least: number, length: number, output: number): number;
  stretchMaxima(
    blocks: number,
    rows: number,
    length: number,
    reciprocals: number,
    scratch: number,
    maxima: number,
  ): void;
  boxMaxima(
    from: number,
    rows: number,
    bins: number,
    floor: number,
    limit: number,
    scratch: number,
    boxes8: number,
    boxes32: number,
  ): void;
}

/** Memory grows by these. */
export const PAGE_BYTES = 65_536;

declare const compiled: unique symbol;
/** The module, compiled once a thread; each estimator makes an instance of it. */
export interface CompiledKernel {
  readonly [compiled]: true;
}

/** What is used of WebAssembly, which browsers and Node have alike and no library of both declares. */
interface Engine {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => CompiledKernel;
  readonly Instance: new (module: CompiledKernel) => { readonly exports: unknown };
}

const engine = (globalThis as { readonly WebAssembly?: unknown }).WebAssembly as Engine | undefined;

/** null where this engine has no WebAssembly, or none with 128-bit vectors. */
export function compileKernel(bytes: Uint8Array): CompiledKernel | null {
  return engine?.validate(bytes) ? new engine.Module(bytes) : null;
}

export function instantiateKernel(kernel: CompiledKernel): KernelExports {
  return new engine!.Instance(kernel).exports as KernelExports;
}

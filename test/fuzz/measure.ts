/** Memory of one case after another, in a process of its own that was started with --expose-gc. */
export interface MemoryReport {
  /** The most that one case left allocated, garbage included, beyond its input's size. */
  readonly largestGrowthBytes: number;
  /** Resident memory at its highest against that before the first case. */
  readonly residentGrowthBytes: number;
}

const CASES_BETWEEN_COLLECTIONS = 25;

export class MemoryMeter {
  #largest = 0;
  #cases = 0;
  readonly #residentBefore: number;

  constructor() {
    globalThis.gc?.();
    this.#residentBefore = process.resourceUsage().maxRSS * 1024;
  }

  async measure(inputBytes: number, work: () => unknown): Promise<void> {
    this.#cases += 1;
    if (this.#cases % CASES_BETWEEN_COLLECTIONS === 0) globalThis.gc?.();
    const before = process.memoryUsage();
    await work();
    const after = process.memoryUsage();
    // Buffers are counted when they are made, touched or not; the heap with all its garbage.
    const growth = after.heapUsed - before.heapUsed + (after.external - before.external);
    this.#largest = Math.max(this.#largest, growth - inputBytes);
  }

  report(): MemoryReport {
    const residentAfter = process.resourceUsage().maxRSS * 1024;
    return { largestGrowthBytes: this.#largest, residentGrowthBytes: residentAfter - this.#residentBefore };
  }
}

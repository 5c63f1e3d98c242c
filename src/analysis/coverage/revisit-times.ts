/** Bins of a logarithmic histogram: each is this much longer than the one before, so a median is good to ±2.5 %. */
const RATIO = 1.05;
const SHORTEST_SECONDS = 0.001;

/** Times from one visit of a span to the next, as a histogram of bounded size however many there are. */
export class RevisitTimes {
  readonly #counts: Map<number, number>;

  constructor(counts: Iterable<readonly [bin: number, count: number]> = []) {
    this.#counts = new Map(counts);
  }

  add(seconds: number): void {
    const bin = Math.max(0, Math.round(Math.log(Math.max(seconds, SHORTEST_SECONDS) / SHORTEST_SECONDS) / LOG_RATIO));
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + 1);
  }

  merge(counts: Iterable<readonly [bin: number, count: number]>): void {
    for (const [bin, count] of counts) this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + count);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Null before the first. */
  median(): number | null {
    let left = this.total / 2;
    for (const [bin, count] of this.bins()) {
      left -= count;
      if (left <= 0) return SHORTEST_SECONDS * RATIO ** bin;
    }
    return null;
  }

  bins(): [bin: number, count: number][] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }
}

const LOG_RATIO = Math.log(RATIO);

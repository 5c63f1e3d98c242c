import type { BinGrid } from './bin-map.ts';

/**
 * The last rows of a waterfall, newest first by age. Owns its bytes; `push` copies into them,
 * and `row` lends a view that the next `capacity` pushes leave alone.
 */
export class RowRing {
  readonly grid: BinGrid;
  readonly capacity: number;
  /** Rows that were ever pushed; the newest lies in slot (pushed − 1) mod capacity. */
  pushed = 0;
  readonly #levels: Uint8Array;
  readonly #times: Float64Array;
  readonly #views: Uint8Array[];

  constructor(grid: BinGrid, capacity: number) {
    this.grid = grid;
    this.capacity = capacity;
    this.#levels = new Uint8Array(grid.bins * capacity);
    this.#times = new Float64Array(capacity);
    this.#views = Array.from({ length: capacity }, (_, slot) =>
      this.#levels.subarray(slot * grid.bins, (slot + 1) * grid.bins),
    );
  }

  get filled(): number {
    return Math.min(this.pushed, this.capacity);
  }

  /** Slot of the newest row, or −1 while empty. */
  get head(): number {
    return this.pushed === 0 ? -1 : (this.pushed - 1) % this.capacity;
  }

  push(levels: Uint8Array, timeMs: number): void {
    const slot = this.pushed % this.capacity;
    this.#views[slot].set(levels);
    this.#times[slot] = timeMs;
    this.pushed++;
  }

  /** A row that says "nothing was received here": every bin at the lowest level. */
  pushGap(timeMs: number): void {
    const slot = this.pushed % this.capacity;
    this.#views[slot].fill(0);
    this.#times[slot] = timeMs;
    this.pushed++;
  }

  slotOfAge(age: number): number {
    return (this.pushed - 1 - age) % this.capacity;
  }

  /** The bytes in `slot`, as a view. */
  slot(slot: number): Uint8Array {
    return this.#views[slot];
  }

  /** The row `age` rows before the newest; null beyond what is kept. */
  row(age: number): Uint8Array | null {
    return age >= 0 && age < this.filled ? this.#views[this.slotOfAge(age)] : null;
  }

  timeMs(age: number): number | null {
    return age >= 0 && age < this.filled ? this.#times[this.slotOfAge(age)] : null;
  }

  /** Age of the newest row that is not later than `timeMs`; `filled` where all are later. */
  ageOfTime(timeMs: number): number {
    let low = 0;
    let high = this.filled;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[this.slotOfAge(middle)] > timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

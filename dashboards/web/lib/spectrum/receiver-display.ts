import type { LevelUnit } from '../../../../src/core/units.ts';
import type { LiveSpectrumMessage } from '../../../../src/gateway/messages.ts';
import { type BinGrid, gridRange, sameGrid } from './bin-map.ts';
import { foldedGrid, foldLevels, foldTimes } from './fold.ts';
import { RowRing } from './row-ring.ts';
import { Traces } from './traces.ts';
import type { ViewRange } from './view-range.ts';

/** Rows kept for the waterfall: at 20 rows/s the last 102 s, and more than a 4K screen is high. */
export const RING_ROWS = 2048;
/** After this long without a row the waterfall shows a dark line. */
const GAP_MS = 3_000;

export interface Tuning {
  readonly raw: BinGrid;
  readonly grid: BinGrid;
  readonly fold: number;
  readonly folded: Uint8Array;
  readonly ring: RowRing;
  readonly traces: Traces;
  readonly unit: LevelUnit;
  readonly minLevel: number;
  readonly levelStepDb: number;
}

/** What is kept of one receiver for the screen. A new tuning starts it over; a row allocates nothing. */
export class ReceiverDisplay {
  #tuning: Tuning | null = null;
  #lastTimeMs = 0;
  /** Local clock at the last row, to tell old data. */
  arrivedMs = 0;

  get tuning(): Tuning | null {
    return this.#tuning;
  }

  get fullRange(): ViewRange | null {
    return this.#tuning && gridRange(this.#tuning.grid);
  }

  get lastTimeMs(): number {
    return this.#lastTimeMs;
  }

  /** Takes a row in; true where it started a new tuning. */
  add(row: LiveSpectrumMessage, nowMs: number): boolean {
    const kept = this.#tuning;
    const raw = { startHz: row.startHz, stepHz: row.stepHz, bins: row.levels.length };
    const fits =
      kept !== null &&
      sameGrid(kept.raw, raw) &&
      kept.unit === row.unit &&
      kept.minLevel === row.minLevel &&
      kept.levelStepDb === row.levelStepDb;
    const tuning = fits ? kept : this.#tune(raw, row);
    if (fits && row.timeMs - this.#lastTimeMs > GAP_MS) tuning.ring.pushGap(this.#lastTimeMs);
    let levels = row.levels;
    if (tuning.fold > 1) {
      foldLevels(levels, tuning.fold, tuning.folded);
      levels = tuning.folded;
    }
    tuning.ring.push(levels, row.timeMs);
    tuning.traces.add(levels);
    this.#lastTimeMs = row.timeMs;
    this.arrivedMs = nowMs;
    return !fits;
  }

  #tune(raw: BinGrid, row: LiveSpectrumMessage): Tuning {
    const fold = foldTimes(raw.bins);
    const grid = fold > 1 ? foldedGrid(raw, fold) : raw;
    this.#tuning = {
      raw,
      grid,
      fold,
      folded: new Uint8Array(fold > 1 ? grid.bins : 0),
      ring: new RowRing(grid, RING_ROWS),
      traces: new Traces(grid.bins, row.minLevel, row.levelStepDb),
      unit: row.unit,
      minLevel: row.minLevel,
      levelStepDb: row.levelStepDb,
    };
    return this.#tuning;
  }
}

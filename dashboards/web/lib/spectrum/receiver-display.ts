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
/** Rows that stand for it: room for a word of why. */
const GAP_ROWS = 18;

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

/** A row whichever way it came. */
export type LiveRow = Omit<LiveSpectrumMessage, 'channel'>;

function foldedRow(levels: Uint8Array, { fold, folded }: Tuning): Uint8Array {
  if (fold === 1) return levels;
  foldLevels(levels, fold, folded);
  return folded;
}

/** The row's bytes on the scale of the live ones; stored rows begin at a level of their own. */
function rescaled(row: LiveRow, { minLevel, levelStepDb }: Tuning): Uint8Array {
  const bytes = new Uint8Array(row.levels.length);
  for (let k = 0; k < bytes.length; k++) {
    const step = Math.round((row.minLevel + row.levels[k] * row.levelStepDb - minLevel) / levelStepDb);
    bytes[k] = step < 0 ? 0 : step > 255 ? 255 : step;
  }
  return bytes;
}

/** Dark rows for a time without any, spread over it. */
function pushGapRows(ring: RowRing, lastMs: number | null, nextMs: number): void {
  if (lastMs === null || nextMs - lastMs <= GAP_MS) return;
  for (let k = 1; k <= GAP_ROWS; k++) ring.pushGap(lastMs + ((nextMs - lastMs) * k) / (GAP_ROWS + 1));
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
  add(row: LiveRow, nowMs: number): boolean {
    const kept = this.#tuning;
    const raw = { startHz: row.startHz, stepHz: row.stepHz, bins: row.levels.length };
    const fits =
      kept !== null &&
      sameGrid(kept.raw, raw) &&
      kept.unit === row.unit &&
      kept.minLevel === row.minLevel &&
      kept.levelStepDb === row.levelStepDb;
    const tuning = fits ? kept : this.#tune(raw, row);
    if (fits) pushGapRows(tuning.ring, this.#lastTimeMs, row.timeMs);
    const levels = foldedRow(row.levels, tuning);
    tuning.ring.push(levels, row.timeMs);
    tuning.traces.add(levels);
    this.#lastTimeMs = row.timeMs;
    this.arrivedMs = nowMs;
    return !fits;
  }

  /**
   * Puts stored rows (oldest first) before those that came live; rows of another tuning are left out.
   * The traces stay what was seen live. Returns whether the waterfall changed.
   */
  prepend(rows: readonly LiveRow[]): boolean {
    const kept = this.#tuning;
    const firstLiveMs = kept?.ring.timeMs(kept.ring.filled - 1) ?? null;
    if (!kept || firstLiveMs === null) return false;
    const ring = new RowRing(kept.grid, RING_ROWS);
    for (const row of rows) {
      const raw = { startHz: row.startHz, stepHz: row.stepHz, bins: row.levels.length };
      if (row.timeMs >= firstLiveMs || row.unit !== kept.unit || !sameGrid(raw, kept.raw)) continue;
      pushGapRows(ring, ring.timeMs(0), row.timeMs);
      ring.push(foldedRow(rescaled(row, kept), kept), row.timeMs);
    }
    if (ring.filled === 0) return false;
    for (let age = kept.ring.filled - 1; age >= 0; age--) ring.push(kept.ring.row(age)!, kept.ring.timeMs(age)!);
    this.#tuning = { ...kept, ring };
    return true;
  }

  #tune(raw: BinGrid, row: LiveRow): Tuning {
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

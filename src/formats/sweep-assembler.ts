import { LIMITS } from '../core/frames.ts';
import type { LevelUnit } from '../core/units.ts';
import { checkedSweep, spanFault } from './sweep-checks.ts';
import type { SweepTally } from './sweep-reader.ts';

/** A stretch of a sweep, as a program prints it: one tuning of the receiver. */
export interface SweepRow {
  readonly timeNs: bigint;
  /** Frequency of levels[0], and the distance of two levels, Hz. */
  readonly startHz: number;
  readonly stepHz: number;
  readonly rbwHz: number | null;
  readonly unit: LevelUnit;
  /** Levels; NaN where one is missing. */
  readonly levels: Float32Array;
  /** Time that the row took, s; null where it is not said. */
  readonly durationSeconds: number | null;
}

/**
 * How a new sweep shows: rows rise in frequency and one falls back; rows come in any order and one comes
 * again (hackrf_sweep); or the log marks the end itself.
 */
export type RowOrder = 'ascending' | 'interleaved' | 'marked';

/** rtl_power tunes at most 3,000 times a sweep, hackrf_sweep 1,450: more rows are no sweep. */
const MOST_ROWS = 4096;

/** Of rows that another sweep of the log has, so many must be there for the rest to be filled. */
const WHOLE_ENOUGH = 0.75;

interface PlanRow {
  readonly startHz: number;
  readonly stepHz: number;
  readonly points: number;
}

/**
 * Makes sweeps of rows. What belongs together is decided by frequency, never by equal time stamps:
 * rtl_power stamps whole seconds and hackrf_sweep each transfer.
 *
 * The rows of the log's other sweeps are the plan of a sweep: rows that got lost are filled from their
 * neighbours and the sweep flagged `incomplete`, where at least three quarters are there; otherwise its
 * rows are rejected. Spans that do not touch come out as sweeps of their own. The first sweep is held back
 * until the second shows what is whole; once two have been alike, one is given out with its last row.
 *
 * A log of rows in any order may have been joined in the middle of a sweep. Where its first two rounds have the
 * same order and that order is a sweep's with its ends exchanged, the sweeps begin with their lowest row.
 */
export class SweepAssembler {
  readonly #receiver: string;
  readonly #tally: SweepTally;
  readonly #order: RowOrder;
  #rows: SweepRow[] = [];
  #points = 0;
  #seen = new Set<number>();
  #held: SweepRow[] | null = null;
  /** Frequencies of the plan in the order in which its rows came first. */
  #planOrder: number[] = [];
  /** The lowest row, where it came last: it may have been the next sweep's first, whose own was lost. */
  #borrowed: SweepRow | null = null;
  #lowestLeads = false;
  #plan = new Map<number, PlanRow>();
  #alike = 0;
  #inPlan = true;
  #sequence = 0;

  constructor(receiver: string, order: RowOrder, tally: SweepTally) {
    this.#receiver = receiver;
    this.#order = order;
    this.#tally = tally;
  }

  add(row: SweepRow): void {
    const fault = spanFault(row.startHz, row.stepHz, row.levels.length);
    if (fault !== null) {
      this.#tally.reject('value', fault);
      return;
    }
    if (this.#takesPlaceOfBorrowed(row)) return;
    if (this.#beginsSweep(row)) this.endSweep();
    this.#push(row);
    if (this.#order !== 'marked' && this.#alike >= 1 && this.#inPlan && this.#rows.length === this.#plan.size) {
      if (this.#isOneRowLate()) this.#borrowed = row;
      this.endSweep();
    }
  }

  #push(row: SweepRow): void {
    this.#rows.push(row);
    this.#points += row.levels.length;
    this.#seen.add(row.startHz);
    this.#inPlan &&= this.#plan.get(row.startHz)?.points === row.levels.length;
  }

  /** The rows have come in the order of the plan, all but its first: that one, the lowest, has come last. */
  #isOneRowLate(): boolean {
    const [first, ...others] = this.#planOrder;
    if (this.#order !== 'interleaved' || first !== Math.min(...this.#planOrder)) return false;
    return this.#rows.every((row, index) => row.startHz === (others[index] ?? first));
  }

  /**
   * A sweep that lost its lowest row takes that of the next one. Where the rows go on as they do after the lowest,
   * it was the next one's: it stands there as well, or every sweep from here on would be completed by its successor.
   */
  #takesPlaceOfBorrowed(row: SweepRow): boolean {
    const borrowed = this.#borrowed;
    this.#borrowed = null;
    if (borrowed !== null && this.#rows.length === 0) {
      const follows = this.#planOrder[this.#planOrder.indexOf(borrowed.startHz) + 1];
      this.#lowestLeads = row.startHz === follows;
      if (this.#lowestLeads) this.#push(borrowed);
      return false;
    }
    if (!this.#lowestLeads || row.startHz !== this.#rows[0]?.startHz) return false;
    // Its own has come after all.
    this.#rows[0] = row;
    this.#lowestLeads = false;
    return true;
  }

  /** The rows so far are a sweep. */
  endSweep(): void {
    if (this.#rows.length === 0) return;
    const came = this.#rows;
    this.#rows = [];
    this.#points = 0;
    this.#seen = new Set();
    this.#inPlan = true;
    this.#lowestLeads = false;
    if (this.#rejoined(came)) return;
    const rows = came.toSorted((a, b) => a.startHz - b.startHz);
    const missing = this.#missingRows(rows);
    if (missing === null) {
      this.#alike = sameRows(rows, this.#plan) ? this.#alike + 1 : 0;
      const first = this.#plan.size === 0;
      if (this.#alike === 0) this.#planOrder = came.map((row) => row.startHz);
      this.#plan = new Map(rows.map((row) => [row.startHz, planRow(row)]));
      if (first && this.#order !== 'marked') this.#held = came;
      else this.#release(rows);
      return;
    }
    this.#alike = 0;
    this.#releaseHeld();
    this.#giveIncomplete(rows, missing);
  }

  /** After the last row. */
  finish(): void {
    this.endSweep();
    this.#releaseHeld();
  }

  /** The first two rounds of a log that was joined in the middle of a sweep, put right; false: it was not. */
  #rejoined(second: readonly SweepRow[]): boolean {
    const first = this.#held;
    if (first === null || this.#order !== 'interleaved' || second.length !== first.length) return false;
    const isSameOrder = first.every((row, index) => row.startHz === second[index]!.startHz);
    const begin = beginOfSweep(this.#planOrder);
    if (!isSameOrder || begin === 0) return false;
    this.#tally.reject('length', `the last ${begin} rows of a sweep whose first are missing`, begin);
    this.#held = [...first.slice(begin), ...second.slice(0, begin)];
    this.#planOrder = this.#held.map((row) => row.startHz);
    this.#alike = 1;
    for (const row of second.slice(begin)) this.#push(row);
    return true;
  }

  #beginsSweep(row: SweepRow): boolean {
    const last = this.#rows.at(-1);
    if (last === undefined) return false;
    if (this.#seen.has(row.startHz)) return true;
    if (Math.abs(row.stepHz - last.stepHz) > 1e-3 * last.stepHz || row.unit !== last.unit) return true;
    if (this.#rows.length === MOST_ROWS || this.#points + row.levels.length > LIMITS.sweepPoints) return true;
    return this.#order === 'ascending' && row.startHz < last.startHz;
  }

  /** Rows of the plan that this sweep lacks; null where it is whole or is the log's new measure. */
  #missingRows(rows: readonly SweepRow[]): PlanRow[] | null {
    if (rows.length >= this.#plan.size) return null;
    if (rows.some((row) => this.#plan.get(row.startHz)?.points !== row.levels.length)) return null;
    const here = new Set(rows.map((row) => row.startHz));
    return [...this.#plan.values()].filter((row) => !here.has(row.startHz));
  }

  #giveIncomplete(rows: readonly SweepRow[], missing: readonly PlanRow[]): void {
    const planned = rows.length + missing.length;
    if (rows.length < WHOLE_ENOUGH * planned) {
      this.#tally.reject('length', `a sweep of ${rows.length} rows, others have ${planned}`, rows.length);
      return;
    }
    const like = rows[0]!;
    const empty = missing.map((row) => ({ ...like, ...row, levels: new Float32Array(row.points).fill(Number.NaN) }));
    const all = [...rows, ...empty].sort((a, b) => a.startHz - b.startHz);
    this.#give(all, ['incomplete'], rows);
  }

  #release(rows: readonly SweepRow[]): void {
    this.#releaseHeld();
    this.#give(rows, [], rows);
  }

  /** The first sweep, now that its successor (or the end) shows what is whole. */
  #releaseHeld(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    const rows = held.toSorted((a, b) => a.startHz - b.startHz);
    const missing = this.#missingRows(rows);
    if (missing === null) this.#give(rows, [], rows);
    else this.#giveIncomplete(rows, missing);
  }

  /** One sweep for every stretch without a gap; times are those of the rows that were really there. */
  #give(rows: readonly SweepRow[], flags: readonly string[], real: readonly SweepRow[]): void {
    let firstNs = real[0]!.timeNs;
    let lastNs = firstNs;
    let rowSeconds: number | null = null;
    for (const row of real) {
      if (row.timeNs < firstNs) firstNs = row.timeNs;
      if (row.timeNs > lastNs) {
        lastNs = row.timeNs;
        rowSeconds = row.durationSeconds;
      } else rowSeconds ??= row.durationSeconds;
    }
    const seconds = Number(lastNs - firstNs) / 1e9 + (rowSeconds ?? 0);
    for (const stretch of stretches(rows)) {
      this.#giveStretch(stretch, flags, firstNs, seconds > 0 ? seconds : null);
    }
  }

  #giveStretch(rows: readonly SweepRow[], flags: readonly string[], timeNs: bigint, seconds: number | null): void {
    const first = rows[0]!;
    const checked = checkedSweep({
      kind: 'sweep',
      receiver: this.#receiver,
      sequence: this.#sequence,
      timeNs,
      durationSeconds: seconds,
      startHz: first.startHz,
      stepHz: first.stepHz,
      rbwHz: first.rbwHz,
      unit: first.unit,
      powers: joined(rows),
      gainDb: null,
      flags,
    });
    if (!checked.ok) {
      this.#tally.reject(checked.reject.reason, checked.reject.detail, rows.length);
      return;
    }
    this.#sequence = (this.#sequence + 1) >>> 0;
    this.#tally.add(checked.value.sweep, checked.value.filled);
  }
}

/**
 * Index of the lowest row, where the rows rise from it to the end and from the beginning up to it: each falls behind
 * another by no more than hackrf_sweep's two blocks of a tuning do. 0 where the order is another: rows were shuffled.
 */
function beginOfSweep(order: readonly number[]): number {
  const begin = order.indexOf(Math.min(...order));
  const rowHz = Math.min(
    ...order.toSorted((a, b) => a - b).flatMap((hz, index, all) => (index > 0 ? [hz - all[index - 1]!] : [])),
  );
  const falls = order.filter((hz, index) => index > 0 && index !== begin && hz < order[index - 1]! - 1.5 * rowHz);
  return falls.length === 0 ? begin : 0;
}

function planRow(row: SweepRow): PlanRow {
  return { startHz: row.startHz, stepHz: row.stepHz, points: row.levels.length };
}

function sameRows(rows: readonly SweepRow[], plan: ReadonlyMap<number, PlanRow>): boolean {
  return rows.length === plan.size && rows.every((row) => plan.get(row.startHz)?.points === row.levels.length);
}

function stopHz(row: SweepRow): number {
  return row.startHz + (row.levels.length - 1) * row.stepHz;
}

/** Rows in runs that touch or overlap: a distance of more than one and a half steps parts two. */
function stretches(rows: readonly SweepRow[]): SweepRow[][] {
  const runs: SweepRow[][] = [];
  let endHz = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row.startHz - endHz > 1.5 * row.stepHz) runs.push([]);
    runs.at(-1)!.push(row);
    endHz = Math.max(endHz, stopHz(row));
  }
  return runs;
}

/** Levels of rows on the first row's grid; of two rows that overlap each gives its half of the overlap. */
function joined(rows: readonly SweepRow[]): Float32Array {
  const { startHz, stepHz } = rows[0]!;
  if (rows.length === 1) return rows[0]!.levels;
  const endHz = rows.reduce((end, row) => Math.max(end, stopHz(row)), startHz);
  const levels = new Float32Array(Math.round((endHz - startHz) / stepHz) + 1).fill(Number.NaN);
  let written = 0;
  for (const row of rows) {
    const at = Math.round((row.startHz - startHz) / stepHz);
    const skip = Math.min(row.levels.length, Math.max(0, Math.floor((written - at) / 2)));
    levels.set(row.levels.subarray(skip, levels.length - at), at + skip);
    written = Math.max(written, at + row.levels.length);
  }
  return levels;
}

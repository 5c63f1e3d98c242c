import { dbFromPower, powerFromDb } from '../../core/units.ts';
import { quantile } from '../../dsp/rank.ts';
import type { LookAnalysis } from '../look-analysis.ts';
import type { FloorHistory } from './floor-history.ts';

/** A stretch of the span that has risen; bins are inclusive. */
export interface Rise {
  readonly lowBin: number;
  readonly highBin: number;
}

/** A rise is wide: so many hertz, and this share of the span … */
const LEAST_RISE_HZ = 300_000;
const SPAN_SHARE = 0.6;
/** … or, where detection sees it in pieces, so many segments and pieces, none of them half of it. */
const PART_SEGMENTS = 8;
const PIECES = 4;
/** Lines over the whole span (the comb of a periodic chirp) do not move medians: their power does, by so much, in groups. */
export const LINES = 8;
const GROUPS = 16;
const LINES_RISE_DB = 6;
/** One strong transmitter and what it splatters: this share of the added power lies in these bins about its peak. */
const ONE_LINE_SHARE = 0.8;
const ONE_LINE_BINS = 4;
/** Noise and fast chirps fill the stretch in nearly every row; bursts and hops do not. */
const STEADY_ROWS = 0.9;
/** A segment this far over the others' median holds an emission as usual; one that far under it lies in the stop band. */
const OCCUPIED_DB = 6;
const OCCUPIED_FACTOR = powerFromDb(OCCUPIED_DB);
const STOP_BAND_DB = -4;

/** What has risen in a spectrum over what is usual, by `thresholdDb` and over most of the span; null for nothing. */
export function findRise(
  average: Float32Array,
  history: FloorHistory,
  risesDb: Float64Array,
  thresholdDb: number,
  analysis: LookAnalysis,
): Rise | null {
  const { stepHz } = analysis.look;
  const usual = history.usualMedians();
  const middle = dbFromPower(quantile(usual, 0.5));
  const votes = Array.from(risesDb, (riseDb, i) => {
    const besideDb = dbFromPower(usual[i]) - middle;
    if (besideDb > OCCUPIED_DB || besideDb < STOP_BAND_DB) return 0;
    return riseDb >= thresholdDb ? 1 : -1;
  });
  const voting = votes.filter((vote) => vote !== 0).length;
  const run = longestRun(votes);
  if (run !== null) {
    const rise = { lowBin: history.starts[run.first], highBin: history.starts[run.last + 1] - 1 };
    const isWide = (rise.highBin - rise.lowBin + 1) * stepHz >= LEAST_RISE_HZ;
    const isMost = run.votes >= SPAN_SHARE * voting;
    if (isWide && (isMost || isInPieces(rise, run, analysis))) return rise;
  }
  return risenLines(average, history, analysis);
}

/** The run of segments with the most votes for, less those against (Kadane's algorithm). */
function longestRun(votes: readonly number[]): { first: number; last: number; votes: number } | null {
  let best: { first: number; last: number; votes: number } | null = null;
  let sum = 0;
  let first = 0;
  for (const [i, vote] of votes.entries()) {
    if (sum <= 0) {
      sum = 0;
      first = i;
    }
    sum += vote;
    if (vote > 0 && sum > (best?.votes ?? 0)) best = { first, last: i, votes: sum };
  }
  return best;
}

function isInPieces(rise: Rise, run: { first: number; last: number }, { clusters }: LookAnalysis): boolean {
  if (run.last - run.first + 1 < PART_SEGMENTS) return false;
  const inside = clusters.filter(({ lowBin, highBin }) => lowBin >= rise.lowBin && highBin <= rise.highBin);
  const widest = inside.reduce((most, { lowBin, highBin }) => Math.max(most, highBin - lowBin + 1), 0);
  return inside.length >= PIECES && widest < (rise.highBin - rise.lowBin + 1) / 2;
}

function risenLines(average: Float32Array, history: FloorHistory, { clusters, look }: LookAnalysis): Rise | null {
  if (clusters.length < LINES) return null;
  const votes = Array.from({ length: GROUPS }, (_, i) => {
    const from = Math.floor((i * history.bins) / GROUPS);
    const to = Math.floor(((i + 1) * history.bins) / GROUPS);
    return sumOf(average, from, to) >= powerFromDb(LINES_RISE_DB) * history.power(from, to) ? 1 : -1;
  });
  const run = longestRun(votes);
  if (run === null || run.votes < SPAN_SHARE * GROUPS) return null;
  const lowBin = Math.floor((run.first * history.bins) / GROUPS);
  const highBin = Math.floor(((run.last + 1) * history.bins) / GROUPS) - 1;
  return (highBin - lowBin + 1) * look.stepHz >= LEAST_RISE_HZ ? { lowBin, highBin } : null;
}

/** Power over what is usual within the rise, and the usual power there, linear sums over the bins. */
export function addedPower(average: Float32Array, history: FloorHistory, { lowBin, highBin }: Rise) {
  const usual = history.power(lowBin, highBin + 1);
  return { added: Math.max(0, sumOf(average, lowBin, highBin + 1) - usual), usual };
}

/** The strongest bin of the rise that holds no emission as usual. */
export function newPeak(average: Float32Array, history: FloorHistory, { lowBin, highBin }: Rise): number {
  const free = OCCUPIED_FACTOR * quantile(history.usualMedians(), 0.5);
  let peak = lowBin;
  for (let k = lowBin; k <= highBin; k++) if (average[k] > average[peak] && history.at(k) <= free) peak = k;
  return peak;
}

/** Nearly all that was added lies about one line: the rise is the splatter of one strong transmitter. */
export function isOneLine(average: Float32Array, history: FloorHistory): boolean {
  let peak = 0;
  let total = 0;
  for (let k = 0; k < average.length; k++) {
    const added = average[k] - history.at(k);
    total += added;
    if (added > average[peak] - history.at(peak)) peak = k;
  }
  const from = Math.max(0, peak - ONE_LINE_BINS);
  const to = Math.min(average.length, peak + ONE_LINE_BINS + 1);
  return sumOf(average, from, to) - history.power(from, to) >= ONE_LINE_SHARE * total;
}

/** Emissions that were there before rise with all else: a step of the gain that the receiver did not tell of, dB; or null. */
export function gainStepDb(average: Float32Array, history: FloorHistory, riseDb: number): number | null {
  const usual = history.usualMedians();
  const steps: number[] = [];
  for (let i = 0; i < usual.length; i++) {
    for (let k = history.starts[i]; k < history.starts[i + 1]; k++) {
      if (history.at(k) > 10 * usual[i]) steps.push(dbFromPower(average[k]) - dbFromPower(history.at(k)));
    }
  }
  if (steps.length < 8) return null;
  return Math.abs(quantile(steps, 0.5) - riseDb) < 1.5 ? riseDb : null;
}

/** In nearly every row from the first one on, most of the rise is risen; a sweep has no rows to tell by. */
export function isSteady({ rows, look }: LookAnalysis, history: FloorHistory, rise: Rise): boolean {
  if (look.rows === 1) return true;
  const width = (rise.highBin - rise.lowBin + 1) / GROUPS;
  const edges = Array.from({ length: GROUPS + 1 }, (_, i) => rise.lowBin + Math.round(i * width));
  const usual = edges.slice(1).map((end, i) => history.power(edges[i], end));
  let steady = 0;
  let since = 0;
  for (let row = 0; row < look.rows; row++) {
    const base = row * look.bins;
    const risen = usual.filter((power, i) => sumOf(rows, base + edges[i], base + edges[i + 1]) >= 1.6 * power).length;
    if (risen >= SPAN_SHARE * GROUPS) steady++;
    if (steady > 0) since++;
  }
  return steady > 0 && steady >= STEADY_ROWS * since;
}

/** Mean of the look's last quarter: what began within the look fills it. */
export function endOf({ rows, average, look }: LookAnalysis): Float32Array {
  const count = look.rows >> 2;
  if (count < 2) return average;
  const end = new Float32Array(look.bins);
  for (let row = look.rows - count; row < look.rows; row++) {
    for (let k = 0, at = row * look.bins; k < look.bins; k++, at++) end[k] += rows[at];
  }
  for (let k = 0; k < look.bins; k++) end[k] /= count;
  return end;
}

function sumOf(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += values[k];
  return sum;
}

import type { PowerSpectrum } from '../core/spectrum.ts';
import { quantile } from '../dsp/rank.ts';

/** Bins on each side of zero frequency that a constant offset fills (Hann: 1; one more for its drift). */
const DC_BINS = 2;
/** A DC spike stands this far over its neighbours in nine rows of ten. */
const SPIKE_RATIO = 4;
const SPIKE_SHARE = 0.1;

/**
 * Takes the receiver's DC spike out of the rows: what the zero-frequency bin holds in at least nine rows of ten, and
 * nothing that comes and goes. A transmission at the very centre keeps its keying.
 * @returns the rows, which are the look's own where there is no spike, and the spike's power against its neighbours, or 0
 */
export function withoutDcSpike(look: PowerSpectrum): { readonly rows: Float32Array; readonly dcRatio: number } {
  const none = { rows: look.mean, dcRatio: 0 };
  if (look.centerHz === null) return none;
  const { bins } = look;
  const dc = Math.round((look.centerHz - look.startHz) / look.stepHz);
  if (dc < 4 * DC_BINS || dc >= bins - 4 * DC_BINS) return none;
  if (!standsOut(look, dc)) return none;
  const neighbours: number[] = [];
  const constant = new Float32Array(2 * DC_BINS + 1);
  const column = new Float32Array(look.rows);
  for (let k = dc - DC_BINS; k <= dc + DC_BINS; k++) {
    for (let row = 0; row < look.rows; row++) column[row] = look.mean[row * bins + k];
    constant[k - dc + DC_BINS] = quantile(column, SPIKE_SHARE);
  }
  for (let k = dc - 4 * DC_BINS; k <= dc + 4 * DC_BINS; k++) {
    if (Math.abs(k - dc) <= DC_BINS) continue;
    for (let row = 0; row < look.rows; row++) neighbours.push(look.mean[row * bins + k]);
  }
  const beside = quantile(neighbours, 0.5);
  const ratio = constant[DC_BINS] / Math.max(beside, Number.MIN_VALUE);
  if (ratio < SPIKE_RATIO) return none;
  const rows = look.mean.slice();
  for (let row = 0; row < look.rows; row++) {
    for (let k = dc - DC_BINS; k <= dc + DC_BINS; k++) {
      const at = row * bins + k;
      const spike = constant[k - dc + DC_BINS];
      // The spike and noise beat in power: what is within a few dB of the spike is spike.
      rows[at] = rows[at] < spike * SPIKE_RATIO ? beside : rows[at] - spike;
    }
  }
  return { rows, dcRatio: ratio };
}

/** Half of the neighbours lie SPIKE_RATIO under what the zero-frequency bin holds throughout: told without sorting them. */
function standsOut({ mean, bins, rows }: PowerSpectrum, dc: number): boolean {
  let lowest = Number.POSITIVE_INFINITY;
  let second = lowest;
  for (let at = dc; at < mean.length; at += bins) {
    const value = mean[at];
    if (value < lowest) {
      second = lowest;
      lowest = value;
    } else if (value < second) second = value;
  }
  // The quantile of SPIKE_SHARE over the rows is at least the second lowest from ten rows on; of many more it is sorted.
  if (rows >= 2 / SPIKE_SHARE) return true;
  const limit = (rows >= 1 / SPIKE_SHARE ? second : lowest) / SPIKE_RATIO;
  let balance = 0;
  for (let at = dc - 4 * DC_BINS; at < mean.length; at += bins) {
    for (let k = 0; k <= 8 * DC_BINS; k++) {
      if (Math.abs(k - 4 * DC_BINS) > DC_BINS) balance += mean[at + k] > limit ? 1 : -1;
    }
  }
  return balance <= 0;
}

/** The whole span's power changes by this factor from one row to the next where a strong transmitter switches. */
const SWITCH_FACTOR = 10;
/** In such a row, what lies this far under the row's peak is splatter of the switching inside a transform. */
const SPLATTER_RATIO = 10 ** -3.5;

/** Which rows hold the switching of a strong transmitter: the rows on both sides of a jump of the total power. */
export function transientRows(totals: readonly number[], totalBefore: number | null): boolean[] {
  const count = totals.length;
  const jump = (a: number, b: number) => a > b * SWITCH_FACTOR || b > a * SWITCH_FACTOR;
  return totals.map((total, row) => {
    const before = row > 0 ? totals[row - 1] : totalBefore;
    const after = row + 1 < count ? totals[row + 1] : null;
    return (before !== null && jump(total, before)) || (after !== null && jump(total, after));
  });
}

/** Puts the splatter of hard switching down to the floor. @returns `before` itself where no row holds any */
export function suppressTransients(
  before: Float32Array,
  floor: Float32Array,
  transient: readonly boolean[],
): Float32Array {
  if (!transient.includes(true)) return before;
  const rows = before.slice();
  const bins = floor.length;
  for (const [row, is] of transient.entries()) {
    if (!is) continue;
    let peak = 0;
    for (let at = row * bins; at < (row + 1) * bins; at++) if (rows[at] > peak) peak = rows[at];
    const limit = peak * SPLATTER_RATIO;
    for (let k = 0; k < bins; k++) {
      const at = row * bins + k;
      if (rows[at] < limit && rows[at] > floor[k]) rows[at] = floor[k];
    }
  }
  return rows;
}

/** The span's power falls by this in the quiet rows, and by no more than this among them. */
const QUIET_FACTOR = 0.5;
const QUIET_SPREAD = 1.26;
/** Segments of the span that tell a transmitter, which leaves some of them alone, from a step of the gain. */
const GAIN_SEGMENTS = 32;
const GAIN_SHARE = 0.7;

/**
 * Rows between the bursts of what else fills the span: where the total power falls by 3 dB and more, the rows near its
 * lowest; all rows where it does not, or where every part of the span falls alike: that is the receiver's gain.
 */
export function quietRows(rows: Float32Array, bins: number, totals: readonly number[]): boolean[] | null {
  const lowest = totals.reduce((least, total) => Math.min(least, total), Number.POSITIVE_INFINITY);
  if (totals.length < 4 || lowest > quantile(totals, 0.5) * QUIET_FACTOR) return null;
  const quiet = totals.map((total) => total <= lowest * QUIET_SPREAD);
  let least = Number.POSITIVE_INFINITY;
  for (let segment = 0; segment < GAIN_SEGMENTS; segment++) {
    const from = Math.floor((segment * bins) / GAIN_SEGMENTS);
    const to = Math.floor(((segment + 1) * bins) / GAIN_SEGMENTS);
    least = Math.min(least, loudness(rows, bins, from, to, quiet));
  }
  const whole = loudness(rows, bins, 0, bins, quiet);
  return Math.log(least) < GAIN_SHARE * Math.log(whole) ? quiet : null;
}

/** Power of bins from … to in the loud rows against that in the quiet ones. */
function loudness(rows: Float32Array, bins: number, from: number, to: number, quiet: readonly boolean[]): number {
  const sums = { quiet: 0, loud: 0, quietRows: 0, loudRows: 0 };
  for (const [row, is] of quiet.entries()) {
    let power = 0;
    for (let at = row * bins + from; at < row * bins + to; at++) power += rows[at];
    sums[is ? 'quiet' : 'loud'] += power;
    sums[is ? 'quietRows' : 'loudRows']++;
  }
  return sums.loud / Math.max(1, sums.loudRows) / (sums.quiet / Math.max(1, sums.quietRows));
}

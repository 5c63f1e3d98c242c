import { dbFromPower, powerFromDb } from '../../core/units.ts';
import { selectRank } from '../../dsp/rank.ts';

/**
 * What a receiver usually hears at one tuning and gain, bin by bin: the yardstick for a rise of the whole span, which
 * no comparison of neighbouring bins can show.
 *
 *     b += a·(min(p, 2·b) − b),   a = look / HISTORY_SECONDS
 *
 * a mean with a limit (Huber), so that no burst moves it: whatever comes on, b climbs by a of itself at the most, 0.014 dB
 * a second. It is not fed while the span is risen. Segments are compared by their medians: lines do not move those.
 */
export class FloorHistory {
  readonly bins: number;
  /** Segment i begins at bin starts[i]; the last entry is the number of bins. */
  readonly starts: readonly number[];
  private readonly usual: Float32Array;
  private medians: Float64Array | null = null;
  private mediansAge = 0;
  /** Usual power of the segments last asked for; as old as the medians. */
  private totals: readonly number[] = [];
  private looks = 0;
  private ageSeconds = 0;
  private lowSeconds = 0;
  private unlearntSeconds = 0;
  private wanderDb = 0;

  constructor(bins: number, from: { readonly history: FloorHistory; readonly stepDb: number } | null = null) {
    this.bins = bins;
    const segments = Math.max(1, Math.min(SEGMENTS, Math.floor(bins / SMALLEST_SEGMENT_BINS)));
    this.starts = Array.from({ length: segments + 1 }, (_, i) => Math.floor((i * bins) / segments));
    this.usual = new Float32Array(bins);
    if (from === null) return;
    const factor = powerFromDb(from.stepDb);
    this.usual = from.history.usual.map((power) => power * factor);
    this.looks = from.history.looks;
    this.ageSeconds = from.history.ageSeconds;
    this.wanderDb = from.history.wanderDb;
  }

  get segments(): number {
    return this.starts.length - 1;
  }

  /** Enough was heard to judge by. */
  get isKnown(): boolean {
    return this.ageSeconds >= LEARN_SECONDS && this.looks >= LEARN_LOOKS;
  }

  /** Rise that counts, dB: LEAST_RISE_DB, and six standard deviations of how the floor wanders of itself (σ = 1.25·mean |x|). */
  get thresholdDb(): number {
    return Math.max(LEAST_RISE_DB, 6 * 1.25 * this.wanderDb);
  }

  /** Usual power of a bin, linear. */
  at(bin: number): number {
    return this.usual[bin];
  }

  /** Usual power in bins from … to − 1, linear. */
  power(from: number, to: number): number {
    let sum = 0;
    for (let k = from; k < to; k++) sum += this.usual[k];
    return sum;
  }

  /** Usual power of all bins, linear. */
  get total(): number {
    return this.usualTotals(this.totals.length || 1).reduce((sum, total) => sum + total, 0);
  }

  /**
   * Rise of each segment's whole power over the usual, dB: close to that of its median where no line is, and at hand
   * without sorting.
   * @param totals rows × segments, of which the rows from `firstRow` on count
   */
  totalRisesDb(totals: Float32Array, segments: number, firstRow: number): number[] {
    const usual = this.usualTotals(segments);
    const rows = totals.length / segments - firstRow;
    const rises: number[] = [];
    for (let i = 0; i < segments; i++) {
      let sum = 0;
      for (let at = firstRow * segments + i; at < totals.length; at += segments) sum += totals[at];
      rises.push(dbFromPower(sum / rows / usual[i]));
    }
    return rises;
  }

  private usualTotals(segments: number): readonly number[] {
    if (this.medians === null || this.mediansAge >= MEDIANS_SECONDS || this.totals.length !== segments) {
      const start = (i: number) => Math.floor((i * this.bins) / segments);
      this.totals = Array.from({ length: segments }, (_, i) => this.power(start(i), start(i + 1)));
      this.usualMedians();
    }
    return this.totals;
  }

  /** Usual median of each segment, linear. */
  usualMedians(): Float64Array {
    if (this.medians === null || this.mediansAge >= MEDIANS_SECONDS) {
      this.medians = mediansOf(this.usual, this.starts);
      this.mediansAge = 0;
    }
    return this.medians;
  }

  /** Rise of each segment's median over the usual one, dB. */
  risesDb(average: Float32Array): Float64Array {
    const usual = this.usualMedians();
    return mediansOf(average, this.starts).map((median, i) => dbFromPower(median) - dbFromPower(usual[i]));
  }

  /** @param riseDb median over the segments: how far this look lies from what is usual */
  learn(average: Float32Array, riseDb: number, seconds: number): void {
    this.looks++;
    this.ageSeconds += seconds;
    this.mediansAge += seconds;
    if (this.fell(riseDb, seconds)) return;
    const known = this.isKnown;
    this.unlearntSeconds += seconds;
    if (!known || this.unlearntSeconds >= LEARN_EVERY_SECONDS) this.blend(average, known);
    if (!known) this.medians = null;
    else this.wanderDb += Math.min(1, seconds / WANDER_SECONDS) * (Math.abs(riseDb) - this.wanderDb);
  }

  private blend(average: Float32Array, known: boolean): void {
    const { usual } = this;
    const weight = known ? Math.min(1, this.unlearntSeconds / HISTORY_SECONDS) : 1 / this.looks;
    this.unlearntSeconds = 0;
    if (this.looks === 1) usual.set(average);
    else for (let k = 0; k < usual.length; k++) usual[k] += weight * (Math.min(average[k], 2 * usual[k]) - usual[k]);
  }

  /** The receiver's gain changed by a step that it does not tell of. */
  scale(stepDb: number): void {
    const factor = powerFromDb(stepDb);
    for (let k = 0; k < this.usual.length; k++) this.usual[k] *= factor;
    this.medians = null;
  }

  /** Begins anew: what is heard now is taken for what is usual. */
  forget(): void {
    this.looks = 0;
    this.ageSeconds = 0;
    this.lowSeconds = 0;
    this.wanderDb = 0;
    this.medians = null;
  }

  /** A span that fell and stays low was risen when it was learnt, or the gain is another. */
  private fell(riseDb: number, seconds: number): boolean {
    this.lowSeconds = this.isKnown && riseDb < -LEAST_RISE_DB ? this.lowSeconds + seconds : 0;
    if (this.lowSeconds < FALLEN_SECONDS) return false;
    this.forget();
    return true;
  }
}

const SEGMENTS = 64;
const SMALLEST_SEGMENT_BINS = 8;
/** A rise by less than this is the weather of the front end. */
export const LEAST_RISE_DB = 3;
const LEARN_SECONDS = 2;
const LEARN_LOOKS = 4;
/** Once known, one look in so many seconds stands for those between. */
const LEARN_EVERY_SECONDS = 0.5;
const HISTORY_SECONDS = 300;
const WANDER_SECONDS = 60;
const MEDIANS_SECONDS = 5;
const FALLEN_SECONDS = 1;

function mediansOf(power: Float32Array, starts: readonly number[]): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, i) => {
    const values = power.slice(starts[i], starts[i + 1]);
    return selectRank(values, values.length, values.length >> 1);
  });
}

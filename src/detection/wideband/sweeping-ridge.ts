import type { LookAnalysis } from '../look-analysis.ts';
import type { FloorHistory } from './floor-history.ts';

/**
 * A transmitter that sweeps over the span more slowly than a look sees: in each row it fills a stretch, which moves on by
 * the same step from row to row. With the middle of the stretch as an angle φ on the circle that is the span, the steps
 * |Δφ| of a sweep (also one up and down) are alike and those of random hops are not:
 *
 *     R = |mean of e^{j·|Δφ|}|:   1 for a sweep, 2/π = 0.64 for hops that are independent and uniform
 */
export class SweepingRidge {
  private last: number | null = null;
  private re = 0;
  private im = 0;
  private steps = 0;
  private reversals = 0;
  private turned = 0;
  private isUp = true;
  private readonly bins: number;
  /** cos and sin of 2π·k/bins; made when they are first needed. */
  private circle: readonly [cos: Float32Array, sin: Float32Array] | null = null;

  constructor(bins: number) {
    this.bins = bins;
  }

  /** @returns whether any row holds a stretch */
  take(analysis: LookAnalysis, history: FloorHistory): boolean {
    const { look } = analysis;
    const least = LEAST_SHARE * history.total;
    let isThere = false;
    for (let row = 0; row < look.rows; row++) {
      const phase = this.phaseOf(analysis, row * look.bins, history, least);
      if (phase !== null && this.last !== null) this.step(phase - this.last);
      this.last = phase;
      isThere ||= phase !== null;
    }
    return isThere;
  }

  /** The stretch moved, and always by the same step. */
  get isSweep(): boolean {
    return this.steps >= LEAST_STEPS && this.goesOn;
  }

  /** It looks like one so far, and has moved over an eighth of the span: what begins now may be its pieces. */
  get mayBeSweep(): boolean {
    return this.steps >= FEW_STEPS && this.turned >= TURNED_RADIANS && this.goesOn;
  }

  private get goesOn(): boolean {
    if (Math.hypot(this.re, this.im) < LEAST_RESULTANT * this.steps) return false;
    // What stands still and jitters turns back and forth; a slow sweep goes on, a fast one takes large steps.
    const isFast = Math.atan2(this.im, this.re) > FAST_RADIANS;
    return isFast || this.reversals <= MOST_REVERSALS * this.steps;
  }

  /** What stands out does not move: far from a sweep that crosses most of the span within a second's rows. */
  get isStill(): boolean {
    return this.steps >= STILL_STEPS && Math.atan2(this.im, this.re) < STILL_RADIANS;
  }

  begin(): void {
    this.re = 0;
    this.im = 0;
    this.steps = 0;
    this.reversals = 0;
    this.turned = 0;
  }

  private step(radians: number): void {
    const signed = Math.atan2(Math.sin(radians), Math.cos(radians));
    const turn = Math.abs(signed);
    if (signed > 0 !== this.isUp) this.reversals++;
    this.isUp = signed > 0;
    this.re += Math.cos(turn);
    this.im += Math.sin(turn);
    this.steps++;
    this.turned += turn;
  }

  /** Middle of the bins that stand out of what is usual, by their power; null where they hold too little. */
  private phaseOf({ rows, clusters }: LookAnalysis, base: number, history: FloorHistory, least: number): number | null {
    this.circle ??= circleOf(this.bins);
    const [cos, sin] = this.circle;
    let sum = 0;
    let re = 0;
    let im = 0;
    // What stands out in any row lies in a cluster of the look.
    for (const { lowBin, highBin } of clusters) {
      for (let k = lowBin; k <= highBin; k++) {
        const power = rows[base + k];
        if (power < RISEN_FACTOR * history.at(k)) continue;
        sum += power;
        re += power * cos[k];
        im += power * sin[k];
      }
    }
    return sum < least ? null : Math.atan2(im, re);
  }
}

function circleOf(bins: number) {
  const cos = new Float32Array(bins);
  const sin = new Float32Array(bins);
  for (let k = 0; k < bins; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / bins);
    sin[k] = Math.sin((2 * Math.PI * k) / bins);
  }
  return [cos, sin] as const;
}

/** Hops reach the resultant in so many steps less than once in 10^5 times (σ of R is 0.057). */
const LEAST_STEPS = 96;
const LEAST_RESULTANT = 0.9;
const FEW_STEPS = 12;
const TURNED_RADIANS = Math.PI / 4;
const FAST_RADIANS = Math.PI / 4;
const STILL_STEPS = 24;
const STILL_RADIANS = 0.004;
/** Jitter about a place reverses in two steps of three. */
const MOST_REVERSALS = 0.35;
const RISEN_FACTOR = 4;
/** The stretch holds this share of the span's usual power. */
const LEAST_SHARE = 0.25;

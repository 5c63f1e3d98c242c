/** One transmission: from switching on to switching off, seconds of the stream. */
export interface Interval {
  readonly start: number;
  readonly stop: number;
}

/** Pauses up to this long belong to the transmission: the gaps of on-off keying, not of a conversation. */
export const HANG_SECONDS = 0.01;
/** Intervals kept to compare the timing of two tracks; the counts go on beyond. */
const INTERVALS_KEPT = 512;

/**
 * When a track was on the air, from one row after the other. The first and last row of a transmission are partly
 * on: their share of the power of their neighbour says how far, which gives edges finer than a row.
 */
export class Activity {
  readonly intervals: Interval[] = [];
  bursts = 0;
  activeSeconds = 0;
  longestSeconds = 0;
  private start = 0;
  private lastStop = 0;
  private lastPower = 0;
  private lastSeconds = 0;
  private refineStart = false;
  private refineStop = 0;
  private running = false;
  private unbroken = false;
  /** Seconds of silence that end a transmission. */
  private readonly hangSeconds: number;

  constructor(hangSeconds: number) {
    this.hangSeconds = hangSeconds;
  }

  get onAir(): boolean {
    return this.running;
  }

  get firstStart(): number {
    return this.intervals[0]?.start ?? this.start;
  }

  get stop(): number {
    return this.running ? this.lastStop : (this.intervals.at(-1)?.stop ?? this.lastStop);
  }

  /** All transmissions, the running one last. */
  all(): Interval[] {
    return this.running ? [...this.intervals, { start: this.start, stop: this.lastStop }] : this.intervals;
  }

  /** A row on the air from `start` for `seconds`, with `power` in the track's band over the noise. */
  on(start: number, seconds: number, power: number): void {
    if (!this.running) {
      this.running = true;
      this.start = start;
      this.bursts++;
      this.refineStart = true;
    } else if (this.refineStart) {
      this.start += seconds * (1 - Math.min(1, this.lastPower / power));
      this.refineStart = false;
    }
    const whole = this.lastPower > 0 && this.lastStop >= start - seconds ? Math.min(1, power / this.lastPower) : 1;
    this.refineStop = (1 - whole) * seconds;
    this.lastPower = power;
    this.lastSeconds = seconds;
    // Rows of two looks leave a little time between them: no row off means that it was on there too.
    this.activeSeconds += start + seconds - (this.unbroken ? Math.min(start, this.lastStop) : start);
    this.unbroken = true;
    this.lastStop = start + seconds;
    this.longestSeconds = Math.max(this.longestSeconds, this.lastStop - this.start);
  }

  /** A row off the air. */
  off(start: number, seconds: number): void {
    this.unbroken = false;
    if (this.running && start + seconds - this.lastStop > this.hangSeconds) this.end();
  }

  /** Nothing is known from here on: a gap in the stream, a retune, the end. */
  interrupt(): void {
    if (this.running) this.end();
  }

  private end(): void {
    this.running = false;
    this.unbroken = false;
    this.lastPower = 0;
    const stop = Math.max(this.start + this.lastSeconds * 0.1, this.lastStop - this.refineStop);
    this.intervals.push({ start: this.start, stop });
    this.lastStop = stop;
    if (this.intervals.length > INTERVALS_KEPT) this.intervals.splice(1, 1);
  }
}

/** How the transmissions of `weaker` lie against those of `stronger`. */
export type Timing =
  /** They switch on and off together. */
  | 'same'
  /** The weaker is only on the air while the stronger is. */
  | 'within'
  | 'different'
  /** No edge has been seen that could tell. */
  | 'unknown';

/** @param from start of the observation: an edge there is no edge of the signal @param now end of it */
export function compareTiming(
  stronger: Activity,
  weaker: Activity,
  from: number,
  now: number,
  tolerance: number,
): Timing {
  const strong = stronger.all();
  const weak = weaker.all();
  const lastStrong = strong.at(-1);
  if (!lastStrong) return 'unknown';
  const seenEdge = strong.length > 1 || strong[0].start > from + tolerance || lastStrong.stop < now - tolerance;
  if (!seenEdge) {
    const weakEdge = weak.length > 1 || weak[0].start > from + tolerance;
    return weakEdge ? 'different' : 'unknown';
  }
  let same = true;
  let outside = 0;
  let total = 0;
  for (const interval of weak) {
    total += interval.stop - interval.start;
    const within = strong.filter((s) => s.start < interval.stop + tolerance && s.stop > interval.start - tolerance);
    if (within.length === 0) outside += interval.stop - interval.start;
    const starts = within.some((s) => Math.abs(s.start - interval.start) <= tolerance);
    const stops = within.some((s) => Math.abs(s.stop - interval.stop) <= tolerance);
    if (!starts || !stops) same = false;
    for (const s of within) {
      outside += Math.max(0, s.start - tolerance - interval.start) + Math.max(0, interval.stop - s.stop - tolerance);
    }
  }
  if (same) return 'same';
  return outside <= 0.02 * total ? 'within' : 'different';
}

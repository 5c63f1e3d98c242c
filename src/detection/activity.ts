/** One transmission: from switching on to switching off, seconds of the stream. */
export interface Interval {
  readonly start: number;
  readonly stop: number;
  /** It was off right before, or after; not so where the observation begins, ends or has a gap. */
  readonly startSeen: boolean;
  readonly stopSeen: boolean;
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
  /** The row before was looked at, and off. */
  private sawOff: boolean;
  private startSeen = false;
  /** Seconds of silence that end a transmission. */
  private readonly hangSeconds: number;

  /** @param observedBefore the band was watched right before, and quiet */
  constructor(hangSeconds: number, observedBefore: boolean) {
    this.hangSeconds = hangSeconds;
    this.sawOff = observedBefore;
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
    if (!this.running) return this.intervals;
    const running = { start: this.start, stop: this.lastStop, startSeen: this.startSeen, stopSeen: false };
    return [...this.intervals, running];
  }

  /** A row on the air from `start` for `seconds`, with `power` in the track's band over the noise. */
  on(start: number, seconds: number, power: number): void {
    if (!this.running) {
      this.running = true;
      this.start = start;
      this.startSeen = this.sawOff;
      // After a gap in the observation it goes on, as far as anybody knows.
      const goesOn = !this.sawOff && this.intervals.at(-1)?.stopSeen === false;
      if (!goesOn) this.bursts++;
      this.refineStart = this.sawOff;
    } else if (this.refineStart) {
      const late = seconds * (1 - Math.min(1, this.lastPower / power));
      this.start += late;
      this.activeSeconds -= late;
      this.refineStart = false;
    }
    this.sawOff = false;
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
    this.sawOff = true;
    if (this.running && start + seconds - this.lastStop > this.hangSeconds) this.end(true);
  }

  /** Nothing is known from here on: a gap in the stream, a retune, the end. */
  interrupt(): void {
    if (this.running) this.end(false);
    this.sawOff = false;
  }

  private end(stopSeen: boolean): void {
    this.running = false;
    this.unbroken = false;
    this.lastPower = 0;
    const refined = stopSeen ? this.lastStop - this.refineStop : this.lastStop;
    const stop = Math.max(this.start + this.lastSeconds * 0.1, refined);
    this.activeSeconds -= this.lastStop - stop;
    this.intervals.push({ start: this.start, stop, startSeen: this.startSeen, stopSeen });
    this.lastStop = stop;
    if (this.intervals.length > INTERVALS_KEPT) this.intervals.splice(1, 1);
  }
}

/** A click lasts no longer than so many times the tolerance of an edge. */
const CLICK_TOLERANCES = 2;

/** How the transmissions of `weaker` lie against those of `stronger`. */
export interface Timing {
  /**
   * `same`: every edge that was seen of the weaker is one of the stronger, and none of the stronger's lies between them;
   * `within`: the weaker is only on the air while the stronger is; `unknown`: no edge was seen that could tell.
   */
  readonly is: 'same' | 'within' | 'different' | 'unknown';
  /** Edges of the weaker that are edges of the stronger: begins where it begins, ends where it ends. */
  readonly edges: number;
  /** The weaker is nothing but short bursts at the edges of the stronger: what switching spreads over the span. */
  readonly clicks: boolean;
}

export function compareTiming(stronger: Activity, weaker: Activity, tolerance: number): Timing {
  const strong = stronger.all();
  const starts = strong.filter(({ startSeen }) => startSeen).map(({ start }) => start);
  const stops = strong.filter(({ stopSeen }) => stopSeen).map(({ stop }) => stop);
  const edges = [...starts, ...stops];
  let matched = 0;
  let alike = true;
  let total = 0;
  let covered = 0;
  let atEdges = 0;
  let longest = 0;
  for (const interval of weaker.all()) {
    const { start, stop, startSeen, stopSeen } = interval;
    total += stop - start;
    longest = Math.max(longest, stop - start);
    for (const s of strong) {
      covered += Math.max(0, Math.min(stop, s.stop + tolerance) - Math.max(start, s.start - tolerance));
    }
    const near = (others: readonly number[], edge: number) =>
      others.some((other) => Math.abs(other - edge) <= tolerance);
    const mine = [...(startSeen ? [near(starts, start)] : []), ...(stopSeen ? [near(stops, stop)] : [])];
    matched += mine.filter((is) => is).length;
    if (mine.includes(false)) alike = false;
    if (near(edges, start) || near(edges, stop)) atEdges++;
    if (edges.some((edge) => edge > start + tolerance && edge < stop - tolerance)) alike = false;
  }
  const clicks = atEdges === weaker.all().length && longest <= CLICK_TOLERANCES * tolerance;
  if (alike && matched > 0) return { is: 'same', edges: matched, clicks };
  if (covered < 0.98 * total) return { is: 'different', edges: matched, clicks };
  return { is: edges.length === 0 ? 'unknown' : 'within', edges: matched, clicks };
}

import type { Clock } from '../../src/core/ports.ts';

/** The two clocks of a computer: one that never steps, and that of the calendar. */
export interface HostClock extends Clock {
  /** ms since some moment, never set; disciplined in frequency only. */
  monotonicMs(): number;
}

export const HOST_CLOCK: HostClock = { monotonicMs: () => performance.now(), nowMs: () => Date.now() };

/** What one stream of samples leaves to its successor, so that what was learned and what was told both hold. */
export interface ClockLegacy {
  readonly drift: number;
  /** No later stamp is before this. */
  readonly endMs: number;
}

/** Arrivals are gathered this long before the first stamp is given. */
const SETTLE_MS = 400;
const WINDOW_MS = 1_000;
/** Time constants of the loop: quick at first, then slow, so that the jitter of arrivals does not show. */
const FIRST_TAU_SECONDS = 5;
const LAST_TAU_SECONDS = 60;
const MOST_DRIFT = 500e-6;
const MOST_SLEW = 1_000e-6;
/** As late as this in two windows: samples are missing. */
const LOSS_MS = 60;
/** A system clock that steps further than this is followed at once, and the break is marked. */
const LARGEST_SLEWED_STEP_MS = 1_000;
const STEP_MS = 20;
const READING_MS = 5;

/**
 * Times of samples from their count. The line from count n to time
 *
 *     t(n) = t₀ + (n − n₀)·T·(1 + drift + slew)        T = 1/nominal rate
 *
 * follows the moments at which samples arrive. An arrival is late by what USB, pipes and the scheduler take, never
 * early, so of each second only the earliest counts: r = min(arrival − t(n)). A loop of second order turns r into
 * slew = r/τ and drift += r/4τ² (critically damped): stamps bend, they never jump. They do jump, marked as a loss,
 * where samples are missing (r above 60 ms for two seconds on end) or the system clock was set by more than a second.
 */
export class SampleClock {
  /** Samples that never came, as the gaps in time show, and how often the system clock was stepped. */
  lostPairs = 0;
  steps = 0;
  private readonly sampleRateHz: number;
  private readonly host: HostClock;
  private readonly notBeforeMs: number;
  private total = 0;
  private drift: number;
  private slew = 0;
  private anchor: { pair: number; ms: number } | null = null;
  private earliestMs = Number.POSITIVE_INFINITY;
  private firstArrivalMs: number | null = null;
  private windowStartMs = 0;
  private windowResidualMs = Number.POSITIVE_INFINITY;
  private lateBeforeMs: number | null = null;
  private ageSeconds = 0;
  /** Calendar minus monotonic; and how much of a small step is still to be slewed. */
  private offsetMs: number;
  private largestChangeMs = Number.NEGATIVE_INFINITY;
  private owedMs = 0;
  private broken = false;

  constructor(sampleRateHz: number, host: HostClock, legacy: ClockLegacy | null = null) {
    this.sampleRateHz = sampleRateHz;
    this.host = host;
    this.drift = legacy?.drift ?? 0;
    this.notBeforeMs = legacy?.endMs ?? Number.NEGATIVE_INFINITY;
    this.offsetMs = host.nowMs() - host.monotonicMs();
  }

  /** How fast the sample clock runs against the system's, parts in a million; null until half a minute has passed. */
  get sampleClockPpm(): number | null {
    return this.ageSeconds < 30 ? null : -this.drift * 1e6;
  }

  /** Stamps can be given. */
  get isSettled(): boolean {
    return this.anchor !== null;
  }

  /** `pairs` more samples are here now. */
  arrived(pairs: number): void {
    this.total += pairs;
    const nowMs = this.calendarMs();
    this.firstArrivalMs ??= nowMs;
    if (this.anchor === null) {
      this.earliestMs = Math.min(this.earliestMs, nowMs - this.total * this.periodMs);
      if (nowMs - this.firstArrivalMs >= SETTLE_MS) this.settle();
      return;
    }
    this.windowResidualMs = Math.min(this.windowResidualMs, nowMs - this.owedMs - this.timeMs(this.total));
    if (nowMs - this.windowStartMs >= WINDOW_MS) this.endWindow(nowMs);
  }

  /** With what is known now. */
  settle(): void {
    if (this.anchor !== null || this.total === 0) return;
    this.anchor = { pair: 0, ms: Math.max(this.earliestMs, this.notBeforeMs) };
    this.windowStartMs = this.calendarMs();
  }

  /** Time of a sample, ms since 1970. */
  timeMs(pair: number): number {
    const { anchor } = this;
    if (anchor === null) throw new Error('a stamp was asked for before the clock had settled');
    return anchor.ms + (pair - anchor.pair) * this.periodMs;
  }

  /** Whether the stamps jumped since this was last asked. */
  takeBreak(): boolean {
    const { broken } = this;
    this.broken = false;
    return broken;
  }

  legacy(): ClockLegacy {
    return { drift: this.drift, endMs: this.anchor === null ? this.notBeforeMs : this.timeMs(this.total) };
  }

  private get periodMs(): number {
    return (1_000 / this.sampleRateHz) * (1 + this.drift + this.slew);
  }

  /** The calendar as the monotonic clock carries it on from when it was last set. */
  private calendarMs(): number {
    const monotonicMs = this.host.monotonicMs();
    const changeMs = this.host.nowMs() - monotonicMs - this.offsetMs;
    // Between the two readings this process may have had to wait.
    if (this.host.monotonicMs() - monotonicMs < READING_MS) {
      if (Math.abs(changeMs) > STEP_MS) this.follow(changeMs);
      else this.largestChangeMs = Math.max(this.largestChangeMs, changeMs);
    }
    return monotonicMs + this.offsetMs;
  }

  private follow(stepMs: number): void {
    this.offsetMs += stepMs;
    this.largestChangeMs = Number.NEGATIVE_INFINITY;
    this.steps++;
    this.windowResidualMs = Number.POSITIVE_INFINITY;
    this.lateBeforeMs = null;
    this.windowStartMs += stepMs;
    if (this.firstArrivalMs !== null) this.firstArrivalMs += stepMs;
    if (this.anchor === null) this.earliestMs += stepMs;
    else if (Math.abs(stepMs) <= LARGEST_SLEWED_STEP_MS) this.owedMs += stepMs;
    else this.jump(stepMs);
  }

  private endWindow(nowMs: number): void {
    const seconds = (nowMs - this.windowStartMs) / 1_000;
    const residualMs = this.windowResidualMs;
    // The calendar counts whole milliseconds: the largest of many differences is the true one.
    if (Number.isFinite(this.largestChangeMs)) this.offsetMs += this.largestChangeMs;
    this.largestChangeMs = Number.NEGATIVE_INFINITY;
    this.windowStartMs = nowMs;
    this.windowResidualMs = Number.POSITIVE_INFINITY;
    this.ageSeconds += seconds;
    if (!Number.isFinite(residualMs) || this.isLoss(residualMs)) return;
    const tau = Math.min(LAST_TAU_SECONDS, Math.max(FIRST_TAU_SECONDS, this.ageSeconds / 4));
    const residual = residualMs / 1_000;
    this.drift = clamp(this.drift + (residual * seconds) / (4 * tau * tau), MOST_DRIFT);
    const repaidMs = clamp(this.owedMs, MOST_SLEW * 1_000);
    this.owedMs -= repaidMs;
    // The new slope begins here, so that the line has no step.
    this.anchor = { pair: this.total, ms: this.timeMs(this.total) };
    this.slew = clamp(residual / tau + repaidMs / 1_000, MOST_SLEW);
  }

  private isLoss(residualMs: number): boolean {
    const before = this.lateBeforeMs;
    this.lateBeforeMs = residualMs > LOSS_MS ? residualMs : null;
    if (this.lateBeforeMs === null) return false;
    if (before === null) return true;
    const gapMs = Math.min(before, residualMs);
    this.lateBeforeMs = null;
    this.lostPairs += Math.round((gapMs / 1_000) * this.sampleRateHz);
    this.jump(gapMs);
    return true;
  }

  private jump(ms: number): void {
    if (this.anchor !== null) this.anchor = { pair: this.total, ms: this.timeMs(this.total) + ms };
    this.broken = true;
  }
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}

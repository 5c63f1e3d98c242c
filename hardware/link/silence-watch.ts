/** A silence shorter than this is none. */
const SHORTEST_MS = 1_500;
/** As many times its longest pause so far a device does not pause. */
const USUAL_PAUSES = 3;
/** What was long once, such as a pause on a busy machine, counts less with time. */
const FADING = 0.98;

/** Learns how long a device usually pauses, so that one that hangs shows long before it is given up. */
export class SilenceWatch {
  private heardMs: number | null = null;
  private longestMs = 0;

  /** Something came. */
  hear(nowMs: number): void {
    if (this.heardMs !== null) this.longestMs = Math.max(this.longestMs * FADING, nowMs - this.heardMs);
    this.heardMs = nowMs;
  }

  /** The present pause is another's fault: it is not learnt from. */
  pause(): void {
    this.heardMs = null;
  }

  /** A longer pause than this is unusual, ms. */
  get limitMs(): number {
    return Math.max(SHORTEST_MS, USUAL_PAUSES * this.longestMs);
  }
}

import type { ReceiverState } from '../core/records.ts';

/** Silence shorter than this is none, however often the receiver usually speaks. */
const SHORTEST_SILENCE_MS = 5_000;
/** As many usual intervals without a frame are silence. */
const SILENT_INTERVALS = 5;
/** Until it is known how often a receiver speaks. */
const FIRST_SILENCE_MS = 15_000;
const INTERVAL_SHARE = 0.1;

/** Whether a receiver is there: by its own word, and by its frames. */
export class Presence {
  private said: 'online' | 'offline' | null = null;
  private sinceMs: number | null = null;
  private lastFrameMs: number | null = null;
  private intervalMs: number | null = null;

  status(status: 'online' | 'offline', nowMs: number): void {
    if (status !== this.said) this.sinceMs = nowMs;
    this.said = status;
  }

  frame(nowMs: number): void {
    if (this.lastFrameMs !== null) {
      const gapMs = nowMs - this.lastFrameMs;
      const before = this.intervalMs ?? gapMs;
      // An outage is no usual interval.
      this.intervalMs = before + (Math.min(gapMs, this.silenceMs()) - before) * INTERVAL_SHARE;
    }
    this.lastFrameMs = nowMs;
    // Frames come from a receiver that is there, whatever its last will said when an older connection broke.
    if (this.said === 'offline') this.said = null;
  }

  state(nowMs: number): ReceiverState {
    if (this.said === 'offline') return 'offline';
    const heardMs = Math.max(this.lastFrameMs ?? Number.NEGATIVE_INFINITY, this.sinceMs ?? Number.NEGATIVE_INFINITY);
    if (heardMs === Number.NEGATIVE_INFINITY) return 'offline';
    if (nowMs - heardMs <= this.silenceMs()) return 'online';
    // One that never spoke of itself and sends nothing is gone; one that says it is there is silent.
    return this.said === 'online' ? 'silent' : 'offline';
  }

  private silenceMs(): number {
    if (this.intervalMs === null) return FIRST_SILENCE_MS;
    return Math.max(SHORTEST_SILENCE_MS, SILENT_INTERVALS * this.intervalMs);
  }
}

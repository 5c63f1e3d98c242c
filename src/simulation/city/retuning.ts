import type { Frame } from '../../core/frames.ts';
import type { ReceiverInfo } from '../../core/records.ts';
import type { ReceiverOrder } from '../../core/tasking.ts';

interface TunedReceiver {
  frame(index: number, startNs: bigint): Frame;
}

/** A tuning that was made once is kept: a plan comes back to it soon. */
const TUNINGS_KEPT = 24;

/** A receiver of the city that is tuned by command: another receiver model for each tuning, one clock for all. */
export class Retuning<Tuning extends object> {
  private readonly make: (tuning: Tuning) => TunedReceiver;
  private readonly made = new Map<string, TunedReceiver>();
  private current: TunedReceiver;
  private isNew = false;

  constructor(home: TunedReceiver, homeTuning: Tuning, make: (tuning: Tuning) => TunedReceiver) {
    this.make = make;
    this.current = home;
    this.made.set(JSON.stringify(homeTuning), home);
  }

  tune(tuning: Tuning): void {
    const key = JSON.stringify(tuning);
    const next = this.made.get(key) ?? this.make(tuning);
    if (next === this.current) return;
    this.made.delete(key);
    this.made.set(key, next);
    if (this.made.size > TUNINGS_KEPT) this.made.delete(this.made.keys().next().value!);
    this.current = next;
    this.isNew = true;
  }

  /** The first frame of a tuning follows on nothing. */
  frame(index: number, startNs: bigint): Frame {
    const frame = this.current.frame(index, startNs);
    const isFirst = this.isNew;
    this.isNew = false;
    return isFirst && frame.kind === 'iq' ? { ...frame, lostBefore: true } : frame;
  }
}

export function isWithin(ranges: ReceiverInfo['ranges'], lowHz: number, highHz: number): boolean {
  return ranges.some((range) => lowHz >= range.lowHz && highHz <= range.highHz);
}

export function refusal(order: ReceiverOrder): string {
  return `${order.command}: this emulated receiver does not do that`;
}

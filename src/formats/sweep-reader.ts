import type { Reject, RejectReason, Sweep } from '../core/frames.ts';

/** Rejects of one reason, with the first one's detail: a broken log makes millions. */
export interface CountedReject extends Reject {
  readonly count: number;
}

export interface SweepBatch {
  readonly sweeps: Sweep[];
  readonly rejects: CountedReject[];
  /** Levels that were no finite number and were taken from their neighbours. */
  readonly filledLevels: number;
}

/** Takes a sweep log piece by piece, cut anywhere, and gives the sweeps that became whole. */
export interface SweepReader {
  push(bytes: Uint8Array): SweepBatch;
  /** After the last piece. */
  finish(): SweepBatch;
}

export interface SweepReaderOptions {
  readonly receiver: string;
  /** IANA zone of times that are written without one. */
  readonly timezone: string;
}

/** What a reader has gathered since it last gave a batch. */
export class SweepTally {
  #sweeps: Sweep[] = [];
  #rejects = new Map<RejectReason, { reason: RejectReason; detail: string; count: number }>();
  #filledLevels = 0;

  add(sweep: Sweep, filledLevels: number): void {
    this.#sweeps.push(sweep);
    this.#filledLevels += filledLevels;
  }

  reject(reason: RejectReason, detail: string, count = 1): void {
    const known = this.#rejects.get(reason);
    if (known === undefined) this.#rejects.set(reason, { reason, detail, count });
    else known.count += count;
  }

  take(): SweepBatch {
    const batch = { sweeps: this.#sweeps, rejects: [...this.#rejects.values()], filledLevels: this.#filledLevels };
    this.#sweeps = [];
    this.#rejects = new Map();
    this.#filledLevels = 0;
    return batch;
  }
}

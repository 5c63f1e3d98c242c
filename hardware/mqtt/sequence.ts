/** What a sequence number says of the packet that carries it. */
export type SequenceStep =
  | { readonly kind: 'next'; readonly lost: number }
  /** Known already: sent again after a reconnect. */
  | { readonly kind: 'old' }
  /** The receiver started to count anew. */
  | { readonly kind: 'restart' };

const WRAP = 2 ** 32;
/** A jump further than this is a receiver that counts anew, not a loss of as many packets. */
const LARGEST_GAP = 1_000_000;

/** Follows the sequence numbers of one stream, which wrap at 2^32. */
export class SequenceTracker {
  private last: { readonly sequence: number; readonly timeNs: bigint } | null = null;

  step(sequence: number, timeNs: bigint): SequenceStep {
    const before = this.last;
    if (before === null) {
      this.last = { sequence, timeNs };
      return { kind: 'next', lost: 0 };
    }
    const ahead = (((sequence - before.sequence) % WRAP) + WRAP) % WRAP;
    const forward = ahead > 0 && ahead <= LARGEST_GAP;
    // A receiver that restarts counts lower but lives later; one that repeats itself does neither.
    if (!forward && timeNs <= before.timeNs) return { kind: 'old' };
    this.last = { sequence, timeNs };
    return forward ? { kind: 'next', lost: ahead - 1 } : { kind: 'restart' };
  }
}

import type { IqBlock } from '../core/frames.ts';

/** Together with the blocks that are still being estimated. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A block begins where the one before ended, to this part of its length. */
const SLACK_SHARE = 0.05;

/**
 * The last blocks of one receiver, copied before the estimator takes them, so that what was found in one can be measured
 * in it. In shared memory: threads read it where it lies. Limit: `mostSeconds` and 8 MiB; the oldest go first.
 */
export class RecentBlocks {
  private readonly mostSeconds: number;
  /** Memory of blocks that went, for those to come: shared memory is given back late, when every thread has let go. */
  private readonly free: SharedArrayBuffer[] = [];
  /** Blocks that somebody reads, and how many do: their memory is not written to. */
  private readonly lent = new Map<IqBlock, number>();
  private blocks: IqBlock[] = [];
  private bytes = 0;

  constructor(mostSeconds: number) {
    this.mostSeconds = mostSeconds;
  }

  remember(block: IqBlock): void {
    const size = block.samples.byteLength;
    if (size > MOST_BYTES / 2) return;
    const samples = new Uint8Array(this.memory(size));
    samples.set(block.samples);
    this.blocks.push({ ...block, samples });
    this.bytes += size;
    while (this.blocks.length > 1 && (this.bytes > MOST_BYTES || this.seconds() > this.mostSeconds)) {
      const gone = this.blocks.shift()!;
      this.bytes -= gone.samples.byteLength;
      if (!this.lent.has(gone)) this.freeMemoryOf(gone);
    }
  }

  /** They are read no more. */
  giveBack(blocks: readonly IqBlock[]): void {
    for (const block of blocks) {
      const readers = (this.lent.get(block) ?? 0) - 1;
      if (readers > 0) {
        this.lent.set(block, readers);
        continue;
      }
      this.lent.delete(block);
      if (!this.blocks.includes(block)) this.freeMemoryOf(block);
    }
  }

  /** Lends, until `giveBack`, blocks without a gap up to the one that began at `lastNs`, from `fromMs` on, over at most `seconds`. */
  until(lastNs: bigint, fromMs: number, seconds: number): readonly IqBlock[] {
    let at = this.blocks.findLastIndex(({ timeNs }) => timeNs === lastNs);
    if (at < 0) return [];
    const chosen = [this.blocks[at]];
    let length = secondsOf(chosen[0]);
    for (; at > 0 && !chosen[0].lostBefore; at--) {
      const before = this.blocks[at - 1];
      length += secondsOf(before);
      if (length > seconds || !followsOn(before, chosen[0]) || endMs(before) < fromMs) break;
      chosen.unshift(before);
    }
    for (const block of chosen) this.lent.set(block, (this.lent.get(block) ?? 0) + 1);
    return chosen;
  }

  private freeMemoryOf(block: IqBlock): void {
    this.free.push(block.samples.buffer as SharedArrayBuffer);
  }

  /** A receiver's blocks are alike: what was free for another length is not kept. */
  private memory(size: number): SharedArrayBuffer {
    const free = this.free.pop();
    if (free?.byteLength === size) return free;
    this.free.length = 0;
    return new SharedArrayBuffer(size);
  }

  private seconds(): number {
    return this.blocks.reduce((sum, block) => sum + secondsOf(block), 0);
  }
}

function followsOn(before: IqBlock, after: IqBlock): boolean {
  const apart = Number(after.timeNs - before.timeNs) / 1e9 - secondsOf(before);
  return (
    before.centerHz === after.centerHz &&
    before.sampleRateHz === after.sampleRateHz &&
    before.format === after.format &&
    Math.abs(apart) < SLACK_SHARE * secondsOf(before)
  );
}

function secondsOf({ pairs, sampleRateHz }: IqBlock): number {
  return pairs / sampleRateHz;
}

function endMs(block: IqBlock): number {
  return Number(block.timeNs) / 1e6 + secondsOf(block) * 1_000;
}

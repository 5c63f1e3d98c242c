import { BYTES_PER_PAIR, type IqBlock, LIMITS } from '../../src/core/frames.ts';
import type { Tuning } from './context-book.ts';

/** A block holds at least this much signal. */
const BLOCK_SECONDS = 0.025;

/** The smallest power of two of pairs that lasts 25 ms, within the limit of a packet. */
export function blockPairs(sampleRateHz: number): number {
  return Math.min(LIMITS.packetPairs, 2 ** Math.ceil(Math.log2(BLOCK_SECONDS * sampleRateHz)));
}

/** Samples of one packet, of which `pairs` follow without a gap on those before. */
export interface Piece {
  readonly samples: Uint8Array;
  readonly timeNs: bigint;
  readonly tuning: Tuning;
  readonly gnssTime: boolean;
  readonly overload: boolean;
}

/** Makes blocks of even length out of small packets; what stands before a break and fills no block is let go. */
export class BlockAssembler {
  private readonly receiver: string;
  private buffer = new Uint8Array(0);
  private filled = 0;
  private first: Piece | null = null;
  private overload = false;
  private sequence = 0;
  private lostBefore = false;

  constructor(receiver: string) {
    this.receiver = receiver;
  }

  /** The next piece does not follow on the one before. */
  break(): void {
    if (this.first !== null || this.sequence > 0) this.lostBefore = true;
    this.first = null;
    this.filled = 0;
    this.overload = false;
  }

  *add(piece: Piece): Generator<IqBlock> {
    const { tuning, samples } = piece;
    const { payload, sampleRateHz } = tuning;
    if (this.first !== null && this.first.tuning !== tuning && !isSame(this.first.tuning, tuning)) this.break();
    const pairBytes = BYTES_PER_PAIR[payload.format];
    const size = blockPairs(sampleRateHz) * pairBytes;
    for (let at = 0; at < samples.length; ) {
      if (this.first === null) {
        const laterNs = BigInt(Math.round((at / pairBytes / sampleRateHz) * 1e9));
        this.first = { ...piece, timeNs: piece.timeNs + laterNs };
        this.buffer = new Uint8Array(size);
        this.filled = 0;
      }
      const part = samples.subarray(at, at + size - this.filled);
      this.buffer.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      this.overload ||= piece.overload;
      if (this.filled === size) yield this.finish(this.first);
    }
  }

  private finish({ timeNs, tuning, gnssTime }: Piece): IqBlock {
    const { centerHz, sampleRateHz, payload, gainDb } = tuning;
    const block: IqBlock = {
      kind: 'iq',
      receiver: this.receiver,
      sequence: this.sequence,
      timeNs,
      centerHz,
      sampleRateHz,
      format: payload.format,
      samples: this.buffer,
      pairs: this.filled / BYTES_PER_PAIR[payload.format],
      gainDb,
      gnssTime,
      lostBefore: this.lostBefore,
      overload: this.overload,
    };
    this.sequence = (this.sequence + 1) % 2 ** 32;
    this.lostBefore = false;
    this.overload = false;
    this.first = null;
    return block;
  }
}

function isSame(a: Tuning, b: Tuning): boolean {
  return (
    a.centerHz === b.centerHz &&
    a.sampleRateHz === b.sampleRateHz &&
    a.gainDb === b.gainDb &&
    a.payload.format === b.payload.format &&
    a.payload.itemBits === b.payload.itemBits
  );
}

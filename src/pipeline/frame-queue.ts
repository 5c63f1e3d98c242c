import type { Frame } from '../core/frames.ts';

/** Whatever the number of blocks allows: bytes that one receiver's queue may hold. */
const MOST_BYTES = 64 * 1024 * 1024;

function bytesOf(frame: Frame): number {
  return frame.kind === 'iq' ? frame.samples.byteLength : frame.powers.byteLength;
}

/**
 * Frames of one receiver that wait for estimation. Limit: `mostFrames` and 64 MiB. Drop rule: whole frames, the oldest
 * first, counted; the frame after a dropped one says that something is missing before it.
 */
export class FrameQueue {
  private readonly mostFrames: number;
  private readonly frames: Frame[] = [];
  private bytes = 0;
  private gap = false;

  constructor(mostFrames: number) {
    this.mostFrames = mostFrames;
  }

  get length(): number {
    return this.frames.length;
  }

  /** Returns how many frames had to go for it. */
  push(frame: Frame): number {
    this.frames.push(frame);
    this.bytes += bytesOf(frame);
    let dropped = 0;
    while (this.frames.length > this.mostFrames || (this.bytes > MOST_BYTES && this.frames.length > 1)) {
      this.bytes -= bytesOf(this.frames.shift()!);
      this.gap = true;
      dropped++;
    }
    return dropped;
  }

  shift(): Frame | null {
    const frame = this.frames.shift();
    if (frame === undefined) return null;
    this.bytes -= bytesOf(frame);
    if (!this.gap) return frame;
    this.gap = false;
    return frame.kind === 'iq' ? { ...frame, lostBefore: true } : { ...frame, flags: [...frame.flags, 'lost'] };
  }

  /** The next frame will say that something is missing before it. */
  markGap(): void {
    this.gap = true;
  }
}

import { Duplex } from 'node:stream';
import type { ByteLink } from './byte-link.ts';
import { StreamLink } from './stream-link.ts';

const HIGH_WATER_BYTES = 64 * 1024;

class End extends Duplex {
  peer: End | null = null;
  private heldUp: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: HIGH_WATER_BYTES });
  }

  override _read(): void {
    const { heldUp } = this;
    this.heldUp = null;
    heldUp?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // In a turn of its own, as bytes of a port come: two sides in talk would otherwise never let a timer run.
    setImmediate(() => {
      const { peer } = this;
      if (peer === null || peer.destroyed) done(new Error('the other side is gone'));
      else if (peer.push(Buffer.from(chunk))) done();
      else peer.heldUp = done;
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // As a pulled cable does it: whatever was on its way is gone with it.
    if (this.peer !== null && !this.peer.destroyed) this.peer.destroy();
    this.heldUp?.();
    done(error);
  }
}

/** Two ends of a cable within this process: what one writes the other reads; closing one takes both away. */
export function memoryPair(): [ByteLink, ByteLink] {
  const [left, right] = [new End(), new End()];
  left.peer = right;
  right.peer = left;
  return [new StreamLink(left), new StreamLink(right)];
}

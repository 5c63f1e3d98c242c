import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * An MQTT connection on which no packet may declare more than `limitBytes`: the packet parser behind it collects
 * a packet whole before anybody is asked, and MQTT allows 256 MiB. Reads the fixed headers only:
 *
 *     byte 0: type and flags    1–4: remaining length, 7 bits a byte, low bits first, bit 7 = one more follows
 */
export class LimitedConnection extends Duplex {
  private readonly socket: Socket;
  private readonly scan: (chunk: Uint8Array) => boolean;

  constructor(socket: Socket, limitBytes: number) {
    super({ allowHalfOpen: false });
    this.socket = socket;
    this.scan = packetLengthScan(limitBytes);
    socket.on('data', (chunk) => this.accept(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  private accept(chunk: Buffer): void {
    if (!this.scan(chunk)) {
      this.destroy(new Error('a packet larger than this broker takes'));
      return;
    }
    if (!this.push(chunk)) this.socket.pause();
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _writev(chunks: Array<{ chunk: Buffer; encoding: string }>, done: (error?: Error | null) => void): void {
    this.socket.cork();
    for (const { chunk } of chunks.slice(0, -1)) this.socket.write(chunk);
    this.socket.write(chunks[chunks.length - 1].chunk, done);
    this.socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}

/** false from the chunk on in which a packet declares too much. */
function packetLengthScan(limitBytes: number): (chunk: Uint8Array) => boolean {
  /** Bytes of the present packet still to come; 0: a fixed header is next. */
  let left = 0;
  /** Length bytes read of the present fixed header; −1: its first byte is still to come. */
  let digits = -1;
  let length = 0;
  return (chunk) => {
    for (let i = 0; i < chunk.length; ) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - i);
        left -= taken;
        i += taken;
        continue;
      }
      const byte = chunk[i++];
      if (digits < 0) {
        digits = 0;
        length = 0;
        continue;
      }
      length += (byte & 0x7f) * 128 ** digits;
      digits++;
      if (length > limitBytes || digits > 4) return false;
      if ((byte & 0x80) === 0) {
        left = length;
        digits = -1;
      }
    }
    return true;
  };
}

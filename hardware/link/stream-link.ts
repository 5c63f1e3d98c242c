import type { Duplex } from 'node:stream';
import { type ByteLink, LinkLost } from './byte-link.ts';

/** A device that has taken nothing for this long does not read any more. */
const WRITE_LIMIT_MS = 5_000;
const CLOSE_LIMIT_MS = 500;

/** What the system says of a port whose device was pulled out depends on which call was under way. */
function reasonOf(error: Error): string {
  return /bad file descriptor|EBADF|EIO|ENXIO|disconnected/i.test(error.message)
    ? 'the device was unplugged'
    : error.message;
}

/** A link over a stream of Node. At most the stream's own mark waits to be read; past that the sender is held up. */
export class StreamLink implements ByteLink {
  private readonly stream: Duplex;
  private readonly shut: () => void;
  private lost: LinkLost | null = null;
  private readonly watchers = new Set<() => void>();

  /** `shut` ends the stream, which then says `close`. */
  constructor(stream: Duplex, shut: () => void = () => void stream.destroy()) {
    this.stream = stream;
    this.shut = shut;
    const wake = () => {
      for (const watcher of this.watchers) watcher();
    };
    const lose = (reason: string) => {
      this.lost ??= new LinkLost(reason);
      wake();
    };
    stream.on('readable', wake);
    stream.on('end', () => lose('the other side closed the connection'));
    stream.on('error', (error) => lose(reasonOf(error)));
    stream.on('close', (error: unknown) => lose(error instanceof Error ? reasonOf(error) : 'the connection is closed'));
  }

  async read(timeoutMs: number): Promise<Uint8Array | null> {
    const waiting = this.take();
    if (waiting !== null) return waiting;
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.watchers.delete(look);
      };
      const look = () => {
        const bytes = this.take();
        if (bytes === null && this.lost === null) return;
        finish();
        if (bytes !== null) resolve(bytes);
        else reject(this.lost);
      };
      const timer = setTimeout(() => {
        finish();
        resolve(null);
      }, timeoutMs);
      this.watchers.add(look);
      look();
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error: Error | null) => {
        clearTimeout(timer);
        this.watchers.delete(look);
        if (error === null) resolve();
        else reject(error);
      };
      const look = () => {
        if (this.lost !== null) finish(this.lost);
      };
      const timer = setTimeout(() => finish(new LinkLost('the device takes no bytes')), WRITE_LIMIT_MS);
      this.watchers.add(look);
      if (this.lost !== null) finish(this.lost);
      else this.stream.write(bytes, (error) => finish(error ? new LinkLost(reasonOf(error)) : null));
    });
  }

  async close(): Promise<void> {
    this.lost ??= new LinkLost('the connection was closed here');
    for (const watcher of this.watchers) watcher();
    if (this.stream.closed) return;
    const closed = new Promise<void>((resolve) => this.stream.once('close', () => resolve()));
    this.shut();
    // A driver of the operating system may hang in the close of a device that is gone.
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_LIMIT_MS);
    });
    await Promise.race([closed, late]);
    clearTimeout(timer);
  }

  private take(): Uint8Array | null {
    return this.stream.read() as Uint8Array | null;
  }
}

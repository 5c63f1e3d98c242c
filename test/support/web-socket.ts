import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A client of `/ws` that keeps what it was sent, so that a test can wait for a message that has already come. */
export class WebSocketClient {
  readonly texts: unknown[] = [];
  readonly binaries: Uint8Array[] = [];
  readonly socket: WebSocket;
  readonly #watchers = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.binaries.push(data);
      else this.texts.push(JSON.parse(data.toString('utf8')));
      for (const watcher of this.#watchers) watcher();
    });
  }

  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebSocketClient> {
    const socket = new WebSocket(url, { headers });
    const client = new WebSocketClient(socket);
    await once(socket, 'open');
    return client;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first text message, already here or still to come, that `wanted` accepts. */
  text<T>(wanted: (message: unknown) => message is T, timeoutMs?: number): Promise<T>;
  text(wanted: (message: unknown) => boolean, timeoutMs?: number): Promise<unknown>;
  text(wanted: (message: unknown) => boolean, timeoutMs = 10_000): Promise<unknown> {
    return this.#first(() => this.texts.find(wanted), timeoutMs);
  }

  binary(wanted: (message: Uint8Array) => boolean = () => true, timeoutMs = 10_000): Promise<Uint8Array> {
    return this.#first(() => this.binaries.find(wanted), timeoutMs);
  }

  #first<T>(find: () => T | undefined, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const last = this.texts.slice(-5).map((message) => JSON.stringify(message).slice(0, 200));
        reject(new Error(`no such message in ${timeoutMs} ms; the last ones:\n${last.join('\n')}`));
      }, timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await once(this.socket, 'close');
  }
}

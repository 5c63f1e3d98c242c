import type { Log } from '../../src/core/ports.ts';
import type { ReceiverAck } from '../mqtt/protocol.ts';
import type { Held, Spool } from './spool.ts';

export interface SenderOptions {
  readonly spool: Spool;
  /** Resolves when the message is on its way; rejects where the connection is not there. */
  readonly send: (held: Held) => Promise<void>;
  readonly log: Log;
  /** Messages sent and not acknowledged. The service's own queue holds 64. */
  readonly window?: number;
  /** Without an acknowledgement for this long what is under way is sent again; the next times later. */
  readonly patienceMs?: number;
}

const WINDOW = 32;
/** So many go out while nobody answers: a service that is away or busy is not flooded when it returns. */
const PROBE_WINDOW = 4;
const PATIENCE_MS = 5_000;
const LONGEST_PATIENCE_MS = 30_000;

/**
 * Sends what the buffer holds, in order, a window at a time (RFC 9293's idea of it): the service's acknowledgements
 * open it again, so that a backlog comes no faster than it is taken in. What is not acknowledged in time is sent anew
 * from the first on; the service knows what it has by its sequence.
 */
export class Sender {
  private readonly options: SenderOptions;
  private readonly fullWindow: number;
  private window: number;
  private patienceMs: number;
  private connected = false;
  private stopped = false;
  private pumping = false;
  private again = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(options: SenderOptions) {
    this.options = options;
    this.fullWindow = options.window ?? WINDOW;
    this.window = this.fullWindow;
    this.patienceMs = options.patienceMs ?? PATIENCE_MS;
  }

  /** There is something new to send, or room for it. */
  wake(): void {
    this.again = true;
    if (!this.pumping) void this.pump();
  }

  connect(): void {
    this.connected = true;
    this.restart(this.fullWindow);
  }

  disconnect(): void {
    this.connected = false;
    this.stopTimer();
    this.options.spool.rewind();
  }

  acknowledge(ack: ReceiverAck): void {
    if (!this.options.spool.acknowledge(ack)) return;
    this.window = Math.min(this.fullWindow, this.window * 2);
    this.patienceMs = this.options.patienceMs ?? PATIENCE_MS;
    this.stopTimer();
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    this.stopTimer();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        await this.fillWindow();
      } catch (error) {
        // The connection broke: what is under way is sent again when it is back.
        this.options.log.debug({ error: String(error) }, 'a message was not sent');
      }
    }
    this.pumping = false;
  }

  private async fillWindow(): Promise<void> {
    const { spool, send } = this.options;
    while (this.connected && !this.stopped && spool.underWay < this.window) {
      const held = await spool.take();
      if (held === null) return;
      await send(held);
      this.startTimer();
    }
  }

  private restart(window: number): void {
    this.window = window;
    this.options.spool.rewind();
    this.wake();
  }

  private startTimer(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.patienceMs = Math.min(LONGEST_PATIENCE_MS, this.patienceMs * 2);
      this.restart(Math.min(this.fullWindow, PROBE_WINDOW));
    }, this.patienceMs);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

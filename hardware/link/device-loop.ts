import type { Log } from '../../src/core/ports.ts';
import { type ByteLink, LinkLost, type OpenLink } from './byte-link.ts';

export interface DeviceLoopOptions {
  readonly receiver: string;
  readonly open: OpenLink;
  /** Speaks with the device until it is lost, which it throws; says `ready` when the device has answered. */
  readonly converse: (link: ByteLink, ready: () => void) => Promise<never>;
  /** The last words before the port is closed in order; not waited for longer than a moment. */
  readonly farewell?: (link: ByteLink) => Promise<void>;
  readonly tell: (state: 'online' | 'offline', detail?: string) => void;
  readonly log: Log;
  /** 0 ≤ x < 1; spreads what comes back together, as the devices of one hub do. */
  readonly random?: () => number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
/** A device that stayed this long was a good one: its next loss starts at the shortest delay again. */
const STABLE_MS = 10_000;
const FAREWELL_MS = 200;
const DRAIN_MS = 50;

/** Opens a device, has it spoken with, and comes back to it after each loss, ever more slowly, until it is stopped. */
export class DeviceLoop {
  private readonly options: DeviceLoopOptions;
  private link: ByteLink | null = null;
  private stopped = false;
  private attempts = 0;
  private lastReason = '';
  private leaving: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private readonly done: Promise<void>;

  constructor(options: DeviceLoopOptions) {
    this.options = options;
    this.done = this.run();
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.wake();
    const { link } = this;
    if (link === null) return;
    this.leaving = this.sayFarewell(link);
    await this.leaving;
    await link.close();
    await this.done;
  }

  private async sayFarewell(link: ByteLink): Promise<void> {
    const { farewell } = this.options;
    if (farewell === undefined) return;
    await Promise.race([farewell(link).catch(() => undefined), this.pause(FAREWELL_MS)]);
    // What is on its way would be lost with the port.
    await this.pause(DRAIN_MS);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const openedMs = performance.now();
      try {
        await this.once();
      } catch (error) {
        if (this.stopped) break;
        this.tellLoss(error);
      }
      if (performance.now() - openedMs > STABLE_MS) this.attempts = 0;
      if (!this.stopped) await this.pause(this.delayMs());
    }
    this.options.tell('offline');
  }

  private async once(): Promise<void> {
    const link = await this.options.open();
    this.link = link;
    try {
      if (this.stopped) return;
      await this.options.converse(this.untilStopped(link), () => this.tellReady());
    } finally {
      this.link = null;
      await link.close();
    }
  }

  /** The last words are the farewell's: nothing may be said after them. */
  private untilStopped(link: ByteLink): ByteLink {
    return {
      read: (timeoutMs) => link.read(timeoutMs),
      write: async (bytes) => {
        if (!this.stopped) return link.write(bytes);
        await this.leaving;
        throw new LinkLost('the receiver is stopped');
      },
      close: () => link.close(),
    };
  }

  private tellReady(): void {
    if (this.stopped) return;
    this.lastReason = '';
    this.options.tell('online');
  }

  private tellLoss(error: unknown): void {
    const { log, receiver, tell } = this.options;
    const reason = error instanceof Error ? error.message : String(error);
    tell('offline', reason);
    // Said once, not at each attempt. What is no loss is an error of ours, and worth its place in the code.
    const level = error instanceof LinkLost ? (reason === this.lastReason ? 'debug' : 'warn') : 'error';
    const where = error instanceof LinkLost ? {} : { stack: error instanceof Error ? error.stack : undefined };
    log[level]({ receiver, reason, ...where }, 'a receiver is lost; it is tried again');
    this.lastReason = reason;
  }

  /** Doubles from a quarter of a second to five, each time somewhere in the upper half. */
  private delayMs(): number {
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.attempts++, 8));
    return ceiling * (0.5 + (this.options.random ?? Math.random)() / 2);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

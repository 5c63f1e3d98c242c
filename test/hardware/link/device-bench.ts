import { afterEach } from 'vitest';
import type { ByteLink, OpenLink } from '../../../hardware/link/byte-link.ts';
import { memoryPair } from '../../../hardware/link/memory.ts';
import type { DriverSink, ReceiverDriver } from '../../../src/core/driver.ts';
import type { Frame, Reject, Sweep } from '../../../src/core/frames.ts';
import type { ReceiverInfo } from '../../../src/core/records.ts';
import { numbersFrom } from './hostile-bytes.ts';

export const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };

/** Takes down what a driver tells, and waits for it to have told enough. */
export class Notebook implements DriverSink {
  readonly frames: Frame[] = [];
  readonly states: string[] = [];
  /** Why it is not online, as it was said last. */
  detail: string | null = null;
  readonly rejects: Reject[] = [];
  lastInfo: ReceiverInfo | null = null;
  lostPackets = 0;

  frame(frame: Frame): void {
    this.frames.push(frame);
  }

  info(_receiver: string, info: ReceiverInfo): void {
    this.lastInfo = info;
  }

  status(_receiver: string, state: 'online' | 'offline', detail?: string): void {
    this.detail = detail ?? null;
    if (this.states.at(-1) !== state) this.states.push(state);
  }

  rejected(_receiver: string | null, reject: Reject): void {
    this.rejects.push(reject);
  }

  lost(_receiver: string, packets: number): void {
    this.lostPackets += packets;
  }

  get sweeps(): Sweep[] {
    return this.frames.filter((frame) => frame.kind === 'sweep');
  }

  async until(condition: () => boolean, what: string, limitMs = 20_000): Promise<void> {
    const endMs = performance.now() + limitMs;
    while (!condition()) {
      if (performance.now() > endMs) {
        const { frames, states, rejects } = this;
        const seen = { frames: frames.length, states, rejects: rejects.slice(-5), lost: this.lostPackets };
        throw new Error(`${what} did not happen within ${limitMs} ms: ${JSON.stringify(seen)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

const ends: Array<() => unknown> = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Run after the test, the last one first. */
export function afterTest(end: () => unknown): void {
  ends.push(end);
}

interface Emulator {
  run(link: ByteLink): Promise<void>;
}

/** What a device at another speed looks like: bytes without meaning. */
export class Babbler implements Emulator {
  async run(link: ByteLink): Promise<void> {
    const next = numbersFrom(7);
    try {
      for (;;) {
        await link.write(Uint8Array.from({ length: 40 }, () => 128 + next(128)));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } catch {
      // The port was closed.
    }
  }
}

/** A cable within this process: each opening is a new connection of the same device. */
export function joinedTo(emulator: Emulator, bend: (device: ByteLink) => ByteLink = (link) => link): OpenLink {
  return async () => {
    const [host, device] = memoryPair();
    void emulator.run(bend(device));
    afterTest(() => device.close());
    return host;
  };
}

export async function started(driver: ReceiverDriver): Promise<Notebook> {
  const notebook = new Notebook();
  afterTest(() => driver.stop());
  await driver.start(notebook);
  return notebook;
}

/** Keeps the device at its end of a cable that comes and goes. */
export function atDeviceEnd(open: OpenLink, emulator: Emulator, bend: (device: ByteLink) => ByteLink = (link) => link) {
  let stopped = false;
  let link: ByteLink | null = null;
  const running = (async () => {
    while (!stopped) {
      try {
        link = await open();
        await emulator.run(bend(link));
      } catch {
        // The cable is not there.
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  afterTest(async () => {
    stopped = true;
    await link?.close();
    await running;
  });
}

/** How late this process has been at most, ms, since it was called: what a busy machine adds to every deadline. */
export function lateness(): () => number {
  let mostMs = 0;
  let dueMs = performance.now() + 20;
  const timer = setInterval(() => {
    mostMs = Math.max(mostMs, performance.now() - dueMs);
    dueMs = performance.now() + 20;
  }, 20);
  afterTest(() => clearInterval(timer));
  return () => mostMs;
}

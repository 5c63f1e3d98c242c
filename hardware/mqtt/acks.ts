import type { ReceiverAck } from './protocol.ts';

/** Acknowledgements of one receiver go out together, this often at most. */
const INTERVAL_MS = 200;

/** Gathers what was taken in, so that a fast receiver does not get one message for each of its packets. */
export class AckBook {
  private readonly send: (receiver: string, ack: ReceiverAck) => void;
  private readonly latest = new Map<string, { iq: number | null; sweep: number | null }>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | null = null;

  constructor(send: (receiver: string, ack: ReceiverAck) => void) {
    this.send = send;
  }

  note(receiver: string, kind: 'iq' | 'sweep', sequence: number): void {
    const ack = this.latest.get(receiver) ?? { iq: null, sweep: null };
    // Packets are taken in in order: a lower number is a receiver that counts anew.
    ack[kind] = sequence;
    this.latest.set(receiver, ack);
    this.repeat(receiver);
  }

  /** Says again what was said last, to a receiver that seems to have missed it. */
  repeat(receiver: string): void {
    this.changed.add(receiver);
    this.timer ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const receiver of this.changed) {
      const ack = this.latest.get(receiver);
      if (ack !== undefined) this.send(receiver, { ...ack });
    }
    this.changed.clear();
  }
}

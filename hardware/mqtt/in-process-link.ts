import type { Aedes, AedesPublishPacket } from 'aedes';
import type { Log } from '../../src/core/ports.ts';
import type { BrokerLink, BrokerLinkOptions } from './broker-link.ts';

/** The part of the broker's memory of retained messages that is used here; its types leave it out. */
interface Retained {
  readonly persistence: { createRetainedStreamCombi(filters: string[]): AsyncIterable<AedesPublishPacket> };
}

/**
 * The service at the broker of its own process: messages are handed over as they are read from the receivers' sockets,
 * without a second trip through a socket. There is no connection that could break, and so nothing that waits in it.
 */
export class InProcessLink implements BrokerLink {
  private readonly broker: Aedes;
  private readonly options: Omit<BrokerLinkOptions, 'log'>;
  private readonly log: Log;
  private stopped = false;

  constructor(broker: Aedes, { log, ...options }: BrokerLinkOptions) {
    this.broker = broker;
    this.log = log;
    this.options = options;
    const filters = Object.keys(options.subscriptions);
    for (const filter of filters) broker.subscribe(filter, this.deliver, () => undefined);
    void this.announce(filters);
  }

  get isConnected(): boolean {
    return !this.stopped && !this.broker.closed;
  }

  publish(topic: string, payload: string | Uint8Array, qos: 0 | 1, retain = false): Promise<void> {
    if (!this.isConnected) return Promise.reject(new Error('the broker is closed'));
    const body =
      typeof payload === 'string'
        ? Buffer.from(payload)
        : Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    return new Promise((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload: body, qos, retain, dup: false } as const;
      this.broker.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    for (const filter of Object.keys(this.options.subscriptions)) {
      this.broker.unsubscribe(filter, this.deliver, () => undefined);
    }
    await this.publish(this.options.statusTopic, 'offline', 1, true).catch(() => undefined);
    this.stopped = true;
  }

  /** What receivers said before this was there, then as after any connect. */
  private async announce(filters: string[]): Promise<void> {
    const retained = (this.broker as unknown as Retained).persistence.createRetainedStreamCombi(filters);
    try {
      for await (const { topic, payload } of retained) {
        if (!this.stopped) this.options.onMessage(topic, payload as Buffer, true);
      }
      await this.publish(this.options.statusTopic, 'online', 1, true);
    } catch (error) {
      this.log.warn({ error: String(error) }, 'the embedded broker did not take the status');
    }
    if (!this.stopped) this.options.onConnected?.();
  }

  private readonly deliver = ({ topic, payload }: AedesPublishPacket, done: () => void): void => {
    // `done` also when it throws: the broker waits for it before it reads on.
    try {
      this.options.onMessage(topic, payload as Buffer, false);
    } finally {
      done();
    }
  };
}

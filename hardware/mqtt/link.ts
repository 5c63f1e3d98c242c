import { randomBytes } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { BrokerLink, BrokerLinkOptions } from './broker-link.ts';

export interface MqttLinkOptions extends BrokerLinkOptions {
  readonly url: string;
  /** Something of one's own in it: two connections of one identifier throw each other out for ever. */
  readonly clientId: string;
  readonly username: string | null;
  readonly password: string | null;
  /** PEM of the authority that signed the broker's certificate; null: those of Node. */
  readonly ca?: string | null;
  /** What `status` says once connected (`online`): a receiver whose device is away is offline for all that. */
  readonly statusWord?: () => 'online' | 'offline';
  /** Between two attempts, at the most (30 s): what a receiver has to buffer grows with it. */
  readonly longestDelayMs?: number;
  /** 0 ≤ x < 1; spreads reconnects so that a fleet does not come back in one instant. */
  readonly random?: () => number;
}

/** Reason codes of a CONNACK that mean: this broker does not speak MQTT 5 (3.1.1's and 5's own). */
const UNSUPPORTED_VERSION = [1, 132];
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** A connection that held this long was a good one: the next loss starts at the shortest delay again. */
const STABLE_MS = 10_000;

/** One connection to a broker that heals itself, with MQTT 5 where the broker speaks it and 3.1.1 where not. */
export class MqttLink implements BrokerLink {
  private readonly options: MqttLinkOptions;
  private readonly client: MqttClient;
  private attempts = 0;
  private reconnectTimer: NodeJS.Timeout | null = null;
  private stableTimer: NodeJS.Timeout | null = null;
  private stopped = false;
  /** Gives up a QoS 0 packet that is still on its way to the socket. */
  private readonly unsent = new Set<(error: Error) => void>();

  constructor(options: MqttLinkOptions) {
    this.options = options;
    this.client = mqtt.connect(options.url, clientOptions(options));
    this.client.on('connect', () => this.connected());
    this.client.on('message', (topic, payload, packet) => options.onMessage(topic, payload, packet.retain));
    this.client.on('error', (error) => this.failed(error));
    this.client.on('close', () => this.closed());
  }

  get isConnected(): boolean {
    return this.client.connected;
  }

  async publish(topic: string, payload: string | Uint8Array, qos: 0 | 1, retain = false): Promise<void> {
    if (!this.client.connected) throw new Error('not connected to the broker');
    const body =
      typeof payload === 'string' ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    const sent = this.client.publishAsync(topic, body, { qos, retain });
    // mqtt.js sends QoS 1 again after a reconnect, but forgets QoS 0 whose socket broke, and its promise with it.
    await (qos === 0 ? this.untilBroken(sent) : sent);
  }

  private untilBroken(sent: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.unsent.add(reject);
      sent.then(() => resolve(), reject).finally(() => this.unsent.delete(reject));
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of [this.reconnectTimer, this.stableTimer]) if (timer !== null) clearTimeout(timer);
    if (this.client.connected) {
      const farewell = this.publish(this.options.statusTopic, 'offline', 1, true).catch(() => undefined);
      await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
    }
    await this.client.endAsync(true).catch(() => undefined);
  }

  private connected(): void {
    this.stableTimer = setTimeout(() => {
      this.attempts = 0;
    }, STABLE_MS).unref();
    const { subscriptions, statusTopic, statusWord, log } = this.options;
    const failed = (error: unknown) => log.warn({ error: String(error) }, 'the broker refused a subscription');
    if (Object.keys(subscriptions).length > 0) {
      const asked = Object.fromEntries(Object.entries(subscriptions).map(([topic, { qos }]) => [topic, { qos }]));
      this.client.subscribeAsync(asked).catch(failed);
    }
    this.publish(statusTopic, statusWord?.() ?? 'online', 1, true).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the broker did not take the status');
    });
    this.options.onConnected?.();
  }

  private failed(error: Error & { code?: number | string }): void {
    if (this.client.options.protocolVersion === 5 && UNSUPPORTED_VERSION.includes(Number(error.code))) {
      this.client.options.protocolVersion = 4;
      this.attempts = -1;
      return;
    }
    this.options.log.warn({ error: error.message, code: error.code }, 'connection to the MQTT broker failed');
  }

  private closed(): void {
    if (this.stableTimer !== null) clearTimeout(this.stableTimer);
    for (const giveUp of this.unsent) giveUp(new Error('the connection to the broker broke'));
    this.unsent.clear();
    this.options.onDisconnected?.();
    if (this.stopped || this.reconnectTimer !== null) return;
    this.reconnectTimer = setTimeout(() => {
      this.reconnectTimer = null;
      if (!this.stopped) this.client.reconnect();
    }, this.delayMs());
  }

  /** Doubles up to half a minute, or as asked, each time somewhere in the upper half; none after a change of version. */
  private delayMs(): number {
    const attempt = this.attempts++;
    if (attempt < 0) return 0;
    const { longestDelayMs = LONGEST_DELAY_MS } = this.options;
    const ceiling = Math.min(longestDelayMs, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
    return ceiling * (0.5 + (this.options.random ?? Math.random)() / 2);
  }
}

function clientOptions(options: MqttLinkOptions): IClientOptions {
  return {
    clientId: `${options.clientId}-${randomBytes(4).toString('hex')}`,
    username: options.username ?? undefined,
    password: options.password ?? undefined,
    ca: options.ca ?? undefined,
    protocolVersion: 5,
    clean: true,
    keepalive: 20,
    connectTimeout: 10_000,
    // Reconnecting and subscribing again are done here: mqtt.js's own have neither back-off nor jitter.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: options.statusTopic, payload: Buffer.from('offline'), qos: 1, retain: true },
  };
}

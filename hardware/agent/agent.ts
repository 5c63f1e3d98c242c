import { randomBytes } from 'node:crypto';
import type { Log } from '../../src/core/ports.ts';
import type { ReceiverHealth } from '../../src/core/records.ts';
import { MqttLink } from '../mqtt/link.ts';
import { commandId, encodeInfo, type Leaf, parseAck, parseCommand, qosOf, topicOf } from '../mqtt/protocol.ts';
import { HOST_CLOCK, type HostClock } from '../samples/sample-clock.ts';
import { type HostClockQuality, readClockQuality, readTemperatureC } from './host-health.ts';
import { type AgentConfig, planStepOf, stationInfo } from './options.ts';
import { Sender } from './sender.ts';
import { type Held, Spool } from './spool.ts';
import { SpoolFiles } from './spool-files.ts';
import { Tasking } from './tasking.ts';
import type { Tuner } from './tuner.ts';
import { homeOf, tunerFor } from './tuner-for.ts';

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly password: string | null;
  /** PEM of the authority that signed the broker's certificate; null: those of Node. */
  readonly ca: string | null;
  readonly log: Log;
  readonly host?: HostClock;
  /** Sent and not acknowledged in time: as in `SenderOptions`. */
  readonly patienceMs?: number;
}

const MIB = 1024 * 1024;
const REPORT_MS = 15_000;
const FAREWELL_MS = 2_000;
/** A link that is back is noticed this soon. */
const LONGEST_DELAY_MS = 8_000;
/** Of text in `info`. */
const MOST_CHARACTERS = 128;

/** The program at the antenna: a front end, its tasks, a buffer and the link to the service. */
export class Agent {
  private readonly options: AgentOptions;
  private readonly tuner: Tuner;
  private readonly tasking: Tasking;
  private readonly spool: Spool;
  private readonly sender: Sender;
  private readonly link: MqttLink;
  private readonly reportTimer: NodeJS.Timeout;
  private readonly startedMs = performance.now();
  private state: 'online' | 'offline' = 'offline';
  private trouble: string | null = 'starting';
  private clock: HostClockQuality = { source: 'none', offsetSeconds: null, uncertaintySeconds: null };
  private rejected = 0;

  static async start(options: AgentOptions): Promise<Agent> {
    const { buffer } = options.config;
    const files = buffer.folder === null ? null : new SpoolFiles(buffer.folder, buffer.diskMiB * MIB);
    const first = { iq: randomBytes(4).readUInt32LE(), sweep: randomBytes(4).readUInt32LE() };
    const spool = await Spool.open({ memoryBytes: buffer.memoryMiB * MIB, files, first, log: options.log });
    const agent = new Agent(options, spool);
    void agent.report();
    await agent.tasking.start();
    return agent;
  }

  private constructor(options: AgentOptions, spool: Spool) {
    this.options = options;
    this.spool = spool;
    const { config, log } = options;
    const { receiver, source } = config;
    this.tuner = tunerFor(source, { receiver, host: options.host ?? HOST_CLOCK, log });
    this.sender = new Sender({ spool, log, patienceMs: options.patienceMs, send: (held) => this.send(held) });
    this.tasking = this.newTasking();
    this.link = this.openLink();
    this.reportTimer = setInterval(() => void this.report(), REPORT_MS).unref();
  }

  /** Signal that waits for the service, s. */
  get bufferedSeconds(): number {
    return this.spool.seconds;
  }

  get health(): ReceiverHealth & { readonly rejected: number } {
    const { samplesLost, restarts } = this.tuner.health;
    return {
      trouble: this.trouble?.slice(0, MOST_CHARACTERS) ?? null,
      temperatureC: null,
      samplesLost,
      packetsLost: this.spool.lost,
      bufferedSeconds: Math.round(this.spool.seconds * 10) / 10,
      restarts,
      uptimeSeconds: Math.round((performance.now() - this.startedMs) / 1_000),
      rejected: this.rejected,
    };
  }

  /** Ends the front end, sends what can be sent in a moment, keeps the rest where there is a disk, and says `offline`. */
  async stop(): Promise<void> {
    clearInterval(this.reportTimer);
    await this.tasking.rest();
    const endMs = performance.now() + FAREWELL_MS;
    while (this.link.isConnected && this.spool.length > 0 && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.sender.stop();
    await this.spool.close();
    await this.link.stop();
  }

  private newTasking(): Tasking {
    const { config, log } = this.options;
    const { source } = config;
    const settings = {
      home: homeOf(source),
      plan: config.plan.map(planStepOf),
      dwellSeconds: 'dwellSeconds' in source ? source.dwellSeconds : 1,
    };
    const sink = {
      frame: (frame: Parameters<Spool['put']>[0]) => {
        this.spool.put(frame);
        this.sender.wake();
      },
      tuned: () => undefined,
      state: (state: 'online' | 'offline', reason: string | null) => this.tellState(state, reason),
      rejected: (reject: { readonly reason: string; readonly detail: string }, count: number) => {
        this.rejected += count;
        log.warn({ ...reject, count }, 'what the program wrote was not understood');
      },
    };
    return new Tasking(settings, this.tuner, sink, log);
  }

  private openLink(): MqttLink {
    const { config, password, ca, log } = this.options;
    const { mqtt, receiver } = config;
    return new MqttLink({
      url: mqtt.broker,
      clientId: `bandwarden-receiver-${receiver}`,
      username: mqtt.username ?? receiver,
      password,
      ca,
      statusTopic: this.topic('status'),
      statusWord: () => this.state,
      longestDelayMs: LONGEST_DELAY_MS,
      subscriptions: { [this.topic('command')]: { qos: 1 }, [this.topic('ack')]: { qos: 1 } },
      onMessage: (topic, payload) => this.received(topic, payload),
      onConnected: () => {
        log.info({ broker: mqtt.broker, bufferedSeconds: this.spool.seconds }, 'connected to the broker');
        void this.report();
        this.sender.connect();
      },
      onDisconnected: () => this.sender.disconnect(),
      log,
    });
  }

  private send({ kind, bytes }: Held): Promise<void> {
    return this.link.publish(this.topic(kind), bytes, qosOf(kind));
  }

  private received(topic: string, payload: Uint8Array): void {
    if (topic === this.topic('ack')) {
      const ack = parseAck(payload);
      if (ack.ok) this.sender.acknowledge(ack.value);
      return;
    }
    const command = parseCommand(payload);
    const reply = command.ok
      ? this.tasking.obey(command.value)
      : { id: commandId(payload), ok: false, error: command.reject.detail };
    if (command.ok) this.options.log.info({ ...command.value, ...reply }, 'a command came');
    this.link.publish(this.topic('reply'), JSON.stringify(reply), qosOf('reply')).catch(() => undefined);
  }

  private tellState(state: 'online' | 'offline', reason: string | null): void {
    const before = this.state;
    this.state = state;
    this.trouble = state === 'online' ? null : (reason ?? 'the device is away');
    if (before === state && state === 'online') return;
    if (before !== state) {
      // After the last packets: the service takes a packet for a sign of life.
      this.link.publish(this.topic('status'), state, qosOf('status'), true).catch(() => undefined);
    }
    void this.report();
  }

  /** `info`, retained: who this is, and how it fares. */
  private async report(): Promise<void> {
    const [clock, temperatureC] = await Promise.all([readClockQuality(), readTemperatureC()]);
    this.clock = clock;
    this.tuner.gnssTime = clock.source === 'gnss';
    const { rejected: _, ...health } = this.health;
    const info = {
      ...stationInfo(this.options.config),
      features: ['plan'],
      clock: { ...this.clock, sampleClockPpm: this.tuner.health.sampleClockPpm },
      health: { ...health, temperatureC },
    };
    await this.link.publish(this.topic('info'), encodeInfo(info), qosOf('info'), true).catch(() => undefined);
  }

  private topic(leaf: Leaf): string {
    const { mqtt, receiver } = this.options.config;
    return topicOf(mqtt.prefix, receiver, leaf);
  }
}

import type { Frame } from '../../src/core/frames.ts';
import type { Log } from '../../src/core/ports.ts';
import type { ReceiverInfo } from '../../src/core/records.ts';
import { encodeIqPacket } from '../../src/formats/iq-packet.ts';
import { formatSweepJson } from '../../src/formats/sweep-json.ts';
import { encodeSweepPacket } from '../../src/formats/sweep-packet.ts';
import { MqttLink } from './link.ts';
import {
  encodeInfo,
  type Leaf,
  parseAck,
  parseCommand,
  qosOf,
  type ReceiverAck,
  type ReceiverCommand,
  type ReceiverReply,
  topicOf,
} from './protocol.ts';
import { rtlPowerLines } from './rtl-power-lines.ts';

/** How sweeps go over the wire; IQ blocks always go as IQ packets. */
export type SweepWire = 'sweep-json' | 'sweep-packet' | 'rtl_power';

/** What an emulated receiver hears: frames of equal length, one after another from its start. */
export interface FrameSource {
  readonly frameSeconds: number;
  /** The frame that begins `index`·frameSeconds after `startNs`; null ends the receiver. */
  frame(index: number, startNs: bigint): Frame | null | Promise<Frame | null>;
}

/** What becomes of a message on its way: sent as it is, changed, or lost (null). */
export type Behaviour = (payload: Uint8Array | string, index: number, leaf: Leaf) => Uint8Array | string | null;

/** Waiting for a moment of a monotonic clock; tests put their own in. */
export interface Pace {
  nowMs(): number;
  /** Resolves at `ms` of `nowMs`, or at once where that has passed. */
  until(ms: number, signal: AbortSignal): Promise<void>;
}

export interface EmulatorOptions {
  readonly brokerUrl: string;
  readonly prefix: string;
  readonly receiver: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly info: ReceiverInfo;
  readonly sweepWire?: SweepWire;
  readonly log: Log;
  readonly pace?: Pace;
  readonly behaviour?: Behaviour;
  /** Does what it is asked for, or says why not; null: done. Without it the receiver stays as it is. */
  readonly onCommand?: (command: ReceiverCommand) => string | null;
}

/** Frames this much behind the clock are left out, as a receiver whose link is too slow would lose them. */
const BEHIND_LIMIT_SECONDS = 2;
/** rtl_power's usual hop: 2.5 MHz in 512 bins, 610 transforms each. */
const RTL_POWER_HOP = { bins: 512, ffts: 610 } as const;

export const MONOTONIC: Pace = {
  nowMs: () => performance.now(),
  until: (ms, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, ms - performance.now()));
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    }),
};

export interface EmulatorCounters {
  readonly framesSent: number;
  /** Left out: behind the clock, or no connection. */
  readonly framesLost: number;
  readonly ack: ReceiverAck;
}

/**
 * A receiver's side of the MQTT contract: announces itself, publishes frames when their last sample has passed,
 * answers commands. What it sends can be bent by `behaviour`; `stopSilently` is a receiver that hangs.
 */
export class MqttReceiverEmulator {
  readonly #options: EmulatorOptions;
  readonly #pace: Pace;
  readonly #link: MqttLink;
  readonly #abort = new AbortController();
  readonly #connected: Promise<void>;
  #announce: () => void = () => undefined;
  #silent = false;
  #lostBefore = false;
  #framesSent = 0;
  #framesLost = 0;
  #ack: ReceiverAck = { sweep: null, iq: null };

  constructor(options: EmulatorOptions) {
    this.#options = options;
    this.#pace = options.pace ?? MONOTONIC;
    this.#connected = new Promise((resolve) => {
      this.#announce = resolve;
    });
    this.#link = new MqttLink({
      url: options.brokerUrl,
      clientId: `bandwarden-receiver-${options.receiver}`,
      username: options.username,
      password: options.password,
      statusTopic: this.#topic('status'),
      subscriptions: { [this.#topic('command')]: { qos: 1 }, [this.#topic('ack')]: { qos: 1 } },
      onMessage: (topic, payload) => this.#received(topic, payload),
      onConnected: () => this.#onConnected(),
      log: options.log,
    });
  }

  get counters(): EmulatorCounters {
    return { framesSent: this.#framesSent, framesLost: this.#framesLost, ack: this.#ack };
  }

  /** Resolves when the broker has accepted this receiver for the first time. */
  get connected(): Promise<void> {
    return this.#connected;
  }

  /** Publishes the source's frames at real time, from `startNs` (ns since 1970) on, until it ends or `stop` is called. */
  async run(source: FrameSource, startNs: bigint): Promise<void> {
    const startMs = this.#pace.nowMs();
    const frameMs = source.frameSeconds * 1000;
    for (let index = 0; !this.#abort.signal.aborted; index++) {
      // A frame is ready when its last sample has been received; counted from the start, so nothing adds up.
      const readyMs = startMs + (index + 1) * frameMs;
      await this.#pace.until(readyMs, this.#abort.signal);
      if (this.#abort.signal.aborted) return;
      if (this.#pace.nowMs() - readyMs > BEHIND_LIMIT_SECONDS * 1000) {
        this.#lose();
        continue;
      }
      const frame = await source.frame(index, startNs);
      if (frame === null) return;
      await this.publish(frame, index);
    }
  }

  /** Sends one frame now; false where it was lost: no connection, or as `behaviour` wills. */
  async publish(frame: Frame, index: number): Promise<boolean> {
    if (this.#silent) return false;
    const marked = frame.kind === 'iq' && this.#lostBefore ? { ...frame, lostBefore: true } : frame;
    const { leaf, payload } = this.#encode(marked);
    const sent = this.#options.behaviour ? this.#options.behaviour(payload, index, leaf) : payload;
    if (sent === null) return false;
    try {
      await this.#link.publish(this.#topic(leaf), sent, qosOf(leaf));
    } catch {
      this.#lose();
      return false;
    }
    this.#framesSent++;
    this.#lostBefore = false;
    return true;
  }

  /** From now on nothing is sent, but the connection stays: a receiver that hangs. */
  stopSilently(): void {
    this.#silent = true;
  }

  /** Says `offline` and goes. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#link.stop();
  }

  #lose(): void {
    this.#framesLost++;
    this.#lostBefore = true;
  }

  #encode(frame: Frame): { leaf: Leaf; payload: Uint8Array | string } {
    if (frame.kind === 'iq') return { leaf: 'iq', payload: encodeIqPacket(frame) };
    switch (this.#options.sweepWire ?? 'sweep-json') {
      case 'sweep-json':
        return { leaf: 'sweep', payload: formatSweepJson(frame) };
      case 'sweep-packet':
        return { leaf: 'sweep', payload: encodeSweepPacket(frame, 'i16') };
      case 'rtl_power':
        return { leaf: 'sweep/csv', payload: rtlPowerLines(frame, RTL_POWER_HOP.bins, RTL_POWER_HOP.ffts) };
    }
  }

  #onConnected(): void {
    this.#link.publish(this.#topic('info'), encodeInfo(this.#options.info), 1, true).catch((error: unknown) => {
      this.#options.log.warn(
        { receiver: this.#options.receiver, error: String(error) },
        'the broker did not take info',
      );
    });
    this.#announce();
  }

  #received(topic: string, payload: Uint8Array): void {
    if (topic === this.#topic('ack')) {
      const ack = parseAck(payload);
      if (ack.ok) this.#ack = { sweep: ack.value.sweep ?? this.#ack.sweep, iq: ack.value.iq ?? this.#ack.iq };
      return;
    }
    if (topic !== this.#topic('command') || this.#silent) return;
    const command = parseCommand(payload);
    const reply = command.ok ? this.#follow(command.value) : { id: '', ok: false, error: command.reject.detail };
    this.#link.publish(this.#topic('reply'), JSON.stringify(reply), 1).catch(() => undefined);
  }

  #follow(command: ReceiverCommand): ReceiverReply {
    const stays = `${command.command}: this receiver is emulated and stays as it is`;
    const error = this.#options.onCommand === undefined ? stays : this.#options.onCommand(command);
    return { id: command.id, ok: error === null, error };
  }

  #topic(leaf: Leaf): string {
    return topicOf(this.#options.prefix, this.#options.receiver, leaf);
  }
}

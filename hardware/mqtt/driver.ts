import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import { type IqBlock, type Parsed, type Reject, rejected, type Sweep } from '../../src/core/frames.ts';
import type { Log } from '../../src/core/ports.ts';
import type { ReceiverInfo } from '../../src/core/records.ts';
import type { OrderReply, ReceiverOrder } from '../../src/core/tasking.ts';
import { parseIqPacket } from '../../src/formats/iq-packet.ts';
import { parseSweepJson } from '../../src/formats/sweep-json.ts';
import { parseSweepPacket } from '../../src/formats/sweep-packet.ts';
import type { ByteOrder } from '../vita49/payload-format.ts';
import { AckBook } from './acks.ts';
import type { EmbeddedBroker } from './broker.ts';
import type { BrokerLink, BrokerLinkOptions } from './broker-link.ts';
import { type DialectReceiver, DialectTable } from './dialect.ts';
import { MqttLink } from './link.ts';
import { LiveCsv } from './live-csv.ts';
import {
  DEFAULT_PREFIX,
  encodeAck,
  type Leaf,
  PAYLOAD_LIMIT_BYTES,
  parseInfo,
  parseReply,
  parseStatus,
  parseTopic,
  qosOf,
  type ReceiverReply,
  serviceStatusTopic,
  topicOf,
} from './protocol.ts';
import { PendingReplies } from './replies.ts';
import { type SequenceStep, SequenceTracker } from './sequence.ts';
import { VrtTopic } from './vrt-topic.ts';

export interface MqttDriverOptions {
  readonly url: string;
  readonly prefix?: string;
  /** Name of this service in its topics. */
  readonly service: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly ca?: string | null;
  /** The broker runs in this process: it is not gone to by its URL. */
  readonly embedded?: Pick<EmbeddedBroker, 'link'> | null;
  readonly log: Log;
  /** Receivers that speak as other systems do, in topics of their own. */
  readonly dialects?: readonly DialectReceiver[];
  /** Of samples in VITA 49 packets; big-endian where it does not say. */
  readonly vrtByteOrder?: (receiver: string) => ByteOrder | undefined;
  /** How long a command waits for its reply, ms (5000). */
  readonly answerMs?: number;
  readonly onReply?: (receiver: string, reply: ReceiverReply) => void;
  readonly onConnected?: () => void;
}

const SUBSCRIBED: readonly Leaf[] = ['status', 'info', 'iq', 'vrt', 'sweep', 'sweep/csv', 'reply'];
/** Streams that are followed at once: an open broker must not fill this memory with invented names. */
const LARGEST_FLEET = 4_096;

interface Stream {
  readonly iq: SequenceTracker;
  readonly sweep: SequenceTracker;
  readonly csv: LiveCsv;
  readonly vrt: VrtTopic;
}

/** Receivers that publish over MQTT, whichever broker is between. */
export class MqttDriver implements ReceiverDriver {
  private readonly options: MqttDriverOptions;
  private readonly prefix: string;
  private readonly streams = new Map<string, Stream>();
  private readonly acks: AckBook;
  private readonly replies: PendingReplies;
  private readonly dialects: DialectTable;
  private link: BrokerLink | null = null;

  constructor(options: MqttDriverOptions) {
    this.options = options;
    this.prefix = options.prefix ?? DEFAULT_PREFIX;
    this.replies = new PendingReplies(options.answerMs);
    this.dialects = new DialectTable(options.dialects ?? []);
    this.acks = new AckBook((receiver, ack) => {
      this.publish(topicOf(this.prefix, receiver, 'ack'), encodeAck(ack), 1).catch(() => undefined);
    });
  }

  get isConnected(): boolean {
    return this.link?.isConnected === true;
  }

  /** Resolves at once: a broker that is away is waited for. */
  async start(sink: DriverSink): Promise<void> {
    const { url, service, username, password, ca, embedded, log, onConnected } = this.options;
    const ours = SUBSCRIBED.map((leaf) => [`${this.prefix}/+/${leaf}`, { qos: qosOf(leaf) }] as const);
    const others = this.dialects.filters.map((filter) => [filter, { qos: 1 }] as const);
    const wanted: BrokerLinkOptions = {
      statusTopic: serviceStatusTopic(this.prefix, service),
      subscriptions: Object.fromEntries([...ours, ...others]),
      onMessage: (topic, payload, retained) => this.take(sink, topic, payload, retained),
      onConnected,
      log,
    };
    const clientId = `bandwarden-${service}`;
    this.link =
      embedded?.link(wanted) ?? new MqttLink({ ...wanted, url, clientId, username, password, ca: ca ?? null });
  }

  acknowledge(receiver: string, kind: 'iq' | 'sweep', sequence: number): void {
    this.acks.note(receiver, kind, sequence);
  }

  command(receiver: string, order: ReceiverOrder): Promise<OrderReply> {
    const topic = topicOf(this.prefix, receiver, 'command');
    return this.replies.ask(receiver, order, (json) => this.publish(topic, json, qosOf('command')));
  }

  async publish(topic: string, payload: string | Uint8Array, qos: 0 | 1): Promise<void> {
    if (this.link === null) throw new Error('not connected to the broker');
    await this.link.publish(topic, payload, qos);
  }

  async stop(): Promise<void> {
    this.acks.flush();
    this.replies.stop();
    this.dialects.stop();
    await this.link?.stop();
    this.link = null;
  }

  private take(sink: DriverSink, topic: string, payload: Uint8Array, retained: boolean): void {
    const listeners = this.dialects.of(topic);
    for (const { receiver, dialect } of listeners) {
      if (payload.byteLength > PAYLOAD_LIMIT_BYTES) sink.rejected(receiver, tooLarge(payload, topic));
      else if (!retained) dialect.take(topic, payload, sink);
    }
    const parsed = parseTopic(this.prefix, topic);
    if (parsed === null) {
      if (listeners.length > 0) return;
      sink.rejected(null, { reason: 'topic', detail: `${topic.slice(0, 128)}: not a topic of a receiver` });
      return;
    }
    const { receiver, leaf } = parsed;
    if (payload.byteLength > PAYLOAD_LIMIT_BYTES) {
      sink.rejected(receiver, tooLarge(payload, leaf));
    } else if (!retained || leaf === 'status' || leaf === 'info') {
      this.takeLeaf(sink, receiver, leaf, payload);
    }
  }

  private takeLeaf(sink: DriverSink, receiver: string, leaf: Leaf, payload: Uint8Array): void {
    const refuse = (reject: Reject) => sink.rejected(receiver, reject);
    switch (leaf) {
      case 'status':
        use(parseStatus(payload), (status) => sink.status(receiver, status), refuse);
        break;
      case 'info':
        use(parseInfo(payload), (info) => this.takeInfo(sink, receiver, info), refuse);
        break;
      case 'reply':
        use(parseReply(payload), (reply) => this.takeReply(receiver, reply), refuse);
        break;
      case 'iq':
        use(parseIqPacket(payload, receiver), (block) => this.takeIq(sink, block), refuse);
        break;
      case 'vrt':
        this.stream(sink, receiver)?.vrt.take(payload, sink);
        break;
      case 'sweep':
        use(sweepOf(payload, receiver), (sweep) => this.takeSweep(sink, sweep), refuse);
        break;
      case 'sweep/csv':
        this.takeCsv(sink, receiver, payload);
        break;
      default:
      // Other leaves are the service's own, or not read yet.
    }
  }

  private takeInfo(sink: DriverSink, receiver: string, info: ReceiverInfo): void {
    sink.info(receiver, this.stream(sink, receiver)?.vrt.completed(info) ?? info);
  }

  private takeReply(receiver: string, reply: ReceiverReply): void {
    this.replies.take(receiver, reply);
    this.options.onReply?.(receiver, reply);
  }

  private takeIq(sink: DriverSink, block: IqBlock): void {
    const { receiver, sequence, timeNs } = block;
    const step = this.stream(sink, receiver)?.iq.step(sequence, timeNs);
    const broken = step !== undefined && this.isBroken(sink, receiver, step);
    if (step === undefined || step.kind === 'old') return;
    sink.frame(broken ? { ...block, lostBefore: true } : block);
  }

  private takeSweep(sink: DriverSink, sweep: Sweep): void {
    const { receiver, sequence, timeNs } = sweep;
    if (sequence === null) {
      sink.frame(sweep);
      return;
    }
    const step = this.stream(sink, receiver)?.sweep.step(sequence, timeNs);
    const broken = step !== undefined && this.isBroken(sink, receiver, step);
    if (step === undefined || step.kind === 'old') return;
    sink.frame(broken ? { ...sweep, flags: [...sweep.flags, 'lost'] } : sweep);
  }

  /** Something is missing before this packet. What was sent again is answered again: the receiver missed it. */
  private isBroken(sink: DriverSink, receiver: string, step: SequenceStep): boolean {
    if (step.kind === 'old') this.acks.repeat(receiver);
    if (step.kind === 'next' && step.lost > 0) sink.lost(receiver, step.lost);
    return step.kind === 'restart' || (step.kind === 'next' && step.lost > 0);
  }

  private takeCsv(sink: DriverSink, receiver: string, payload: Uint8Array): void {
    this.stream(sink, receiver)?.csv.take(
      payload,
      (sweep) => sink.frame(sweep),
      ({ reason, detail, count }) => sink.rejected(receiver, { reason, detail }, count),
    );
  }

  private stream(sink: DriverSink, receiver: string): Stream | undefined {
    const known = this.streams.get(receiver);
    if (known !== undefined) return known;
    if (this.streams.size >= LARGEST_FLEET) {
      sink.rejected(receiver, { reason: 'topic', detail: `more than ${LARGEST_FLEET} receivers` });
      return undefined;
    }
    const stream = {
      iq: new SequenceTracker(),
      sweep: new SequenceTracker(),
      csv: new LiveCsv(receiver),
      vrt: new VrtTopic(receiver, this.options.vrtByteOrder?.(receiver)),
    };
    this.streams.set(receiver, stream);
    return stream;
  }
}

function use<T>(parsed: Parsed<T>, take: (value: T) => void, refuse: (reject: Reject) => void): void {
  if (parsed.ok) take(parsed.value);
  else refuse(parsed.reject);
}

function tooLarge(payload: Uint8Array, where: string): Reject {
  return { reason: 'size', detail: `${payload.byteLength} bytes in ${where.slice(0, 128)}` };
}

/** JSON begins with a brace (after blanks, as people write it), a packet with its magic. */
function sweepOf(payload: Uint8Array, receiver: string): Parsed<Sweep> {
  if (payload.byteLength === 0) return rejected('length', 'empty');
  return payload[0] === 0x42 ? parseSweepPacket(payload, receiver) : parseSweepJson(payload, receiver);
}

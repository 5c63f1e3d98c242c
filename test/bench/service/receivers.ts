import { readFileSync } from 'node:fs';
import mqtt, { type MqttClient } from 'mqtt';
import { topicOf } from '../../../hardware/mqtt/protocol.ts';
import { newPacket, PACKET_HEADER_BYTES } from '../../../src/formats/packet-header.ts';
import {
  BLOCK_PAIRS,
  BLOCK_SECONDS,
  centerOf,
  EVENT_START_SECONDS,
  LOOP_BLOCKS,
  OFFSETS_HZ,
  RATE_HZ,
} from './signals.ts';

/** What the bench tells a process of receivers, as one JSON argument. */
export interface ReceiversTask {
  readonly brokerUrl: string;
  readonly protocolVersion: 4 | 5;
  readonly password: string;
  /** Numbers of its receivers; `r7` is the id and user name of number 7. */
  readonly receivers: readonly number[];
  /** File of all loops, one after another. */
  readonly signals: string;
  /** A receiver hears an unassigned handheld in each loop that is a multiple of this; 0: in none. */
  readonly eventEveryLoops: number;
  /** Handhelds in the file, each for one transmission a receiver. */
  readonly transmitters: number;
}

/** A handheld has come on the air. */
export interface EventLine {
  readonly type: 'event';
  readonly receiver: number;
  readonly centerHz: number;
  readonly startMs: number;
}

/** At the end. */
export interface SentLine {
  readonly type: 'sent';
  readonly packets: number;
  /** Packets for which the connection had no room. */
  readonly refused: number;
}

const BLOCK_BYTES = 2 * BLOCK_PAIRS;
/** What may wait in a connection before a packet is refused: 1.7 s of signal. */
const MOST_WAITING_BYTES = 32 * BLOCK_BYTES;

/**
 * A process of receivers at 2.4 MS/s cu8, real time, over MQTT; ends at a line on standard input. The samples go from
 * one shared buffer to the sockets, so that the sending costs the machine as little as it can: a PUBLISH of QoS 0 is
 *
 *     0x30 │ remaining length │ length of topic, topic │ (version 5: no properties, 0) │ payload
 */
class Receiver {
  private readonly number: number;
  private readonly task: ReceiversTask;
  private readonly client: MqttClient;
  private readonly preface: Uint8Array;
  readonly ready: Promise<void>;
  sequence = 0;
  refused = 0;
  private events = 0;
  private event = 0;

  constructor(number: number, task: ReceiversTask) {
    this.number = number;
    this.task = task;
    const id = `r${number}`;
    const { brokerUrl, protocolVersion, password } = task;
    const login = { username: id, password, protocolVersion };
    this.client = mqtt.connect(brokerUrl, { ...login, clientId: id, reconnectPeriod: 0, connectTimeout: 60_000 });
    this.ready = new Promise((resolve, reject) => this.client.once('connect', () => resolve()).once('error', reject));
    const topic = Buffer.from(topicOf('bandwarden/v1', id, 'iq'));
    const properties = protocolVersion === 5 ? [0] : [];
    let left = 2 + topic.length + properties.length + PACKET_HEADER_BYTES + BLOCK_BYTES;
    const length: number[] = [];
    for (; left > 0; left >>>= 7) length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    this.preface = Uint8Array.from([0x30, ...length, topic.length >> 8, topic.length & 0xff, ...topic, ...properties]);
  }

  /** @param startMs wall-clock time of the packet's first sample */
  send(signals: Uint8Array, startMs: number): void {
    const block = this.sequence % LOOP_BLOCKS;
    if (block === 0) this.event = this.nextEvent(startMs);
    const header = newPacket(
      'BWIQ',
      {
        format: 0,
        flags: 0,
        sequence: this.sequence++,
        count: BLOCK_PAIRS,
        timeNs: BigInt(Math.round(startMs * 1e6)),
        frequencyHz: centerOf(this.number),
        spacingHz: RATE_HZ,
        gainDb: null,
      },
      0,
    );
    const { stream } = this.client;
    if (stream.writableLength > MOST_WAITING_BYTES) {
      this.refused++;
      return;
    }
    const from = (this.event * LOOP_BLOCKS + block) * BLOCK_BYTES;
    stream.cork();
    stream.write(this.preface);
    stream.write(header);
    stream.write(signals.subarray(from, from + BLOCK_BYTES));
    stream.uncork();
  }

  async stop(): Promise<void> {
    await this.client.endAsync();
  }

  /** Number of the loop to play: 0, or 1 + the handheld's. Each of a receiver's handhelds is another transmitter. */
  private nextEvent(startMs: number): number {
    const { eventEveryLoops, transmitters } = this.task;
    const loop = this.sequence / LOOP_BLOCKS;
    const due = eventEveryLoops > 0 && loop > 0 && (loop + this.number) % eventEveryLoops === 0;
    if (!due || this.events >= transmitters) return 0;
    const centerHz = centerOf(this.number) + OFFSETS_HZ[this.events];
    const line: EventLine = {
      type: 'event',
      receiver: this.number,
      centerHz,
      startMs: startMs + EVENT_START_SECONDS * 1e3,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return ++this.events;
  }
}

const task = JSON.parse(process.argv[2]) as ReceiversTask;
const signals = readFileSync(task.signals);
const receivers = task.receivers.map((number) => new Receiver(number, task));
await Promise.all(receivers.map(({ ready }) => ready));
process.stdout.write('{"type":"ready"}\n');

const blockMs = BLOCK_SECONDS * 1e3;
const epochMs = performance.timeOrigin;
/** Receivers begin one after another within a block, as they would by chance. */
const startsMs = receivers.map((_, i) => performance.now() + 100 + (i * blockMs) / receivers.length);
const timer = setInterval(() => {
  const nowMs = performance.now();
  for (const [i, receiver] of receivers.entries()) {
    // A packet goes when its last sample has been heard.
    while (startsMs[i] + (receiver.sequence + 1) * blockMs <= nowMs) {
      receiver.send(signals, epochMs + startsMs[i] + receiver.sequence * blockMs);
    }
  }
}, 2);

async function finish(): Promise<never> {
  clearInterval(timer);
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  const packets = receivers.reduce((sum, { sequence }) => sum + sequence, 0);
  const refused = receivers.reduce((sum, receiver) => sum + receiver.refused, 0);
  const line: SentLine = { type: 'sent', packets, refused };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.exit();
}

process.stdin.once('data', () => void finish());

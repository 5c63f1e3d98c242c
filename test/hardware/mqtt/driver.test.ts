import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '../../../hardware/mqtt/broker.ts';
import { MqttDriver } from '../../../hardware/mqtt/driver.ts';
import type { DriverSink } from '../../../src/core/driver.ts';
import type { Frame, IqBlock, Reject } from '../../../src/core/frames.ts';
import type { ReceiverInfo } from '../../../src/core/records.ts';
import { encodeIqPacket } from '../../../src/formats/iq-packet.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const PREFIX = 'bandwarden/v1';
const T0_NS = 1_781_560_800_000_000_000n;

/** Keeps what a driver tells, and waits until a test has seen enough of it. */
class Told implements DriverSink {
  readonly frames: Frame[] = [];
  readonly infos: Array<[string, ReceiverInfo]> = [];
  readonly statuses: string[] = [];
  readonly rejects: Array<[string | null, Reject, number]> = [];
  lostPackets = 0;
  frame(frame: Frame) {
    this.frames.push(frame);
  }
  info(receiver: string, info: ReceiverInfo) {
    this.infos.push([receiver, info]);
  }
  status(receiver: string, status: 'online' | 'offline') {
    this.statuses.push(`${receiver} ${status}`);
  }
  rejected(receiver: string | null, reject: Reject, count = 1) {
    this.rejects.push([receiver, reject, count]);
  }
  lost(_receiver: string, packets: number) {
    this.lostPackets += packets;
  }
  async until(isEnough: () => boolean): Promise<void> {
    for (let tries = 0; !isEnough(); tries++) {
      if (tries > 500) throw new Error('not told in five seconds');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function block(sequence: number, change: Partial<IqBlock> = {}): IqBlock {
  return {
    kind: 'iq',
    receiver: 'rx-1',
    sequence,
    timeNs: T0_NS + BigInt(sequence) * 50_000_000n,
    centerHz: 98e6,
    sampleRateHz: 250_000,
    format: 'cu8',
    samples: new Uint8Array(2 * 1024).fill(127),
    pairs: 1024,
    gainDb: 20,
    gnssTime: true,
    lostBefore: false,
    overload: false,
    ...change,
  };
}

let broker: EmbeddedBroker;
let driver: MqttDriver;
let told: Told;
let receiver: MqttClient;

async function newBroker(port: number): Promise<EmbeddedBroker> {
  return startBroker({
    prefix: PREFIX,
    port,
    log: QUIET_LOG,
    authenticate: async (name) => (name === 'service' ? { kind: 'service' } : { kind: 'receiver', receiver: name }),
  });
}

const publish = (leaf: string, payload: string | Uint8Array) =>
  receiver.publishAsync(`${PREFIX}/rx-1/${leaf}`, Buffer.from(payload as Uint8Array), { qos: 1 });

beforeAll(async () => {
  broker = await newBroker(0);
});
afterAll(() => broker.close());
beforeEach(async () => {
  told = new Told();
  driver = new MqttDriver({ url: broker.url, service: 'main', username: 'service', password: 'x', log: QUIET_LOG });
  await driver.start(told);
  await told.until(() => driver.isConnected);
  receiver = await mqtt.connectAsync(broker.url, { username: 'rx-1', password: 'x', protocolVersion: 4 });
  await new Promise((resolve) => setTimeout(resolve, 50));
});
afterEach(async () => {
  await receiver.endAsync(true);
  await driver.stop();
});

describe('the MQTT driver', () => {
  it('takes in a packet just as it was sent', async () => {
    await publish('iq', encodeIqPacket(block(7)));
    await told.until(() => told.frames.length === 1);
    expect(told.frames[0]).toEqual(block(7));
  });

  it('counts what is missing between two packets, and marks the one after the gap', async () => {
    for (const sequence of [1, 2, 6]) await publish('iq', encodeIqPacket(block(sequence)));
    await told.until(() => told.frames.length === 3);
    expect(told.lostPackets).toBe(3);
    expect(told.frames.map((frame) => frame.kind === 'iq' && frame.lostBefore)).toEqual([false, false, true]);
  });

  it('takes a packet that is sent twice once, and repeats its acknowledgement', async () => {
    const acks: string[] = [];
    await receiver.subscribeAsync(`${PREFIX}/rx-1/ack`, { qos: 1 });
    receiver.on('message', (_topic, payload) => acks.push(payload.toString()));
    await publish('iq', encodeIqPacket(block(1)));
    driver.acknowledge('rx-1', 'iq', 1);
    await told.until(() => acks.length === 1);
    await publish('iq', encodeIqPacket(block(1)));
    await told.until(() => acks.length === 2);
    expect(told.frames).toHaveLength(1);
    expect(acks).toEqual(['{"sweep":null,"iq":1}', '{"sweep":null,"iq":1}']);
  });

  it('drops a packet with a flipped bit in its header, with the reason, and takes the next one', async () => {
    const broken = encodeIqPacket(block(1));
    broken[20] ^= 0x10;
    await publish('iq', broken);
    await publish('iq', encodeIqPacket(block(2)));
    await told.until(() => told.frames.length === 1);
    expect(told.rejects).toMatchObject([['rx-1', { reason: 'crc' }, 1]]);
  });

  it('takes a sweep in JSON', async () => {
    const time = '2026-06-15T22:00:00.000Z';
    await publish(
      'sweep',
      JSON.stringify({ sequence: 4, time, startHz: 88e6, stepHz: 1e5, powers: [-90, -80.5, -91] }),
    );
    await told.until(() => told.frames.length === 1);
    expect(told.frames[0]).toMatchObject({
      kind: 'sweep',
      receiver: 'rx-1',
      sequence: 4,
      startHz: 88e6,
      timeNs: T0_NS,
    });
    expect([...(told.frames[0] as { powers: Float32Array }).powers]).toEqual([-90, -80.5, -91]);
  });

  it('takes the lines of rtl_power one a message without a newline, as mosquitto_pub -l sends them', async () => {
    const line = (minute: number) =>
      `2026-06-15, 22:0${minute}:00, 88000000, 88300000, 100000.00, 8, -90, -80, -91, -91`;
    for (const minute of [0, 1, 2]) await publish('sweep/csv', line(minute));
    await told.until(() => told.frames.length === 3);
    expect(told.frames.map(({ timeNs }) => Number((timeNs - T0_NS) / 1_000_000_000n))).toEqual([0, 60, 120]);
    expect(told.frames.every(({ sequence }) => sequence === null)).toBe(true);
    await publish('sweep/csv', 'Found Rafael Micro R820T tuner');
    await told.until(() => told.rejects.length === 1);
    expect(told.rejects[0]).toMatchObject(['rx-1', { reason: 'syntax' }, 1]);
  });

  it('hears who is there by status and by last will, and what a receiver says of itself', async () => {
    await publish('status', 'online');
    await publish('info', '{"model":"RTL-SDR V4","spurs":[28800000]}');
    await told.until(() => told.infos.length === 1 && told.statuses.length === 1);
    expect(told.statuses).toEqual(['rx-1 online']);
    expect(told.infos[0]).toMatchObject(['rx-1', { model: 'RTL-SDR V4', spursHz: [28.8e6] }]);
  });

  it('outlives ten thousand mutated packets and gives a reason for each that it does not take', async () => {
    let state = 12345;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const leaves = ['iq', 'sweep', 'sweep/csv', 'info', 'status', 'reply'];
    for (let i = 0; i < 10_000; i++) {
      const packet = encodeIqPacket(block(i)).slice(0, 48 + random(64));
      for (let flips = 1 + random(4); flips > 0; flips--) packet[random(packet.length)] ^= 1 << random(8);
      receiver.publish(`${PREFIX}/rx-1/${leaves[i % leaves.length]}`, Buffer.from(packet), { qos: 0 });
      if (i % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await publish('iq', encodeIqPacket(block(20_000)));
    await told.until(() => told.frames.some(({ sequence }) => sequence === 20_000));
    expect(told.rejects.length).toBeGreaterThan(8_000);
    expect(driver.isConnected).toBe(true);
  });

  it('comes back by itself when the broker was away, and says that it is there', async () => {
    const other = await newBroker(0);
    const { port } = other;
    const mine = new MqttDriver({ url: other.url, service: 'two', username: 'service', password: 'x', log: QUIET_LOG });
    const heard = new Told();
    await mine.start(heard);
    await heard.until(() => mine.isConnected);
    await other.close();
    await heard.until(() => !mine.isConnected);
    const again = await newBroker(port);
    await heard.until(() => mine.isConnected);
    const watcher = await mqtt.connectAsync(again.url, { username: 'service', password: 'x', protocolVersion: 4 });
    const statuses: string[] = [];
    watcher.on('message', (_topic, payload) => statuses.push(payload.toString()));
    await watcher.subscribeAsync(`${PREFIX}/service/two/status`);
    await heard.until(() => statuses.at(-1) === 'online');
    await mine.stop();
    await heard.until(() => statuses.at(-1) === 'offline');
    await watcher.endAsync(true);
    await again.close();
  });
});

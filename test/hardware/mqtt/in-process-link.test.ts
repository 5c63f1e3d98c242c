import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '../../../hardware/mqtt/broker.ts';
import type { BrokerLink } from '../../../hardware/mqtt/broker-link.ts';

const PREFIX = 'bandwarden/v1';
const STATUS = `${PREFIX}/service/main/status`;
const log = { debug() {}, info() {}, warn() {}, error() {} };

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

describe('the service at the broker of its own process', () => {
  let broker: EmbeddedBroker;
  const heard: Heard[] = [];

  function open(): BrokerLink {
    return broker.link({
      statusTopic: STATUS,
      subscriptions: { [`${PREFIX}/+/info`]: { qos: 1 }, [`${PREFIX}/+/iq`]: { qos: 0 } },
      onMessage: (topic, payload, retained) => heard.push({ topic, text: Buffer.from(payload).toString(), retained }),
      log,
    });
  }

  function login(username: string): Promise<mqtt.MqttClient> {
    return mqtt.connectAsync(broker.url, { username, password: 'any', protocolVersion: 4, reconnectPeriod: 0 });
  }

  beforeAll(async () => {
    const authenticate = async (name: string) =>
      name === 'service' ? ({ kind: 'service' } as const) : ({ kind: 'receiver', receiver: name } as const);
    broker = await startBroker({ prefix: PREFIX, port: 0, log, authenticate });
  });
  afterAll(() => broker.close());

  it('hears what a receiver said before, what it says now, and nothing that it did not ask for', async () => {
    const receiver = await login('rx-1');
    await receiver.publishAsync(`${PREFIX}/rx-1/info`, '{"model":"A"}', { qos: 1, retain: true });
    const link = open();
    await expect.poll(() => heard).toEqual([{ topic: `${PREFIX}/rx-1/info`, text: '{"model":"A"}', retained: true }]);
    await receiver.publishAsync(`${PREFIX}/rx-1/sweep`, 'not asked for', { qos: 1 });
    await receiver.publishAsync(`${PREFIX}/rx-1/iq`, 'samples', { qos: 0 });
    await expect.poll(() => heard.slice(1)).toEqual([{ topic: `${PREFIX}/rx-1/iq`, text: 'samples', retained: false }]);
    await link.stop();
    await receiver.publishAsync(`${PREFIX}/rx-1/info`, '{"model":"B"}', { qos: 1, retain: true });
    expect(heard).toHaveLength(2);
    await receiver.endAsync();
  });

  it('reaches receivers, says that it is there, and when it is not', async () => {
    const receiver = await login('rx-2');
    const watcher = await login('service');
    const got: string[] = [];
    const told: string[] = [];
    receiver.on('message', (topic, payload) => got.push(`${topic} ${payload}`));
    watcher.on('message', (_topic, payload) => told.push(payload.toString()));
    await receiver.subscribeAsync(`${PREFIX}/rx-2/command`, { qos: 1 });
    await watcher.subscribeAsync(STATUS, { qos: 1 });
    const link = open();
    expect(link.isConnected).toBe(true);
    await link.publish(`${PREFIX}/rx-2/command`, '{"id":"1"}', 1);
    await expect.poll(() => got).toEqual([`${PREFIX}/rx-2/command {"id":"1"}`]);
    await link.stop();
    await expect.poll(() => told.slice(-2)).toEqual(['online', 'offline']);
    expect(link.isConnected).toBe(false);
    await expect(link.publish(STATUS, 'online', 1)).rejects.toThrow('closed');
    await Promise.all([receiver.endAsync(), watcher.endAsync()]);
  });
});

import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '../../../hardware/mqtt/broker.ts';

const PREFIX = 'bandwarden/v1';
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const PASSWORDS: Record<string, string> = { service: 's-secret', 'rx-1': 'one', 'rx-2': 'two' };

let broker: EmbeddedBroker;
const clients: MqttClient[] = [];

beforeAll(async () => {
  broker = await startBroker({
    prefix: PREFIX,
    port: 0,
    log: QUIET_LOG,
    authenticate: async (username, password) => {
      if (PASSWORDS[username] !== password.toString()) return null;
      return username === 'service' ? { kind: 'service' } : { kind: 'receiver', receiver: username };
    },
  });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
});
afterAll(() => broker.close());

async function login(username?: string, password = PASSWORDS[username ?? ''], clientId?: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(broker.url, {
    username,
    password,
    clientId,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** Everything that the service hears while `act` runs and a little after. */
async function heardDuring(act: () => Promise<unknown>): Promise<string[]> {
  const service = await login('service');
  const topics: string[] = [];
  await service.subscribeAsync(`${PREFIX}/#`);
  service.on('message', (topic) => topics.push(topic));
  await act();
  await wait(100);
  return topics;
}

const closed = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()));

describe('who may come in', () => {
  it.each([
    ['nobody by name', undefined, undefined],
    ['a name without a password', 'rx-1', ''],
    ['a wrong password', 'rx-1', 'two'],
    ['a name that nobody has', 'rx-9', 'one'],
  ])('refuses %s', async (_case, username, password) => {
    await expect(login(username, password)).rejects.toMatchObject({ code: 4 });
  });

  it('lets nobody take over the client identifier of somebody else', async () => {
    const service = await login('service', 's-secret', 'the-service');
    await expect(login('rx-1', 'one', 'the-service')).rejects.toMatchObject({ code: 2 });
    expect(service.connected).toBe(true);
  });

  it('lets a receiver come back under its own identifier while the broker still holds the old connection', async () => {
    const old = await login('rx-1', 'one', 'rx-1-agent');
    const gone = closed(old);
    const back = await login('rx-1', 'one', 'rx-1-agent');
    await gone;
    expect(back.connected).toBe(true);
  });
});

describe('what a receiver may publish', () => {
  it.each(['status', 'info', 'iq', 'vrt', 'sweep', 'sweep/csv', 'reply'])('its own %s', async (leaf) => {
    const receiver = await login('rx-1');
    const topics = await heardDuring(() => receiver.publishAsync(`${PREFIX}/rx-1/${leaf}`, 'x', { qos: 1 }));
    expect(topics).toContain(`${PREFIX}/rx-1/${leaf}`);
  });

  it.each([
    `${PREFIX}/rx-2/iq`,
    `${PREFIX}/rx-1/command`,
    `${PREFIX}/rx-1/ack`,
    `${PREFIX}/rx-1/spectrum`,
    `${PREFIX}/alerts/main/1`,
    `${PREFIX}/service/main/status`,
    `${PREFIX}/rx-1/iq/more`,
    'somewhere/else',
    '$SYS/broker/clients',
  ])('never %s: the connection ends and nobody hears it', async (topic) => {
    const receiver = await login('rx-1');
    const gone = closed(receiver);
    const topics = await heardDuring(async () => {
      receiver.publish(topic, 'x', { qos: 0 });
      await gone;
    });
    expect(topics).not.toContain(topic);
  });

  it('never by its last will either', async () => {
    const topics = await heardDuring(async () => {
      const receiver = await mqtt.connectAsync(broker.url, {
        username: 'rx-1',
        password: 'one',
        protocolVersion: 4,
        reconnectPeriod: 0,
        will: { topic: `${PREFIX}/rx-2/status`, payload: Buffer.from('offline'), qos: 1, retain: true },
      });
      receiver.stream.destroy();
      await closed(receiver);
    });
    expect(topics).not.toContain(`${PREFIX}/rx-2/status`);
  });

  it('is not kept for later subscribers where it is samples: they would come as new', async () => {
    const receiver = await login('rx-1');
    await receiver.publishAsync(`${PREFIX}/rx-1/sweep`, 'old', { qos: 1, retain: true });
    await receiver.publishAsync(`${PREFIX}/rx-1/info`, '{}', { qos: 1, retain: true });
    const topics = await heardDuring(async () => undefined);
    expect(topics).toContain(`${PREFIX}/rx-1/info`);
    expect(topics).not.toContain(`${PREFIX}/rx-1/sweep`);
  });
});

describe('what a receiver may read', () => {
  const granted = async (topic: string) => {
    const receiver = await login('rx-1');
    const [grant] = await receiver.subscribeAsync(topic, { qos: 1 }).catch(() => [{ qos: 128 }]);
    return grant?.qos;
  };

  it.each(['command', 'ack'])('its own %s', async (leaf) => {
    expect(await granted(`${PREFIX}/rx-1/${leaf}`)).toBe(1);
  });

  it.each([`${PREFIX}/rx-2/command`, `${PREFIX}/+/command`, `${PREFIX}/rx-1/#`, '#', `${PREFIX}/rx-1/iq`, '$SYS/#'])(
    'not %s',
    async (topic) => {
      expect(await granted(topic)).toBe(128);
    },
  );
});

describe('sizes', () => {
  it('passes on a payload of 4 MiB and ends the connection that sends one byte more', async () => {
    const receiver = await login('rx-1');
    const topics = await heardDuring(() =>
      receiver.publishAsync(`${PREFIX}/rx-1/iq`, Buffer.alloc(4 * 2 ** 20), { qos: 1 }),
    );
    expect(topics).toContain(`${PREFIX}/rx-1/iq`);
    const gone = closed(receiver);
    receiver.publish(`${PREFIX}/rx-1/iq`, Buffer.alloc(4 * 2 ** 20 + 1));
    await gone;
  });

  it('ends a connection as soon as a packet declares 256 MiB, before anything of it is collected', async () => {
    const socket = connect(broker.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    // PUBLISH, remaining length 268,435,455: the largest that MQTT can say.
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
    await gone;
    expect(socket.bytesWritten).toBe(5);
  });

  it('outlives bytes that are no MQTT', async () => {
    for (const garbage of [
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x10, 0x00],
      [0x00],
      [0x10, 0x05, 0, 4, 0x4d, 0x51, 0x54],
    ]) {
      const socket = connect(broker.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.end(Buffer.from(garbage));
      await wait(20);
    }
    expect((await login('rx-1')).connected).toBe(true);
  });
});

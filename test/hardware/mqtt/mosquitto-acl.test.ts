import { readFileSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { type Broker, startMosquitto } from '../../support/mosquitto.ts';
import { describeWith } from '../../support/services.ts';

const PREFIX = 'bandwarden/v1';
const OWN_LEAVES = ['status', 'info', 'iq', 'vrt', 'sweep', 'sweep/csv', 'reply'];
const FOREIGN_LEAVES = ['command', 'ack', 'spectrum', 'sweep/json', 'anything'];

describeWith(['mosquitto'], 'the settings and access control list shipped for Mosquitto', () => {
  const folder = temporaryFolder();
  const clients: MqttClient[] = [];
  let broker: Broker;

  beforeAll(async () => {
    const acl = readFileSync('hardware/mqtt/mosquitto/acl', 'utf8');
    const accounts = { service: 's', 'roof-1': 'a', 'roof-2': 'b' };
    // The shipped settings, but for the container's paths and its listener.
    const settings = readFileSync('hardware/mqtt/mosquitto/mosquitto.conf', 'utf8')
      .split('\n')
      .filter((line) => !/^listener|_file|^persistence_location|^allow_anonymous/.test(line))
      .concat(`persistence_location ${folder}/`);
    broker = await startMosquitto({ folder, acl, accounts, settings: settings.join('\n') });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker?.stop();
  });

  async function login(username: string, password: string): Promise<MqttClient> {
    const client = await connectAsync(broker.url, { username, password, protocolVersion: 5, reconnectPeriod: 0 });
    clients.push(client);
    return client;
  }

  /** Topics that reach `listener` of those that `speaker` publishes to; the last one is a mark that must arrive. */
  async function heard(listener: MqttClient, speaker: MqttClient, topics: string[], mark: string): Promise<string[]> {
    const arrived: string[] = [];
    await listener.subscribeAsync('#', { qos: 1 });
    const all = new Promise<void>((resolve) => {
      listener.on('message', (topic) => {
        if (topic === mark) resolve();
        else arrived.push(topic);
      });
    });
    for (const topic of topics) await speaker.publishAsync(topic, 'x', { qos: 1 }).catch(() => {});
    await speaker.publishAsync(mark, 'x', { qos: 1 });
    await all;
    listener.removeAllListeners('message');
    return arrived;
  }

  it('let a receiver publish the leaves of its own id and nothing else', async () => {
    const own = OWN_LEAVES.map((leaf) => `${PREFIX}/roof-1/${leaf}`);
    const foreign = [
      ...FOREIGN_LEAVES.map((leaf) => `${PREFIX}/roof-1/${leaf}`),
      ...[...OWN_LEAVES, ...FOREIGN_LEAVES].map((leaf) => `${PREFIX}/roof-2/${leaf}`),
      `${PREFIX}/roof-1`,
      `${PREFIX}/alerts/main/1`,
      `${PREFIX}/service/main/status`,
      'elsewhere/roof-1/iq',
    ];
    const topics = [...foreign, ...own];
    const arrived = await heard(
      await login('service', 's'),
      await login('roof-1', 'a'),
      topics,
      `${PREFIX}/roof-1/status`,
    );
    expect(arrived).toEqual(own.filter((topic) => !topic.endsWith('/status')));
  });

  it('let a receiver read its own command and ack and nothing else', async () => {
    const topics = [
      `${PREFIX}/roof-2/command`,
      `${PREFIX}/roof-2/ack`,
      `${PREFIX}/roof-1/spectrum`,
      `${PREFIX}/alerts/main/1`,
      `${PREFIX}/service/main/status`,
      `${PREFIX}/roof-1/ack`,
    ];
    const arrived = await heard(
      await login('roof-1', 'a'),
      await login('service', 's'),
      topics,
      `${PREFIX}/roof-1/command`,
    );
    expect(arrived).toEqual([`${PREFIX}/roof-1/ack`]);
  });

  it('do not let a receiver read what another receiver publishes', async () => {
    const [listener, speaker] = [await login('roof-1', 'a'), await login('roof-2', 'b')];
    const service = await login('service', 's');
    const arrived: string[] = [];
    await listener.subscribeAsync('#', { qos: 1 });
    const marked = new Promise<void>((resolve) => {
      listener.on('message', (topic) => (topic.endsWith('/roof-1/ack') ? resolve() : arrived.push(topic)));
    });
    for (const leaf of OWN_LEAVES) await speaker.publishAsync(`${PREFIX}/roof-2/${leaf}`, 'x', { qos: 1 });
    await service.publishAsync(`${PREFIX}/roof-1/ack`, 'x', { qos: 1 });
    await marked;
    expect(arrived).toEqual([]);
  });

  it('let a payload of 4 MiB through', async () => {
    const [listener, speaker] = [await login('service', 's'), await login('roof-1', 'a')];
    await listener.subscribeAsync(`${PREFIX}/+/iq`);
    const size = new Promise<number>((resolve) => {
      listener.on('message', (_topic, payload) => resolve(payload.byteLength));
    });
    await speaker.publishAsync(`${PREFIX}/roof-1/iq`, Buffer.alloc(4 * 1024 * 1024), { qos: 1 });
    expect(await size).toBe(4 * 1024 * 1024);
  });

  it('refuse a wrong password and no account at all', async () => {
    await expect(login('roof-1', 'b')).rejects.toThrow(/not authorized/i);
    await expect(connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0 })).rejects.toThrow(
      /not authorized/i,
    );
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '../../hardware/mqtt/broker.ts';
import { LiveCsv } from '../../hardware/mqtt/live-csv.ts';
import type { CityMessage, CitySettings } from '../../src/cli/city-process.ts';
import { parseIqPacket } from '../../src/formats/iq-packet.ts';
import { parseSweepJson } from '../../src/formats/sweep-json.ts';
import { parseSweepPacket } from '../../src/formats/sweep-packet.ts';
import { CITY_RECEIVERS } from '../../src/simulation/city/emitter.ts';

const PREFIX = 'bandwarden/v1';
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const credentials = Object.fromEntries(CITY_RECEIVERS.map((id) => [id, { username: id, password: `secret of ${id}` }]));

let broker: EmbeddedBroker;
beforeAll(async () => {
  broker = await startBroker({
    prefix: PREFIX,
    port: 0,
    log: QUIET_LOG,
    authenticate: async (username, password) => {
      if (username === 'service') return { kind: 'service' };
      return password.toString() === credentials[username]?.password ? { kind: 'receiver', receiver: username } : null;
    },
  });
});
afterAll(() => broker.close());

describe('the process of the demonstration city', () => {
  it('puts all seven receivers on the wire in the forms of the contract, and goes with its parent', async () => {
    const service = await mqtt.connectAsync(broker.url, { username: 'service', password: 'x', protocolVersion: 4 });
    const counts = new Map<string, number>();
    const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
    const csv = new LiveCsv('river-gate');
    service.on('message', (topic, payload) => {
      const [receiver, ...rest] = topic.slice(PREFIX.length + 1).split('/');
      const leaf = rest.join('/');
      if (leaf === 'iq') count(`${receiver} iq ${parseIqPacket(payload, receiver).ok}`);
      else if (leaf === 'sweep' && payload[0] === 0x7b)
        count(`${receiver} json ${parseSweepJson(payload, receiver).ok}`);
      else if (leaf === 'sweep') count(`${receiver} packet ${parseSweepPacket(payload, receiver).ok}`);
      else if (leaf === 'sweep/csv') {
        csv.take(
          payload,
          ({ powers, startHz }) => count(`${receiver} csv ${powers.length} ${startHz}`),
          () => count('csv refused'),
        );
      } else count(`${receiver} ${leaf} ${leaf === 'status' ? payload.toString() : ''}`);
    });
    await service.subscribeAsync(`${PREFIX}/#`);
    const child = fork(join(import.meta.dirname, '../../src/cli/city-process.ts'), [], {
      execArgv: ['--import', 'tsx'],
    });
    const settings: CitySettings = { brokerUrl: broker.url, prefix: PREFIX, credentials, seed: 1 };
    child.send(settings);
    const [message] = (await once(child, 'message')) as [CityMessage];
    expect(message).toMatchObject({ type: 'running', receivers: [...CITY_RECEIVERS] });
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    const exited = once(child, 'exit');
    child.disconnect();
    expect((await exited)[0]).toBe(0);
    await service.endAsync(true);

    for (const id of CITY_RECEIVERS) {
      expect(counts.get(`${id} status online`)).toBe(1);
      // By its own word, and by its last will as the connection is cut.
      expect(counts.get(`${id} status offline`)).toBeGreaterThanOrEqual(1);
      expect(counts.get(`${id} info `)).toBe(1);
    }
    for (const id of ['north-mast', 'harbour', 'town-hall']) {
      expect(counts.get(`${id} iq true`)).toBeGreaterThan(40);
      expect(counts.get(`${id} iq false`)).toBeUndefined();
    }
    expect(counts.get('observatory-hill json true')).toBeGreaterThanOrEqual(5);
    expect(counts.get('airport packet true')).toBeGreaterThanOrEqual(10);
    expect(counts.get('river-gate csv 4096 150000000')).toBeGreaterThanOrEqual(1);
    expect(counts.get('csv refused')).toBeUndefined();
  }, 60_000);
});

import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '../../../hardware/mqtt/broker.ts';
import { type EmulatorOptions, MqttReceiverEmulator, type Pace } from '../../../hardware/mqtt/emulator.ts';
import { UNKNOWN_INFO } from '../../../hardware/mqtt/protocol.ts';
import { rtlPowerLines } from '../../../hardware/mqtt/rtl-power-lines.ts';
import type { IqBlock, Sweep } from '../../../src/core/frames.ts';
import { parseIqPacket } from '../../../src/formats/iq-packet.ts';
import { parseSweepJson } from '../../../src/formats/sweep-json.ts';
import { parseSweepPacket } from '../../../src/formats/sweep-packet.ts';

const PREFIX = 'bandwarden/v1';
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const START_NS = 1_700_000_000_000_000_000n;
const SPAN = { startHz: 87e6, stepHz: 1e5, rbwHz: 1e5 };

let broker: EmbeddedBroker;
let service: MqttClient;
let emulator: MqttReceiverEmulator;
let heard: { topic: string; payload: Buffer; retain: boolean }[];

beforeAll(async () => {
  broker = await startBroker({
    prefix: PREFIX,
    port: 0,
    log: QUIET_LOG,
    authenticate: async (username) =>
      username === 'service' ? { kind: 'service' } : { kind: 'receiver', receiver: username },
  });
});
beforeEach(async () => {
  heard = [];
  service = await mqtt.connectAsync(broker.url, { username: 'service', password: 'x', protocolVersion: 4 });
  service.on('message', (topic, payload, packet) => {
    heard.push({ topic: topic.slice(PREFIX.length + 1), payload, retain: packet.retain });
  });
  await service.subscribeAsync(`${PREFIX}/#`);
});
afterEach(async () => {
  await emulator.stop();
  await service.endAsync(true);
});
afterAll(() => broker.close());

function block(index: number): IqBlock {
  return {
    kind: 'iq',
    receiver: 'attic',
    sequence: index,
    timeNs: START_NS + BigInt(index) * 64_000_000n,
    centerHz: 98e6,
    sampleRateHz: 256_000,
    format: 'cu8',
    samples: new Uint8Array(32_768).fill(127 + (index % 2)),
    pairs: 16_384,
    gainDb: 20,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  };
}

function sweep(index: number): Sweep {
  return {
    kind: 'sweep',
    receiver: 'attic',
    sequence: index,
    timeNs: START_NS + BigInt(index) * 1_000_000_000n,
    durationSeconds: 1,
    ...SPAN,
    unit: 'dBm',
    powers: Float32Array.from([-100, -90.5, -80.25]),
    gainDb: null,
    flags: [],
  };
}

/** A clock that jumps to whatever is waited for, and remembers it. */
function jumpingPace(): Pace & { readonly moments: number[] } {
  let now = 1_000;
  const moments: number[] = [];
  return {
    moments,
    nowMs: () => now,
    async until(ms) {
      moments.push(ms);
      now = Math.max(now, ms);
    },
  };
}

async function start(options: Partial<EmulatorOptions> = {}): Promise<MqttReceiverEmulator> {
  emulator = new MqttReceiverEmulator({
    brokerUrl: broker.url,
    prefix: PREFIX,
    receiver: 'attic',
    username: 'attic',
    password: 'x',
    info: { ...UNKNOWN_INFO, model: 'Emulator', spursHz: [98_304_000] },
    log: QUIET_LOG,
    pace: jumpingPace(),
    ...options,
  });
  await emulator.connected;
  return emulator;
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 200) throw new Error(`never came; heard ${heard.map(({ topic }) => topic).join(', ')}`);
    await wait(10);
  }
}

const on = (leaf: string) => heard.filter(({ topic }) => topic === `attic/${leaf}`);
const frames = (count: number) => ({
  frameSeconds: 0.064,
  frame: (index: number) => (index < count ? block(index) : null),
});

describe('an emulated receiver', () => {
  it('says that it is online and what it is, retained, and offline when it goes', async () => {
    await start();
    await eventually(() => on('status').length > 0 && on('info').length > 0);
    expect(on('status')[0].payload.toString()).toBe('online');
    expect(JSON.parse(on('info')[0].payload.toString())).toMatchObject({ model: 'Emulator', spurs: [98_304_000] });
    await emulator.stop();
    await eventually(() => on('status').length > 1);
    expect(on('status')[1].payload.toString()).toBe('offline');
    const late = await mqtt.connectAsync(broker.url, { username: 'service', password: 'x', protocolVersion: 4 });
    const retained: string[] = [];
    late.on('message', (topic, payload) =>
      retained.push(`${topic.split('/').pop()} ${payload.toString().slice(0, 7)}`),
    );
    await late.subscribeAsync(`${PREFIX}/attic/#`);
    await wait(100);
    await late.endAsync(true);
    expect(retained).toContain('status offline');
  });

  it('sends IQ packets that are read back as they were, numbered and timed', async () => {
    await start();
    await emulator.run(frames(5), START_NS);
    await eventually(() => on('iq').length === 5);
    on('iq').forEach(({ payload }, index) => {
      const parsed = parseIqPacket(payload, 'attic');
      expect(parsed).toEqual({ ok: true, value: { ...block(index), samples: expect.anything() } });
      expect(parsed.ok && Buffer.compare(parsed.value.samples, block(index).samples)).toBe(0);
    });
    expect(emulator.counters).toMatchObject({ framesSent: 5, framesLost: 0 });
  });

  it('is paced from its start, so that nothing adds up: frame k comes when its last sample has', async () => {
    const pace = jumpingPace();
    await start({ pace });
    await emulator.run(frames(1_000), START_NS);
    pace.moments.forEach((ms, index) => {
      expect(ms).toBeCloseTo(1_000 + 64 * (index + 1), 6);
    });
  });

  it('leaves frames out that the clock has run away from, and marks the next', async () => {
    let now = 0;
    const until = async (ms: number) => {
      now = Math.max(now, ms);
    };
    await start({ pace: { nowMs: () => now, until } });
    const source = {
      frameSeconds: 0.064,
      frame: (index: number) => {
        if (index === 2) now += 10_000;
        return index < 200 ? block(index) : null;
      },
    };
    await emulator.run(source, START_NS);
    await eventually(() => on('iq').length === emulator.counters.framesSent);
    // 10 s late; what is less than 2 s late is sent all the same: 8 s of 64 ms are lost.
    expect(emulator.counters.framesLost).toBeGreaterThan(120);
    expect(emulator.counters.framesLost).toBeLessThan(130);
    const blocks = on('iq').flatMap(({ payload }) => {
      const parsed = parseIqPacket(payload, 'attic');
      return parsed.ok ? [parsed.value] : [];
    });
    expect(blocks.filter(({ lostBefore }) => lostBefore).map(({ sequence }) => sequence)).toEqual([
      3 + emulator.counters.framesLost,
    ]);
  });

  it('sends sweeps as JSON, as packets or as lines of rtl_power', async () => {
    await start();
    await emulator.publish(sweep(0), 0);
    await emulator.stop();
    await start({ sweepWire: 'sweep-packet' });
    await emulator.publish(sweep(1), 1);
    await emulator.stop();
    await start({ sweepWire: 'rtl_power' });
    await emulator.publish(sweep(2), 2);
    await eventually(() => on('sweep').length === 2 && on('sweep/csv').length === 1);
    const json = parseSweepJson(on('sweep')[0].payload, 'attic');
    expect(json.ok && Array.from(json.value.powers)).toEqual([-100, -90.5, -80.25]);
    const packet = parseSweepPacket(on('sweep')[1].payload, 'attic');
    expect(packet.ok && Array.from(packet.value.powers)).toEqual([-100, -90.5, -80.25]);
    expect(on('sweep/csv')[0].payload.toString()).toMatch(/^2023-11-14, 22:13:23, 87000000, 87300000, 100000.00, /);
  });

  it('refuses commands that it cannot follow, by their id, and takes acknowledgements', async () => {
    await start();
    await wait(50);
    const command = (body: string) => service.publishAsync(`${PREFIX}/attic/command`, body, { qos: 1 });
    await command('{"id":"c1","command":"tune","centerHz":1e8}');
    await command('not json');
    await service.publishAsync(`${PREFIX}/attic/ack`, '{"iq":41}', { qos: 1 });
    await service.publishAsync(`${PREFIX}/attic/ack`, '{"sweep":7}', { qos: 1 });
    await eventually(() => on('reply').length === 2 && emulator.counters.ack.sweep === 7);
    const [first, second] = on('reply').map(({ payload }) => JSON.parse(payload.toString()));
    expect(first).toMatchObject({ id: 'c1', ok: false, error: expect.stringContaining('tune') });
    expect(second).toMatchObject({ ok: false, error: expect.any(String) });
    expect(emulator.counters.ack).toEqual({ iq: 41, sweep: 7 });
  });

  it('loses and damages packets as a test bids it, and can fall silent', async () => {
    await start({
      behaviour: (payload, index) => {
        if (index === 1) return null;
        if (index !== 2 || typeof payload === 'string') return payload;
        const damaged = payload.slice();
        damaged[20] ^= 0xff;
        return damaged;
      },
    });
    await emulator.run(frames(4), START_NS);
    await eventually(() => on('iq').length === 3);
    const results = on('iq').map(({ payload }) => parseIqPacket(payload, 'attic'));
    expect(results.map((result) => (result.ok ? result.value.sequence : result.reject.reason))).toEqual([0, 'crc', 3]);
    emulator.stopSilently();
    expect(await emulator.publish(block(4), 4)).toBe(false);
  });

  it('leaves `offline` with the broker as its last will', async () => {
    const connects: Buffer[] = [];
    const server = createServer((socket) => {
      socket.once('data', (data) => connects.push(data));
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    emulator = new MqttReceiverEmulator({
      brokerUrl: `mqtt://127.0.0.1:${port}`,
      prefix: PREFIX,
      receiver: 'attic',
      username: 'attic',
      password: 'x',
      info: UNKNOWN_INFO,
      log: QUIET_LOG,
    });
    await eventually(() => connects.length > 0);
    await emulator.stop();
    server.close();
    // CONNECT: flags at byte 9: will (bit 2), its QoS 1 (bit 3), retained (bit 5).
    const flags = connects[0][connects[0].indexOf('MQTT') + 5];
    expect(flags & 0b0010_1100).toBe(0b0010_1100);
    expect(connects[0].includes(`${PREFIX}/attic/status`)).toBe(true);
    expect(connects[0].includes('offline')).toBe(true);
  });
});

describe('lines of rtl_power', () => {
  it('are one a hop, with the time of the end, and the last level twice', () => {
    expect(rtlPowerLines(sweep(0), 2, 100)).toBe(
      '2023-11-14, 22:13:21, 87000000, 87200000, 100000.00, 100, -100.00, -90.50, -90.50\n' +
        '2023-11-14, 22:13:21, 87200000, 87300000, 100000.00, 100, -80.25, -80.25\n',
    );
  });
});

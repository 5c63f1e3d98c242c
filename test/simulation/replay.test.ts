import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '../../hardware/mqtt/broker.ts';
import { packetPairs } from '../../src/cli/replay-frames.ts';
import type { IqBlock, Sweep } from '../../src/core/frames.ts';
import { parseIqPacket } from '../../src/formats/iq-packet.ts';
import { parseSweepJson } from '../../src/formats/sweep-json.ts';
import { renderScene } from '../../src/simulation/scene.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Finished, run } from '../support/process.ts';

const PREFIX = 'bandwarden/v1';
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const folder = temporaryFolder();
const passwordFile = join(folder, 'attic.password');
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BANDWARDEN_')));
const fixture = (name: string) => join(import.meta.dirname, '../../fixtures', name);

let broker: EmbeddedBroker;
let service: MqttClient;
let blocks: { block: IqBlock; atMs: number }[];
let sweeps: Sweep[];
let refused: string[];

beforeAll(async () => {
  writeFileSync(passwordFile, 'attic-secret\n');
  broker = await startBroker({
    prefix: PREFIX,
    port: 0,
    log: QUIET_LOG,
    authenticate: async (username, password) => {
      if (username === 'service') return { kind: 'service' };
      return password.toString() === `${username}-secret` ? { kind: 'receiver', receiver: username } : null;
    },
  });
  service = await mqtt.connectAsync(broker.url, { username: 'service', password: 'x', protocolVersion: 4 });
  service.on('message', (topic, payload) => {
    const leaf = topic.split('/').pop();
    if (leaf === 'iq') {
      const parsed = parseIqPacket(payload, 'attic');
      if (parsed.ok) blocks.push({ block: parsed.value, atMs: Date.now() });
      else refused.push(parsed.reject.detail);
    } else if (leaf === 'sweep') {
      const parsed = parseSweepJson(payload, 'attic');
      if (parsed.ok) sweeps.push(parsed.value);
      else refused.push(parsed.reject.detail);
    }
  });
  await service.subscribeAsync(`${PREFIX}/attic/#`);
});
beforeEach(() => {
  blocks = [];
  sweeps = [];
  refused = [];
});
afterAll(async () => {
  await service.endAsync(true);
  await broker.close();
});

function replay(...args: string[]): Promise<Finished> {
  return run(process.execPath, ['--import', 'tsx', 'src/main.ts', 'replay', ...args], { env: environment });
}

function asAttic(...args: string[]): Promise<Finished> {
  const login = ['--username', 'attic', '--password-file', passwordFile];
  return replay(...args, '--receiver', 'attic', '--broker', broker.url, ...login);
}

describe('a packet of a replay', () => {
  it.each([
    [48_000, 2_048],
    [250_000, 8_192],
    [2_400_000, 65_536],
    [10_000_000, 262_144],
    [61_440_000, 262_144],
  ])('at %i samples a second holds %i pairs: the smallest power of two of 25 ms, at most 2^18', (rateHz, pairs) => {
    expect(packetPairs(rateHz)).toBe(pairs);
  });
});

describe('bandwarden replay', () => {
  it('sends every whole packet of a recording, as it was recorded, at real time', async () => {
    const receiver = { sampleRateHz: 256_000, centerHz: 409_600_000, format: 'cu8', noiseDbfs: -30 } as const;
    const { samples } = renderScene({ seed: 5, receiver, emitters: [] }, 1);
    const file = join(folder, 'second_409.6M_256k.cu8');
    writeFileSync(file, samples);
    const { code, stdout, stderr } = await asAttic(file);
    expect({ code, stderr, refused }).toEqual({ code: 0, stderr: '', refused: [] });
    // 256,000 pairs are 31 packets of 8,192 and a rest.
    expect(stdout).toMatch(/^31 packets sent, 0 lost: 0\.992 s of signal in \d/);
    expect(blocks.map(({ block }) => block.sequence)).toEqual(Array.from({ length: 31 }, (_, k) => k));
    blocks.forEach(({ block }, k) => {
      expect(block).toMatchObject({ centerHz: 409_600_000, sampleRateHz: 256_000, format: 'cu8', pairs: 8_192 });
      expect(block.timeNs - blocks[0].block.timeNs).toBe(BigInt(k) * 32_000_000n);
      expect(Buffer.compare(block.samples, samples.subarray(k * 16_384, (k + 1) * 16_384))).toBe(0);
    });
    expect(blocks[30].atMs - blocks[0].atMs).toBeGreaterThan(900);
    // Times are of the replay: the last sample of a packet has just passed when it is sent.
    expect(Math.abs(Number(blocks[0].block.timeNs / 1_000_000n) + 32 - blocks[0].atMs)).toBeLessThan(500);
  });

  it('plays a sweep log as fast as asked', async () => {
    const started = Date.now();
    const { code, stdout, stderr } = await asAttic(fixture('recordings/fm_rtl_power.csv'), '--speed', '20');
    expect({ code, stderr, refused }).toEqual({ code: 0, stderr: '', refused: [] });
    expect(stdout).toMatch(/^12 packets sent, 0 lost: /);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(sweeps.length).toBe(12);
    expect(sweeps[0]).toMatchObject({ startHz: 97_600_000, stepHz: 7_812.5, unit: 'dB' });
    expect(sweeps[11].timeNs - sweeps[0].timeNs).toBe(11_000_000_000n);
  });

  it('takes centre, rate and format from its options', async () => {
    const file = join(folder, 'raw.bin');
    writeFileSync(file, new Uint8Array(40_000).fill(128));
    const options = ['--format', 'cs16', '--rate', '100k', '--center', '1.0897M', '--speed', '2'];
    expect((await asAttic(file, ...options)).code).toBe(0);
    expect(blocks.map(({ block }) => block.pairs)).toEqual([4_096, 4_096]);
    expect(blocks[0].block).toMatchObject({ format: 'cs16', centerHz: 1_089_700, sampleRateHz: 100_000 });
  });

  it.each([
    [['nothing-there.cu8', '--receiver', 'attic'], 1, /nothing-there\.cu8/],
    [['a.cu8'], 2, /--receiver/],
    [['a.cu8', '--receiver', 'alerts'], 2, /1 to 64/],
    [['a.cu8', '--receiver', 'attic', '--speed', '0'], 2, /above 0/],
    [['a.cu8', '--receiver', 'attic', '--broker', 'localhost'], 2, /mqtt:\/\//],
    [[fixture('recordings/handheld.sigmf-meta'), '--receiver', 'attic', '--password-file', 'no.file'], 2, /no\.file/],
  ])('%j ends with %i and one line that says why', async (args, expected, message) => {
    const { code, stdout, stderr } = await replay(...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBe(1);
  });

  it('says that the broker refused it, without its password', async () => {
    writeFileSync(join(folder, 'wrong'), 'open-sesame\n');
    const login = ['--username', 'attic', '--password-file', join(folder, 'wrong')];
    const file = fixture('recordings/handheld.sigmf-meta');
    const { code, stderr } = await replay(file, '--receiver', 'attic', '--broker', broker.url, ...login);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^bandwarden: broker mqtt:.*\n$/);
    expect(stderr).not.toContain('open-sesame');
  });

  it('says what a recording lacks that is shorter than a packet', async () => {
    const file = join(folder, 'short_433.92M_250k.cu8');
    writeFileSync(file, new Uint8Array(2_000).fill(128));
    const { code, stderr } = await asAttic(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/short_433\.92M_250k\.cu8: 0\.004 s of signal; an IQ packet takes at least 0\.025 s/);
  });
});

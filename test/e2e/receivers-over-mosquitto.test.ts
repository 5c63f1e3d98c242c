import { afterAll, beforeAll, expect, it } from 'vitest';
import { MqttReceiverEmulator } from '../../hardware/mqtt/emulator.ts';
import { MqttLink } from '../../hardware/mqtt/link.ts';
import { type ReceiverCommand, UNKNOWN_INFO } from '../../hardware/mqtt/protocol.ts';
import type { IqBlock } from '../../src/core/frames.ts';
import type { ReceiverStatus } from '../../src/core/records.ts';
import type { TaskingStatus } from '../../src/core/tasking.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Broker, startMosquitto } from '../support/mosquitto.ts';
import { describeWith } from '../support/services.ts';
import { type BuiltService, logIn, startBuiltService, succeed, writeFileIn } from './built-service.ts';

const PASSWORD = 'correct horse battery';
const HOME_HZ = 145_000_000;
const RATE_HZ = 256_000;
const PAIRS = 16_384;
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const ACCOUNTS = { service: 'service-password', named: 'a', added: 'b', stranger: 'c', quiet: 'd' };

/** Of every question that these tests ask, what they read of its answer. */
interface Answer {
  readonly receivers: readonly ReceiverStatus[];
  readonly tasking: TaskingStatus;
  readonly emissions: readonly { readonly peakHz: number }[];
  readonly spectra: readonly unknown[];
  readonly error: { readonly message: string };
}

/** A receiver that hears one carrier 40 kHz above wherever it is tuned to, and does what it is told. */
class Receiver {
  readonly commands: ReceiverCommand[] = [];
  readonly emulator: MqttReceiverEmulator;
  readonly frameSeconds = PAIRS / RATE_HZ;
  centerHz = HOME_HZ;
  private readonly id: string;
  private readonly samples: Uint8Array;

  constructor(id: keyof typeof ACCOUNTS, brokerUrl: string) {
    this.id = id;
    let state = 7;
    const noise = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32 - 0.5;
    };
    this.samples = Uint8Array.from({ length: 2 * PAIRS }, (_, i) => {
      const phase = 2 * Math.PI * (40_000 / RATE_HZ) * (i >> 1) - (i % 2 ? Math.PI / 2 : 0);
      return Math.round(127.5 + 20 * Math.cos(phase) + 12 * noise());
    });
    this.emulator = new MqttReceiverEmulator({
      brokerUrl,
      prefix: 'bandwarden/v1',
      receiver: id,
      username: id,
      password: ACCOUNTS[id],
      info: { ...UNKNOWN_INFO, model: `${id}, emulated`, ranges: [{ lowHz: 24e6, highHz: 1766e6 }] },
      onCommand: (command) => {
        this.commands.push(command);
        if (command.command === 'tune') this.centerHz = command.centerHz;
        return null;
      },
      log: QUIET_LOG,
    });
  }

  send(): void {
    void this.emulator.run(this, BigInt(Date.now()) * 1_000_000n);
  }

  frame(index: number, startNs: bigint): IqBlock {
    return {
      kind: 'iq',
      receiver: this.id,
      sequence: index,
      timeNs: startNs + BigInt(Math.round(index * this.frameSeconds * 1e9)),
      centerHz: this.centerHz,
      sampleRateHz: RATE_HZ,
      format: 'cu8',
      samples: this.samples,
      pairs: PAIRS,
      gainDb: 20,
      gnssTime: false,
      lostBefore: false,
      overload: false,
    };
  }
}

describeWith(['mosquitto'], 'receivers at Mosquitto, and the built service', () => {
  const folder = temporaryFolder();
  const receivers: Receiver[] = [];
  let broker: Broker;
  let service: BuiltService;
  let config: string;
  let stranger: Receiver;
  let quiet: MqttLink | null = null;
  const headers: Record<string, Record<string, string>> = {};

  async function restart(): Promise<void> {
    service = await startBuiltService('--config', config);
    for (const name of ['li', 'wang']) headers[name] = await logIn(service.url, name, PASSWORD);
  }

  async function call(
    who: string,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Answer }> {
    const answer = await fetch(`${service.url}/api/v1${path}`, {
      method,
      headers: { ...headers[who], ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
  }

  async function status(id: string): Promise<ReceiverStatus | undefined> {
    const { body } = await call('li', 'GET', '/receivers');
    return body.receivers.find((receiver) => receiver.id === id);
  }

  async function tasking(): Promise<TaskingStatus> {
    return (await call('li', 'GET', '/receivers/stranger/tasking')).body.tasking;
  }

  const emissions = async (id: string) => (await call('li', 'GET', `/emissions?receiver=${id}`)).body.emissions;
  const soon = { timeout: 15_000, interval: 100 };
  const task = (centerHz: number, more: object = {}) => {
    const tuning = { kind: 'tune', centerHz, sampleRateHz: null, gainDb: null };
    return { tuning, seconds: 600, ...more };
  };

  function receiver(id: keyof typeof ACCOUNTS): Receiver {
    const made = new Receiver(id, broker.url);
    receivers.push(made);
    return made;
  }

  beforeAll(async () => {
    broker = await startMosquitto({ folder, accounts: ACCOUNTS });
    const lines = [
      'dataDir: data',
      'http: { port: 0 }',
      'mqtt:',
      `  broker: ${broker.url}`,
      '  username: service',
      `  passwordFile: ${writeFileIn(folder, 'service.password', ACCOUNTS.service)}`,
      'receivers: [{ id: named }]',
    ];
    config = writeFileIn(folder, 'bandwarden.yaml', `${lines.join('\n')}\n`);
    const password = writeFileIn(folder, 'password', PASSWORD);
    await succeed('user', 'add', 'li', '--role', 'supervisor', '--password-file', password, '--config', config);
    await succeed('user', 'add', 'wang', '--role', 'operator', '--password-file', password, '--config', config);
    await succeed('receiver', 'add', 'added', '--config', config);
    await restart();
  }, 120_000);

  afterAll(async () => {
    await quiet?.stop();
    await Promise.all(receivers.map(({ emulator }) => emulator.stop()));
    await service?.stop();
    await broker?.stop();
  });

  it('takes in at once what the configuration names, and what `bandwarden receiver add` made', async () => {
    for (const id of ['named', 'added'] as const) receiver(id).send();
    for (const id of ['named', 'added']) {
      await expect.poll(async () => (await status(id))?.frames ?? 0, soon).toBeGreaterThan(0);
      expect(await status(id)).toMatchObject({ approved: true });
    }
    await expect.poll(async () => (await emissions('named')).length, soon).toBeGreaterThan(0);
  });

  it('shows a stranger by its info or its status alone, as new and not approved', async () => {
    stranger = receiver('stranger');
    quiet = new MqttLink({
      url: broker.url,
      clientId: 'quiet',
      username: 'quiet',
      password: ACCOUNTS.quiet,
      statusTopic: 'bandwarden/v1/quiet/status',
      subscriptions: {},
      onMessage: () => undefined,
      log: QUIET_LOG,
    });
    await expect
      .poll(() => status('stranger'), soon)
      .toMatchObject({
        approved: false,
        info: { model: 'stranger, emulated' },
      });
    await expect.poll(() => status('quiet'), soon).toMatchObject({ approved: false });
    expect((await status('stranger'))?.refused).toBeUndefined();
  });

  it('analyses nothing of it until somebody approves it', async () => {
    stranger.send();
    await expect.poll(async () => (await status('stranger'))?.packetsRejected ?? 0, soon).toBeGreaterThan(10);
    expect(await status('stranger')).toMatchObject({ frames: 0, approved: false });
    expect(await emissions('stranger')).toEqual([]);
    const spectra = await call('li', 'GET', '/spectra?receiver=stranger&fromMs=0&toMs=8640000000000');
    expect(spectra.body.spectra).toEqual([]);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/bandwarden_packets_rejected_total\{reason="not-approved"\} [1-9]/);
    expect((await call('wang', 'POST', '/receivers/stranger/approve', { approved: true })).status).toBe(200);
    await expect.poll(async () => (await emissions('stranger')).length, soon).toBeGreaterThan(0);
  });

  it('carries a task to it, tells who holds it, and gives back when released', async () => {
    const first = await call('wang', 'POST', '/receivers/stranger/task', task(433_920_000));
    expect(first.body.tasking).toMatchObject({ holder: 'task', task: { by: 'wang' } });
    await expect.poll(tasking, soon).toMatchObject({ order: 'seen' });
    expect(stranger.commands).toMatchObject([{ command: 'tune', centerHz: 433_920_000 }]);
    await expect.poll(async () => (await emissions('stranger')).some(({ peakHz }) => peakHz > 433e6), soon).toBe(true);
    const second = await call('li', 'POST', '/receivers/stranger/task', task(99e6));
    expect([second.status, second.body.error.message]).toEqual([409, expect.stringMatching(/^wang holds stranger/)]);
    const takeOver = first.body.tasking.task!.id;
    const taken = await call('li', 'POST', '/receivers/stranger/task', task(99e6, { takeOver }));
    expect((await call('wang', 'DELETE', `/receivers/stranger/task/${taken.body.tasking.task!.id}`)).status).toBe(403);
    await call('li', 'DELETE', `/receivers/stranger/task/${taken.body.tasking.task!.id}`);
    await expect.poll(() => stranger.centerHz, soon).toBe(HOME_HZ);
  });

  it('steps it through a plan, and says which step it is at', async () => {
    stranger.commands.length = 0;
    const band = (lowHz: number, highHz: number, priority: number) => ({ lowHz, highHz, priority, dwellSeconds: null });
    const bands = [band(100e6, 100.5e6, 1), band(430e6, 430.2e6, 2)];
    const none = { gainDb: null, sampleRateHz: null, rbwHz: null, stepSpanHz: null };
    const plan = { bands, dwellSeconds: 0.2, usableShare: 0.8, ...none };
    expect((await call('li', 'PUT', '/receivers/stranger/plan', { plan })).body.tasking.outline?.steps).toBe(4);
    await expect.poll(() => stranger.commands.length, soon).toBeGreaterThan(9);
    const visits = new Map<number, number>();
    for (const command of stranger.commands.slice(0, 10)) {
      if (command.command === 'tune') visits.set(command.centerHz, (visits.get(command.centerHz) ?? 0) + 1);
    }
    // Two rounds: three steps of the first band once in each, the one of the second twice.
    expect([...visits].sort(([a], [b]) => a - b).map(([, count]) => count)).toEqual([2, 2, 2, 4]);
    expect(await tasking()).toMatchObject({ holder: 'plan', step: { of: 4 } });
    await call('li', 'DELETE', '/receivers/stranger/plan');
    await expect.poll(() => stranger.centerHz, soon).toBe(HOME_HZ);
  });

  it('gives back after the service died in the middle of a task, and keeps a refusal', async () => {
    await call('wang', 'POST', '/receivers/stranger/task', task(433_920_000, { seconds: null }));
    await expect.poll(() => stranger.centerHz, soon).toBe(433_920_000);
    await call('li', 'POST', '/receivers/added/approve', { approved: false });
    await service.process.stop('SIGKILL');
    await restart();
    await expect.poll(() => stranger.centerHz, soon).toBe(HOME_HZ);
    expect((await tasking()).task).toBeNull();
    await expect.poll(async () => (await status('added'))?.packetsRejected ?? 0, soon).toBeGreaterThan(0);
    expect(await status('added')).toMatchObject({ approved: false, refused: true, frames: 0 });
    await call('li', 'POST', '/receivers/added/approve', { approved: true });
    await expect.poll(async () => (await status('added'))?.frames ?? 0, soon).toBeGreaterThan(0);
  });

  it('forgets a receiver, which is new again when it sends on; not what the configuration names', async () => {
    expect((await call('wang', 'DELETE', '/receivers/stranger')).status).toBe(403);
    expect((await call('li', 'DELETE', '/receivers/named')).status).toBe(409);
    expect((await call('li', 'DELETE', '/receivers/stranger')).status).toBe(204);
    await expect.poll(() => status('stranger'), soon).toMatchObject({ approved: false, frames: 0 });
    expect((await emissions('stranger')).length).toBeGreaterThan(0);
  });
});

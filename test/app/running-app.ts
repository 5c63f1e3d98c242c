import { MqttReceiverEmulator } from '../../hardware/mqtt/emulator.ts';
import { UNKNOWN_INFO } from '../../hardware/mqtt/protocol.ts';
import { openConfiguredStore } from '../../src/app/open-store.ts';
import { type AppOptions, type RunningApp, startApp } from '../../src/app.ts';
import { checkConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import type { IqBlock } from '../../src/core/frames.ts';
import type { Alert } from '../../src/core/records.ts';
import { createAccount } from '../../src/gateway/auth/accounts.ts';
import { hashPassword } from '../../src/gateway/auth/passwords.ts';
import { WebSocketClient } from '../support/web-socket.ts';

export const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
export const PASSWORD = 'correct horse battery';

/** A configuration on free ports, its data below `folder`; `mqtt`: more keys of that section. */
export function configIn(folder: string, mqtt = ''): Config {
  const checked = checkConfig(`dataDir: data\nhttp: { port: 0 }\nmqtt: { port: 0${mqtt} }\n`, folder);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.config;
}

/** An operator's account and the credentials of rx-1, as the commands would make them beforehand. */
export async function prepare(config: Config): Promise<void> {
  const store = await openConfiguredStore(config, QUIET_LOG);
  const clock = { nowMs: () => Date.now() };
  await createAccount({ store, clock }, { name: 'li', role: 'supervisor', password: PASSWORD });
  await store.receiverCredentials.put('rx-1', await hashPassword('rx-password'));
  await store.close();
}

export async function start(config: Config, options: Partial<AppOptions> = {}): Promise<RunningApp> {
  return startApp(config, { demo: false, log: QUIET_LOG, ...options });
}

/** Logs in and opens `/ws`. */
export async function watch(app: RunningApp): Promise<{ ws: WebSocketClient; headers: Record<string, string> }> {
  const answer = await fetch(`${app.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app.url },
    body: JSON.stringify({ name: 'li', password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
  const headers = { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0], origin: app.url };
  return { ws: await WebSocketClient.connect(`${app.url.replace('http', 'ws')}/ws`, headers), headers };
}

export function alertOf(message: unknown): Alert | null {
  const { type, alert } = message as { type: string; alert?: Alert };
  return type === 'alert' && alert !== undefined ? alert : null;
}

export async function emulate(app: RunningApp, password = 'rx-password'): Promise<MqttReceiverEmulator> {
  const receiver = new MqttReceiverEmulator({
    brokerUrl: app.brokerUrl,
    prefix: 'bandwarden/v1',
    receiver: 'rx-1',
    username: 'rx-1',
    password,
    info: { ...UNKNOWN_INFO, model: 'emulated' },
    log: QUIET_LOG,
  });
  await receiver.connected;
  return receiver;
}

export interface Carrier {
  readonly offsetHz: number;
  readonly fromSeconds: number;
}

/** Noise of −30 dBFS and carriers of −26 dBFS, one block of 2^17 pairs after the other: quick enough for 2.4 MS/s. */
export function carrierSource(sampleRateHz: number, centerHz: number, carriers: readonly Carrier[], seconds: number) {
  const pairs = 2 ** 17;
  const frameSeconds = pairs / sampleRateHz;
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  // Four uniforms: variance 4/12 each; scaled to −30 dBFS over both parts.
  const noise = Float32Array.from({ length: 2 ** 18 + 977 }, () => {
    return (uniform() + uniform() + uniform() + uniform()) * Math.sqrt(3 * 0.5 * 10 ** -3) * 127.5;
  });
  const block = (index: number, startNs: bigint): IqBlock => {
    const samples = new Uint8Array(2 * pairs);
    const values = new Float32Array(2 * pairs);
    const shift = (index * 131) % 977;
    for (let i = 0; i < values.length; i++) values[i] = noise[i + shift];
    for (const { offsetHz, fromSeconds } of carriers) {
      const first = Math.max(0, Math.round(fromSeconds * sampleRateHz) - index * pairs);
      const step = (2 * Math.PI * offsetHz) / sampleRateHz;
      for (let n = first; n < pairs; n++) {
        const phase = step * (n + index * pairs);
        values[2 * n] += 0.05 * 127.5 * Math.cos(phase);
        values[2 * n + 1] += 0.05 * 127.5 * Math.sin(phase);
      }
    }
    for (let i = 0; i < values.length; i++) samples[i] = Math.max(0, Math.min(255, Math.round(values[i] + 127.5)));
    return {
      kind: 'iq',
      receiver: 'rx-1',
      sequence: index,
      timeNs: startNs + BigInt(Math.round(index * frameSeconds * 1e9)),
      centerHz,
      sampleRateHz,
      format: 'cu8',
      samples,
      pairs,
      gainDb: null,
      gnssTime: true,
      lostBefore: false,
      overload: false,
    };
  };
  const total = Math.floor(seconds / frameSeconds);
  /** Made beforehand: the receiver of a test should not take the time of the service. */
  const blocks = Array.from({ length: total }, (_, index) => block(index, 0n));
  return {
    frameSeconds,
    frame: (index: number, startNs: bigint) =>
      index < total ? { ...blocks[index], timeNs: blocks[index].timeNs + startNs } : null,
  };
}

import { MqttReceiverEmulator } from '../../hardware/mqtt/emulator.ts';
import { DEFAULT_PREFIX } from '../../hardware/mqtt/protocol.ts';
import { BandwardenError } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import { createCity } from '../simulation/city/city.ts';

/**
 * The demonstration city as a process of its own: seven receivers on a broker. Forked by `serve --demo`, which sends
 * its settings as the first message and takes the city with it when it goes; or by hand against any broker:
 *
 *     node dist/src/cli/city-process.js mqtt://127.0.0.1:1883
 */
export interface CitySettings {
  readonly brokerUrl: string;
  readonly prefix: string;
  /** Name and password of each receiver; one that is missing here connects without. */
  readonly credentials: Readonly<Record<string, { readonly username: string; readonly password: string }>>;
  readonly seed: number;
}

/** What the city tells its parent. */
export type CityMessage =
  | { readonly type: 'running'; readonly receivers: readonly string[]; readonly startMs: number }
  | { readonly type: 'failed'; readonly error: string };

const LATE_PARENT_MS = 30_000;

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => process.stderr.write(`city: ${message} ${JSON.stringify(fields)}\n`),
  error: (fields, message) => process.stderr.write(`city: ${message} ${JSON.stringify(fields)}\n`),
};

async function settingsFromParent(): Promise<CitySettings> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no settings came from the parent')), LATE_PARENT_MS);
    process.once('message', (message) => {
      clearTimeout(timer);
      resolve(message as CitySettings);
    });
  });
}

function settingsFromArguments(): CitySettings {
  const [brokerUrl, prefix = DEFAULT_PREFIX] = process.argv.slice(2);
  if (brokerUrl === undefined) {
    throw new BandwardenError('bad-argument', 'city-process: address of a broker expected, such as mqtt://127.0.0.1');
  }
  return { brokerUrl, prefix, credentials: {}, seed: 1 };
}

function tell(message: CityMessage): void {
  process.send?.(message);
}

/** Starts the city; the returned function stops it. */
export async function startCity(settings: CitySettings): Promise<() => Promise<void>> {
  const receivers = createCity(settings.seed);
  const emulators = receivers.map((receiver) => {
    const login = settings.credentials[receiver.id];
    return new MqttReceiverEmulator({
      brokerUrl: settings.brokerUrl,
      prefix: settings.prefix,
      receiver: receiver.id,
      username: login?.username ?? null,
      password: login?.password ?? null,
      info: receiver.info,
      onCommand: (command) => receiver.command(command),
      ...(receiver.wire === 'iq' ? {} : { sweepWire: receiver.wire }),
      log,
    });
  });
  await Promise.all(emulators.map((emulator) => emulator.connected));
  // One start for all: a transmitter appears at the same moment wherever it is heard.
  const startMs = Date.now();
  tell({ type: 'running', receivers: receivers.map(({ id }) => id), startMs });
  receivers.forEach((receiver, index) => void emulators[index].run(receiver, BigInt(startMs) * 1_000_000n));
  return async () => {
    await Promise.all(emulators.map((emulator) => emulator.stop()));
  };
}

async function main(): Promise<void> {
  const forked = process.send !== undefined;
  let stopCity: (() => Promise<void>) | null = null;
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    // A broker that is gone as well must not keep the city alive.
    setTimeout(() => process.exit(0), 2_000).unref();
    void (stopCity?.() ?? Promise.resolve()).finally(() => process.exit(0));
  };
  if (forked) process.once('disconnect', leave);
  process.once('SIGTERM', leave);
  // Ctrl-C reaches parent and child at once: the parent decides.
  process.on('SIGINT', () => {
    if (!forked) leave();
  });
  try {
    stopCity = await startCity(forked ? await settingsFromParent() : settingsFromArguments());
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    tell({ type: 'failed', error: text });
    process.stderr.write(`bandwarden: ${text}\n`);
    process.exit(error instanceof BandwardenError ? 2 : 1);
  }
}

if (process.argv[1] !== undefined && /city-process\.[jt]s$/.test(process.argv[1])) await main();

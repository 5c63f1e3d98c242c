import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type EmbeddedBroker, startBroker } from '../../hardware/mqtt/broker.ts';
import type { Config } from '../config/schema.ts';
import { mqttPassword } from '../config/secrets.ts';
import { BandwardenError } from '../core/errors.ts';
import type { Log, Store } from '../core/ports.ts';
import { verifyPassword } from '../gateway/auth/passwords.ts';
import { sameSecret } from '../gateway/auth/secrets.ts';

/** How the service gets to its broker. */
export interface BrokerAccess {
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly ca: string | null;
  /** The broker of this process; null where the office has its own. */
  readonly embedded: EmbeddedBroker | null;
  close(): Promise<void>;
}

export interface BrokerDeps {
  readonly store: Store;
  readonly log: Log;
  /** Passwords of emulated receivers, which are kept nowhere. */
  readonly emulated: ReadonlyMap<string, string>;
  /** Take another port where the configured one is in use, rather than fail. */
  readonly anyPort: boolean;
}

const SERVICE_NAME = 'service';

/** The office's own broker where one is named, else the embedded one. */
export async function openBroker(config: Config, deps: BrokerDeps): Promise<BrokerAccess> {
  const password = await mqttPassword(config);
  const { broker, username, caFile } = config.mqtt;
  if (broker !== null) {
    const ca = caFile === null ? null : await readAuthority(caFile);
    return { url: broker, username, password, ca, embedded: null, close: async () => undefined };
  }
  const service = { name: username ?? SERVICE_NAME, password: password ?? randomBytes(24).toString('base64url') };
  const embedded = await startEmbedded(config, deps, service);
  deps.log.info({ url: embedded.url }, 'the embedded MQTT broker listens');
  return {
    url: embedded.url,
    username: service.name,
    password: service.password,
    ca: null,
    embedded,
    close: () => embedded.close(),
  };
}

interface ServiceLogin {
  readonly name: string;
  readonly password: string;
}

async function startEmbedded(config: Config, deps: BrokerDeps, service: ServiceLogin): Promise<EmbeddedBroker> {
  const { prefix, port } = config.mqtt;
  const authenticate = loginCheck(deps, service);
  try {
    return await startBroker({ prefix, port, log: deps.log, authenticate });
  } catch (error) {
    const isTaken = error instanceof BandwardenError && error.code === 'unavailable';
    if (!(isTaken && deps.anyPort)) throw error;
    deps.log.info({ port }, 'the port of the MQTT broker is in use; taking another');
    return startBroker({ prefix, port: 0, log: deps.log, authenticate });
  }
}

/** The service by its own secret; a receiver by the password that `receiver add` made. */
function loginCheck({ store, emulated }: BrokerDeps, service: ServiceLogin) {
  return async (username: string, given: Buffer) => {
    const password = given.toString('utf8');
    if (username === service.name) return sameSecret(password, service.password) ? { kind: 'service' as const } : null;
    const receiver = { kind: 'receiver' as const, receiver: username };
    const known = emulated.get(username);
    if (known !== undefined) return sameSecret(password, known) ? receiver : null;
    const hash = await store.receiverCredentials.get(username);
    return (await verifyPassword(hash, password)) ? receiver : null;
  };
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new BandwardenError('bad-config', `mqtt.caFile: cannot read ${file}; expected a PEM file`, { cause });
  }
}

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { BandwardenError } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/ports.ts';
import { mayPublish, mayRead, type Principal } from './access.ts';
import type { BrokerLink, BrokerLinkOptions } from './broker-link.ts';
import { InProcessLink } from './in-process-link.ts';
import { LimitedConnection } from './limited-connection.ts';
import { PAYLOAD_LIMIT_BYTES, parseTopic } from './protocol.ts';

export interface BrokerOptions {
  readonly prefix: string;
  /** 0: a free one. */
  readonly port: number;
  readonly log: Log;
  /** Who this is; null: refused. Anonymous connections do not get this far. */
  readonly authenticate: (username: string, password: Buffer) => Promise<Principal | null>;
}

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  /** For the service, in whose process this broker runs. */
  link(options: BrokerLinkOptions): BrokerLink;
  close(): Promise<void>;
}

/** MQTT 3.1.1 return codes. */
const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_USERNAME_OR_PASSWORD = 4;
/** Beside the payload a packet holds a topic (at most 65,535 bytes), its length and an identifier. */
const PACKET_LIMIT_BYTES = PAYLOAD_LIMIT_BYTES + 65_535 + 4;

function refusal(returnCode: number, message: string): AuthenticateError {
  return Object.assign(new Error(message), { returnCode }) as AuthenticateError;
}

/** The broker of an office that has none: on loopback only, every connection with a name and a password. */
export async function startBroker(options: BrokerOptions): Promise<EmbeddedBroker> {
  const access = new BrokerAccess(options);
  const broker = await Aedes.createBroker({
    maxClientsIdLength: 128,
    authenticate: (client, username, password, done) => access.authenticate(client, username, password, done),
    authorizePublish: (client, packet, done) => done(access.publishError(client, packet)),
    authorizeSubscribe: (client, subscription, done) =>
      done(null, access.mayRead(client, subscription.topic) ? subscription : null),
    authorizeForward: (client, packet) => (access.mayRead(client, packet.topic) ? packet : null),
  });
  broker.on('clientError', (client, error) => {
    options.log.warn({ client: client.id, error: error.message }, 'an MQTT connection was ended');
  });
  broker.on('connectionError', (_client, error) => {
    // Version 5 is refused here and asked for first by every modern client: not worth a warning each time.
    const level = error.message === 'unacceptable protocol version' ? 'debug' : 'warn';
    options.log[level]({ error: error.message }, 'an MQTT connection was refused');
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    broker.handle(new LimitedConnection(socket, PACKET_LIMIT_BYTES));
  });
  const port = await listen(server, options.port);
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    link: (wanted) => new InProcessLink(broker, wanted),
    close: () => closeAll(broker, server, sockets),
  };
}

class BrokerAccess {
  private readonly options: BrokerOptions;
  private readonly principals = new WeakMap<Client, Principal>();
  /** Whose a client identifier is: an identifier in use may only be taken over by the same principal. */
  private readonly identifiers = new Map<string, { readonly client: Client; readonly owner: string }>();

  constructor(options: BrokerOptions) {
    this.options = options;
  }

  authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    if (!username || !password || password.length === 0) {
      done(refusal(BAD_USERNAME_OR_PASSWORD, 'a name and a password are expected'), false);
      return;
    }
    this.options.authenticate(username, password).then(
      (principal) => done(this.admit(client, principal), principal !== null),
      (error: unknown) => {
        this.options.log.error({ error: String(error) }, 'an MQTT password could not be checked');
        done(refusal(SERVER_UNAVAILABLE, 'passwords cannot be checked now'), false);
      },
    );
  }

  private admit(client: Client, principal: Principal | null): AuthenticateError | null {
    if (principal === null) return refusal(BAD_USERNAME_OR_PASSWORD, 'name or password is wrong');
    const owner = principal.kind === 'service' ? 'service' : `receiver ${principal.receiver}`;
    const holder = this.identifiers.get(client.id);
    if (holder !== undefined && holder.owner !== owner && !holder.client.closed) {
      return refusal(IDENTIFIER_REJECTED, 'the client identifier is in use by somebody else');
    }
    this.principals.set(client, principal);
    this.identifiers.set(client.id, { client, owner });
    client.conn.once('close', () => {
      if (this.identifiers.get(client.id)?.client === client) this.identifiers.delete(client.id);
    });
    return null;
  }

  publishError(
    client: Client | null,
    packet: { topic: string; payload: string | Buffer; retain: boolean },
  ): Error | null {
    const principal = client === null ? undefined : this.principals.get(client);
    const { prefix } = this.options;
    if (principal === undefined || !mayPublish(prefix, principal, packet.topic)) {
      return new Error(`not allowed to publish to ${packet.topic.slice(0, 200)}`);
    }
    if (Buffer.byteLength(packet.payload ?? '') > PAYLOAD_LIMIT_BYTES) {
      return new Error(`a payload of more than ${PAYLOAD_LIMIT_BYTES} bytes`);
    }
    if (principal.kind === 'receiver') {
      // Only what describes the receiver is kept for later subscribers; samples of the past would come as new.
      const leaf = parseTopic(prefix, packet.topic)?.leaf;
      if (leaf !== 'status' && leaf !== 'info') packet.retain = false;
    }
    return null;
  }

  mayRead(client: Client, topic: string): boolean {
    const principal = this.principals.get(client);
    return principal !== undefined && mayRead(this.options.prefix, principal, topic);
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === 'EADDRINUSE' ? `port ${port} on 127.0.0.1 is in use; choose another` : cause.message;
      reject(new BandwardenError('unavailable', `MQTT broker: ${busy}`, { cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function closeAll(broker: Aedes, server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import { BandwardenError } from '../../core/errors.ts';
import type { LiveSpectrum } from '../../core/ports.ts';
import type { EmissionRecord, ReceiverStatus } from '../../core/records.ts';
import type { Identity, Principal } from '../auth/identity.ts';
import type { GatewayDeps } from '../deps.ts';
import { CLOSE_CODES } from '../messages.ts';
import type { LiveStatistics } from '../metrics.ts';
import { Channels } from './channels.ts';
import { encodeMessage, LiveClient } from './client.ts';
import type { PendingUpgrade } from './upgrade.ts';

/** Largest message of a client. */
const MESSAGE_BYTES = 64 * 1024;
const CLIENTS = 256;
const CLIENTS_PER_ACCOUNT = 32;

export interface HubTimes {
  /** Slow readers are looked at. */
  readonly tickMs: number;
  /** Sessions and tokens are asked for again: one that ended closes its connections within 5 s. */
  readonly recheckMs: number;
  readonly heartBeatMs: number;
}

const TIMES: HubTimes = { tickMs: 1000, recheckMs: 3000, heartBeatMs: 15_000 };

export interface LiveHub {
  /** `limited` where there are too many connections. */
  checkRoom(principal: Principal): void;
  /** Makes a WebSocket of a request that the guards let through. */
  accept(request: IncomingMessage, upgrade: PendingUpgrade, principal: Principal): void;
  statistics(): LiveStatistics;
  close(): void;
}

export interface HubParts extends Pick<GatewayDeps, 'store' | 'clock' | 'log' | 'live' | 'config'> {
  readonly identity: Identity;
  readonly times?: HubTimes;
}

/** Tells all clients what happens, each as fast as it reads. Every message is encoded once for all of them. */
export function createLiveHub({ times = TIMES, ...parts }: HubParts): LiveHub {
  const { store, clock, log, live, identity, config } = parts;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const clients = new Set<LiveClient>();
  const channels = new Channels();
  let skippedBefore = 0;
  let evicted = 0;

  function toAll(bytes: Uint8Array, key: string): void {
    for (const client of clients) client.outbox.text(bytes, key);
  }

  function tellReceiver(receiver: ReceiverStatus): void {
    const channel = channels.of(receiver.id);
    toAll(encodeMessage({ type: 'receiver', receiver, channel }), `receiver ${receiver.id}`);
  }

  function tellEmission(emission: EmissionRecord): void {
    toAll(encodeMessage({ type: 'emission', emission }), `emission ${emission.id}`);
  }

  function tellSpectrum(spectrum: LiveSpectrum): void {
    const nowMs = clock.nowMs();
    let bytes: Uint8Array | null = null;
    for (const client of clients) {
      if (!client.wants(spectrum.receiver, nowMs)) continue;
      bytes ??= channels.encode(spectrum);
      client.spectrum(spectrum.receiver, bytes);
    }
  }

  async function recheck(client: LiveClient): Promise<void> {
    if (!(await identity.stillHolds(client.principal)))
      client.close(CLOSE_CODES.unauthenticated, 'the login has ended');
  }

  const unsubscribe = [
    live.on('receiver', tellReceiver),
    live.on('emission', tellEmission),
    live.on('spectrum', tellSpectrum),
    live.on('tasking', (tasking) => {
      toAll(encodeMessage({ type: 'tasking', tasking }), `tasking ${tasking.receiver}`);
    }),
    live.on('forgotten', (receiver) => {
      toAll(encodeMessage({ type: 'forgotten', receiver }), `receiver ${receiver}`);
    }),
    live.on('alert', (alert) => {
      const bytes = encodeMessage({ type: 'alert', alert });
      for (const client of clients) client.alert(alert, bytes);
    }),
  ];
  const timers = [
    setInterval(() => {
      const nowMs = clock.nowMs();
      for (const client of clients) if (client.tick(nowMs)) evicted++;
    }, times.tickMs),
    setInterval(() => {
      for (const client of clients) client.heartBeat();
    }, times.heartBeatMs),
    setInterval(() => {
      for (const client of clients) {
        recheck(client).catch((error) => log.warn({ err: error }, 'a live login could not be checked'));
      }
    }, times.recheckMs),
  ];
  for (const timer of timers) timer.unref();

  /** Events of the meantime wait in the client until its hello is out. */
  async function greet(client: LiveClient): Promise<void> {
    const revision = await store.alerts.lastRevision();
    const receivers = live.receivers();
    for (const { id } of receivers) channels.of(id);
    client.greet({
      type: 'hello',
      service: config.serviceName,
      version: config.version,
      nowMs: clock.nowMs(),
      revision,
      receivers,
      emissions: live.emissions(),
      channels: channels.all(),
    });
  }

  function checkRoom(principal: Principal): void {
    const own = [...clients].filter((client) => client.principal.account.id === principal.account.id);
    if (clients.size < CLIENTS && own.length < CLIENTS_PER_ACCOUNT) return;
    throw new BandwardenError('limited', 'too many live connections');
  }

  return {
    checkRoom,
    accept(request, { socket, head, response }, principal) {
      response.detachSocket(socket as never);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const client = new LiveClient({ socket: webSocket, principal, store, clock, log });
        clients.add(client);
        webSocket.on('close', () => {
          skippedBefore += client.outbox.skipped;
          clients.delete(client);
        });
        greet(client).catch((error) => {
          log.error({ err: error }, 'a live client could not be greeted');
          client.close(1011, 'the service failed');
        });
      });
    },
    statistics() {
      const spectraSkipped = [...clients].reduce((sum, { outbox }) => sum + outbox.skipped, skippedBefore);
      const waitingBytes = [...clients].reduce((sum, { outbox }) => sum + outbox.waitingBytes, 0);
      return { clients: clients.size, spectraSkipped, evicted, waitingBytes };
    },
    close() {
      for (const end of unsubscribe) end();
      for (const timer of timers) clearInterval(timer);
      for (const client of clients) client.close(1001, 'the service stops');
    },
  };
}

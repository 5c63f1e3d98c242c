import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BandwardenError } from '../../src/core/errors.ts';
import type {
  AlertDesk,
  Clock,
  LiveEvents,
  LiveFeed,
  ReceiverDesk,
  ServiceCounters,
  Store,
} from '../../src/core/ports.ts';
import type { Alert, EmissionRecord, ReceiverStatus, Role } from '../../src/core/records.ts';
import { createAccount } from '../../src/gateway/auth/accounts.ts';
import { createSetupToken, type SetupToken } from '../../src/gateway/auth/setup-token.ts';
import type { GatewayConfig, GatewayDeps } from '../../src/gateway/deps.ts';
import { type BuiltGateway, buildGateway } from '../../src/gateway/gateway.ts';
import type { HubTimes } from '../../src/gateway/live/hub.ts';
import { TaskingKeeper } from '../../src/ingest/tasking/tasking-keeper.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { receiver as record, silentLog } from '../store/records.ts';

export const PASSWORD = 'correct horse battery';

export function receiverStatus(id: string, change: Partial<ReceiverStatus> = {}): ReceiverStatus {
  const { name, approved, info } = record(id);
  const counts = { frames: 10, samples: 655_360, blocksDropped: 0, packetsLost: 0, packetsRejected: 0, clippedPct: 0 };
  const span = { lowHz: 96.9e6, highHz: 99.3e6, sampleRateHz: 2.4e6, rbwHz: 878.9, unit: 'dBFS' as const };
  return {
    id,
    name,
    approved,
    state: 'online',
    stateDetail: null,
    info,
    ...span,
    noiseFloor: -92.5,
    lastFrameMs: 1,
    ...counts,
    ...change,
  };
}

/** A service that does what a test tells it to. */
export class FakeService implements LiveFeed, AlertDesk, ReceiverDesk {
  readonly #handlers: { [K in keyof LiveEvents]: Set<(value: LiveEvents[K]) => void> } = {
    spectrum: new Set(),
    receiver: new Set(),
    emission: new Set(),
    alert: new Set(),
    tasking: new Set(),
    forgotten: new Set(),
  };
  readonly #store: Store;
  known: ReceiverStatus[] = [receiverStatus('roof')];
  onAir: EmissionRecord[] = [];
  counts: ServiceCounters = {
    startedMs: 1000,
    samples: 7,
    frames: 6,
    blocksDropped: 5,
    alertsRaised: 4,
    rejected: { crc: 3 },
  };

  constructor(store: Store) {
    this.#store = store;
  }

  receivers() {
    return this.known;
  }
  emissions() {
    return this.onAir;
  }
  counters() {
    return this.counts;
  }
  on<K extends keyof LiveEvents>(event: K, handler: (value: LiveEvents[K]) => void): () => void {
    this.#handlers[event].add(handler);
    return () => this.#handlers[event].delete(handler);
  }
  emit<K extends keyof LiveEvents>(event: K, value: LiveEvents[K]): void {
    for (const handler of this.#handlers[event]) handler(value);
  }
  subscribers(): number {
    return Object.values(this.#handlers).reduce((sum, { size }) => sum + size, 0);
  }
  /** Stores first and tells then, as the real service does. */
  async raise(alert: Alert): Promise<void> {
    await this.#store.alerts.put(alert);
    this.emit('alert', alert);
  }

  async #change(id: string, change: Partial<Alert>): Promise<Alert> {
    const alert = await this.#store.alerts.get(id);
    if (alert === null) throw new BandwardenError('not-found', `there is no alert ${id}`);
    if (alert.state === change.state) throw new BandwardenError('conflict', `the alert is ${alert.state} already`);
    const changed = { ...alert, ...change, revision: (await this.#store.alerts.lastRevision()) + 1 };
    await this.raise(changed);
    return changed;
  }
  acknowledge(id: string, by: string, text: string) {
    return this.#change(id, { state: 'acknowledged', acknowledgedBy: by, notes: [{ timeMs: 1, by, text }] });
  }
  reopen(id: string) {
    return this.#change(id, { state: 'raised', acknowledgedBy: null });
  }
  close(id: string) {
    return this.#change(id, { state: 'closed' });
  }
  async approve(id: string, approved: boolean) {
    const status = this.known.find((known) => known.id === id);
    if (status === undefined) throw new BandwardenError('not-found', `there is no receiver ${id}`);
    return { ...status, approved };
  }
  async rename(id: string, name: string) {
    return { ...(await this.approve(id, true)), name };
  }
  async forget(id: string) {
    await this.approve(id, false);
    this.known = this.known.filter((known) => known.id !== id);
  }
}

export interface TestGateway {
  readonly app: BuiltGateway;
  readonly store: Store;
  readonly service: FakeService;
  /** Of `roof`, which sends 2.4 MS/s around 98.1 MHz and does what it is asked. */
  readonly tasking: TaskingKeeper;
  readonly setupToken: SetupToken;
  readonly staticDir: string;
  /** Moves the clock that the gateway reads. */
  advance(ms: number): void;
  now(): number;
  /** The cookie header of a new session of an account with this role. */
  login(role: Role): Promise<string>;
  /** The authorization header of a new token. */
  token(role: Role): Promise<string>;
}

export interface TestGatewayOptions {
  readonly config?: Partial<GatewayConfig>;
  readonly times?: HubTimes;
  readonly prepare?: (staticDir: string) => void;
  readonly deps?: Partial<GatewayDeps>;
}

async function openTasking(store: Store, clock: Clock, service: FakeService): Promise<TaskingKeeper> {
  const tasking = await TaskingKeeper.open({
    store,
    clock,
    log: silentLog,
    commanderOf: () => async () => ({ outcome: 'accepted' }),
    tell: (status) => service.emit('tasking', status),
  });
  tasking.receiver(receiverStatus('roof'));
  tasking.frame({
    kind: 'iq',
    receiver: 'roof',
    sequence: 1,
    timeNs: 0n,
    centerHz: 98.1e6,
    sampleRateHz: 2.4e6,
    format: 'cu8',
    samples: new Uint8Array(0),
    pairs: 131_072,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  });
  return tasking;
}

const ORIGIN = 'http://localhost:80';
export const own = { origin: ORIGIN };

/** A gateway on a store in memory; gone with the test. */
export async function testGateway({ config, times, prepare, deps }: TestGatewayOptions = {}): Promise<TestGateway> {
  const store = await openSqliteStore({ file: ':memory:', log: silentLog });
  const staticDir = mkdtempSync(join(tmpdir(), 'bandwarden-web-'));
  prepare?.(staticDir);
  const service = new FakeService(store);
  let offsetMs = 0;
  const clock = { nowMs: () => Date.now() + offsetMs };
  const setupToken = createSetupToken();
  const tasking = await openTasking(store, clock, service);
  const app = await buildGateway(
    {
      config: {
        host: '127.0.0.1',
        port: 0,
        publicUrl: null,
        trustedProxies: [],
        sessionHours: 12,
        serviceName: 'main',
        version: '0.1.0',
        ...config,
      },
      store,
      clock,
      log: silentLog,
      live: service,
      alerts: service,
      receivers: service,
      tasking,
      setupToken,
      staticDir,
      ...deps,
    },
    times,
  );
  onTestFinished(async () => {
    await app.close();
    tasking.stop();
    await store.close();
    rmSync(staticDir, { recursive: true, force: true });
  });

  async function login(role: Role): Promise<string> {
    if ((await store.accounts.byName(role)) === null) {
      await createAccount({ store, clock }, { name: role, role, password: PASSWORD });
    }
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { name: role, password: PASSWORD },
    });
    const [{ name, value }] = answer.cookies;
    return `${name}=${value}`;
  }

  return {
    app,
    store,
    service,
    tasking,
    setupToken,
    staticDir,
    advance(ms) {
      offsetMs += ms;
    },
    now: () => clock.nowMs(),
    login,
    async token(role) {
      const headers = { cookie: await login(role), ...own };
      const made = await app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload: { label: 'test' } });
      return `Bearer ${made.json().secret}`;
    },
  };
}

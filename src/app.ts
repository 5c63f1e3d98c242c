import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { alertTopic } from '../hardware/mqtt/protocol.ts';
import { DRIVERS } from '../hardware/registry.ts';
import { AlertKeeper } from './alerts/alert-keeper.ts';
import { MqttAlertSink } from './alerts/mqtt-sink.ts';
import { type BrokerAccess, openBroker } from './app/broker-access.ts';
import {
  cityPasswords,
  type DemonstrationAccount,
  DemonstrationCity,
  importCityRegister,
  makeDemonstrationAccounts,
} from './app/demonstration.ts';
import { startHousekeeping } from './app/housekeeping.ts';
import { openConfiguredStore } from './app/open-store.ts';
import { watchRegister } from './app/register-watch.ts';
import { settleEmissions } from './app/settle-emissions.ts';
import { Teardown } from './app/teardown.ts';
import type { Config } from './config/schema.ts';
import { softwareVersion } from './config/version.ts';
import { BandwardenError } from './core/errors.ts';
import type { Clock, Log, Store } from './core/ports.ts';
import { createSetupToken } from './gateway/auth/setup-token.ts';
import { buildGateway } from './gateway/gateway.ts';
import { type KnownReceiver, ReceiverKeeper } from './ingest/receiver-keeper.ts';
import { createEstimationPool } from './pipeline/estimation-pool.ts';
import { LiveHub } from './pipeline/live-hub.ts';
import { Pipeline } from './pipeline/pipeline.ts';

export interface AppOptions {
  /** With the demonstration city: its receivers, its register, and an account for each role. */
  readonly demo: boolean;
  readonly log: Log;
  readonly clock?: Clock;
  /** Start of the city's random numbers. */
  readonly seed?: number;
}

export interface RunningApp {
  /** Where the pages are. */
  readonly url: string;
  readonly brokerUrl: string;
  /** Makes the first account, once; null where there are accounts already. */
  readonly setupUrl: string | null;
  /** Made in this start, with their passwords; empty otherwise. */
  readonly demonstrationAccounts: readonly DemonstrationAccount[];
  stop(): Promise<void>;
}

const SYSTEM_CLOCK: Clock = { nowMs: () => Date.now() };
const DASHBOARD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/dashboards/web' : '../dashboards/web', import.meta.url),
);

/** Builds the service and joins its parts; what was started is ended again where a later part cannot start. */
export async function startApp(config: Config, options: AppOptions): Promise<RunningApp> {
  if (options.demo && config.mqtt.broker !== null) {
    throw new BandwardenError(
      'bad-config',
      '--demo brings its receivers to the embedded broker: leave mqtt.broker out',
    );
  }
  const teardown = new Teardown(options.log);
  try {
    return await assemble(config, options, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function assemble(config: Config, options: AppOptions, teardown: Teardown): Promise<RunningApp> {
  const { log, demo } = options;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const store = await openConfiguredStore(config, log);
  teardown.add('store', () => store.close());
  await settleEmissions(store.emissions);
  // Asked before the demonstration makes accounts of its own.
  const isNew = (await store.accounts.count()) === 0;
  const demonstrationAccounts = demo ? await makeDemonstrationAccounts(store, clock) : [];
  if (demo) await importCityRegister(store);
  const emulated = demo ? cityPasswords() : new Map<string, string>();

  const broker = await openBroker(config, { store, log, emulated, anyPort: demo });
  teardown.add('broker', () => broker.close());
  const core = await assembleCore(config, { store, clock, log, broker, emulated, teardown });

  const setupToken = createSetupToken();
  const { http, service } = config;
  const gateway = await buildGateway({
    config: { ...http, serviceName: service.name, version: softwareVersion() },
    store,
    clock,
    log,
    live: core.hub,
    alerts: core.alerts,
    receivers: core.keeper,
    setupToken,
    presetAccounts: isNew ? demonstrationAccounts.length : 0,
    staticDir: DASHBOARD,
    registerChanged: core.readRegister,
  });
  teardown.add('gateway', () => gateway.close());
  const url = await listen(gateway, http.host, http.port);
  await core.driver.start(core.keeper);
  if (demo) {
    const { prefix } = config.mqtt;
    const seed = options.seed ?? 1;
    const city = new DemonstrationCity({ brokerUrl: broker.url, prefix, passwords: emulated, seed, log });
    teardown.add('city', () => city.stop());
  }
  const base = http.publicUrl ?? url;
  const setupUrl = isNew && setupToken.value !== null ? `${base}/setup?token=${setupToken.value}` : null;
  return { url: base, brokerUrl: broker.url, setupUrl, demonstrationAccounts, stop: () => teardown.run() };
}

interface CoreDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly broker: BrokerAccess;
  readonly emulated: ReadonlyMap<string, string>;
  readonly teardown: Teardown;
}

/** From the broker to the alerts; nothing flows before the driver is started. */
async function assembleCore(config: Config, { store, clock, log, broker, emulated, teardown }: CoreDeps) {
  const startedMs = clock.nowMs();
  const hub: LiveHub = new LiveHub(
    {
      receivers: () => keeper.list(),
      emissions: () => pipeline.onAir(),
      counters: () => ({
        startedMs,
        ...pipeline.totals,
        alertsRaised: alerts.raisedTotal,
        rejected: keeper.rejectedTotals(),
      }),
    },
    log,
  );
  const { prefix } = config.mqtt;
  const driver = DRIVERS.mqtt({
    ...broker,
    prefix,
    service: config.service.name,
    log,
    onConnected: () => sink.retry(),
  });
  const sink = new MqttAlertSink({
    topicOf: (id) => alertTopic(prefix, config.service.name, id),
    publish: (topic, payload) => driver.publish(topic, payload, 1),
    log,
  });
  const alerts = await AlertKeeper.open({
    store: store.alerts,
    clock,
    log,
    options: {
      minimumOnAirSeconds: config.alerts.minimumOnAirSeconds,
      quietMs: config.alerts.quietMinutes * 60_000,
    },
    tell: (alert, raised) => {
      if (raised) log.info({ alert: alert.id, rule: alert.rule, centerHz: alert.centerHz }, 'alert raised');
      hub.emit('alert', alert);
      sink.tell(alert);
    },
  });
  const estimation = createEstimationPool(config.pipeline.workers ?? availableParallelism());
  const pipeline = new Pipeline({
    options: { ...config.pipeline, ...config.spectrum, ...config.detection },
    estimation,
    store,
    hub,
    log,
    infoOf: (receiver) => keeper.infoOf(receiver),
    observe: (sighting) => void alerts.observe(sighting),
    acknowledge: (receiver, kind, sequence) => driver.acknowledge(receiver, kind, sequence),
    dropped: (receiver, blocks) => keeper.dropped(receiver, blocks),
    looked: ({ look, sampleRateHz, noiseFloor }) =>
      keeper.looked(look.receiver, {
        lowHz: look.startHz,
        highHz: look.startHz + (look.bins - 1) * look.stepHz,
        sampleRateHz,
        rbwHz: look.rbwHz,
        unit: look.unit,
        noiseFloor,
        clippedPct: look.samples === 0 ? 0 : (100 * look.clipped) / look.samples,
      }),
  });
  const readRegister = async () => pipeline.setRegister(await store.assignments.list());
  await readRegister();
  const keeper = await ReceiverKeeper.open(
    {
      store,
      clock,
      log,
      take: (frame) => pipeline.take(frame),
      tell: (status) => {
        if (status.state === 'offline') pipeline.receiverGone(status.id, clock.nowMs());
        hub.emit('receiver', status);
      },
    },
    knownReceivers(config, emulated),
  );
  const endRegisterWatch = watchRegister(store.assignments, readRegister, log);
  const endHousekeeping = startHousekeeping(store, { clock, log, spectraHours: config.store.spectraHours });
  // Ended in the order of the data: first what brings frames in, last what stores.
  teardown.add('housekeeping', async () => endHousekeeping());
  teardown.add('register watch', async () => endRegisterWatch());
  teardown.add('estimation', () => estimation.close());
  teardown.add('alerts', async () => {
    await alerts.idle();
    sink.stop();
  });
  teardown.add('pipeline', () => pipeline.stop());
  teardown.add('receivers', () => keeper.stop());
  teardown.add('driver', () => driver.stop());
  return { hub, driver, alerts, keeper, readRegister };
}

function knownReceivers(config: Config, emulated: ReadonlyMap<string, string>): KnownReceiver[] {
  const city = [...emulated.keys()].map((id) => ({ id, name: null, approved: true, location: null }));
  const named = config.receivers.map(({ id, name, approved, location }) => ({ id, name, approved, location }));
  return [...city, ...named];
}

async function listen(gateway: Awaited<ReturnType<typeof buildGateway>>, host: string, port: number): Promise<string> {
  try {
    return await gateway.listen({ host, port });
  } catch (cause) {
    const isBusy = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const message = isBusy ? `http.port: port ${port} on ${host} is in use; choose another` : String(cause);
    throw new BandwardenError('unavailable', message, { cause });
  }
}

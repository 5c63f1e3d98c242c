import { fileURLToPath } from 'node:url';
import type { ListPorts } from '../hardware/link/port-list.ts';
import { openBroker } from './app/broker-access.ts';
import {
  cityPasswords,
  type DemonstrationAccount,
  DemonstrationCity,
  importCityRegister,
  makeDemonstrationAccounts,
} from './app/demonstration.ts';
import { startHousekeeping } from './app/housekeeping.ts';
import { openServiceStore } from './app/open-store.ts';
import { watchRegister } from './app/register-watch.ts';
import { ServiceCore } from './app/service-core.ts';
import { settleEmissions } from './app/settle-emissions.ts';
import { Teardown } from './app/teardown.ts';
import type { Config } from './config/schema.ts';
import { softwareVersion } from './config/version.ts';
import { BandwardenError } from './core/errors.ts';
import type { Clock, Log, Store } from './core/ports.ts';
import { createSetupToken, type SetupToken } from './gateway/auth/setup-token.ts';
import { buildGateway } from './gateway/gateway.ts';
import type { KnownReceiver } from './ingest/receiver-keeper.ts';

export interface AppOptions {
  /** With the demonstration city: its receivers, its register, and an account for each role. */
  readonly demo: boolean;
  readonly log: Log;
  readonly clock?: Clock;
  /** Start of the city's random numbers. */
  readonly seed?: number;
  /** Serial ports of this machine; tests have others. */
  readonly listPorts?: ListPorts;
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
    const why = '--demo brings its receivers to the embedded broker';
    throw new BandwardenError('bad-config', `mqtt.broker: ${why}; leave it out`);
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
  const { log, demo, clock = SYSTEM_CLOCK } = options;
  const store = await openServiceStore(config, log);
  teardown.add('store', () => store.close());
  await settleEmissions(store.emissions);
  // Asked before the demonstration makes accounts of its own.
  const isNew = (await store.accounts.count()) === 0;
  const demonstrationAccounts = demo ? await makeDemonstrationAccounts(store, clock) : [];
  if (demo) await importCityRegister(store);
  const emulated = demo ? cityPasswords() : new Map<string, string>();

  const broker = await openBroker(config, { store, log, emulated, anyPort: demo });
  teardown.add('broker', () => broker.close());
  const core = await ServiceCore.open({
    config,
    store,
    clock,
    log,
    broker,
    known: knownReceivers(config, emulated),
    listPorts: options.listPorts,
  });
  core.addTo(teardown);
  keepHouse(config, { store, clock, log, core, teardown });

  const setupToken = createSetupToken();
  const presetAccounts = isNew ? demonstrationAccounts.length : 0;
  const url = await openGateway(config, { store, clock, log, core, teardown, setupToken, presetAccounts });
  await core.start();
  if (demo) {
    const { prefix } = config.mqtt;
    const { seed = 1 } = options;
    const city = new DemonstrationCity({ brokerUrl: broker.url, prefix, passwords: emulated, seed, log });
    teardown.add('city', () => city.stop());
  }
  const setupUrl = isNew ? `${url}/setup?token=${setupToken.value}` : null;
  return { url, brokerUrl: broker.url, setupUrl, demonstrationAccounts, stop: () => teardown.run() };
}

interface PartDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly core: ServiceCore;
  readonly teardown: Teardown;
}

function keepHouse(config: Config, { store, clock, log, core, teardown }: PartDeps): void {
  const endHousekeeping = startHousekeeping(store, { clock, log, spectraHours: config.store.spectraHours });
  teardown.add('housekeeping', async () => endHousekeeping());
  const endWatch = watchRegister(store.assignments, () => core.readRegister(), log);
  teardown.add('register watch', async () => endWatch());
}

/** Returns the address that people type. */
async function openGateway(
  { http, service }: Config,
  deps: PartDeps & { readonly setupToken: SetupToken; readonly presetAccounts: number },
): Promise<string> {
  const { core, teardown, ...others } = deps;
  const gateway = await buildGateway({
    ...others,
    config: { ...http, serviceName: service.name, version: softwareVersion() },
    live: core.hub,
    alerts: core.alerts,
    receivers: core.keeper,
    coverage: core.coverage,
    calibrations: core.calibrations,
    occupancy: core.occupancy,
    tasking: core.tasking,
    staticDir: DASHBOARD,
    registerChanged: () => core.readRegister(),
  });
  teardown.add('gateway', () => gateway.close());
  try {
    const url = await gateway.listen({ host: http.host, port: http.port });
    return http.publicUrl ?? url;
  } catch (cause) {
    const isBusy = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const busy = `port ${http.port} on ${http.host} is in use; choose another`;
    throw new BandwardenError('unavailable', `http.port: ${isBusy ? busy : String(cause)}`, { cause });
  }
}

function knownReceivers(config: Config, emulated: ReadonlyMap<string, string>): KnownReceiver[] {
  const city = [...emulated.keys()].map((id) => ({ id, name: null, approved: true, location: null }));
  const named = config.receivers.map(({ id, name, approved, location }) => ({ id, name, approved, location }));
  return [...city, ...named];
}

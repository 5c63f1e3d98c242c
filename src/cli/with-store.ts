import { pino } from 'pino';
import { openConfiguredStore } from '../app/open-store.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Clock, Store } from '../core/ports.ts';

export interface StoreWork {
  readonly store: Store;
  readonly config: Config;
  readonly clock: Clock;
}

/** Opens the configured store for one command, beside a service that may be running, and closes it again. */
export async function withStore(file: string | undefined, work: (parts: StoreWork) => Promise<void>): Promise<void> {
  const config = await loadConfig(file ?? null);
  const log = pino({ level: 'warn', base: null }, pino.destination(2));
  const store = await openConfiguredStore(config, log);
  try {
    await work({ store, config, clock: { nowMs: () => Date.now() } });
  } finally {
    await store.close();
  }
}

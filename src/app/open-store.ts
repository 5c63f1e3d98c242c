import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Log, Store } from '../core/ports.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';

/** The database that a configuration names; the service and every command that works on its data open it here. */
export function openConfiguredStore(config: Pick<Config, 'dataDir'>, log: Log): Promise<Store> {
  return openSqliteStore({ file: join(config.dataDir, 'bandwarden.db'), log });
}

import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Log, Store } from '../core/ports.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { openThreadedStore } from '../store/threaded-store.ts';

type Place = Pick<Config, 'dataDir'>;

function fileOf({ dataDir }: Place): string {
  return join(dataDir, 'bandwarden.db');
}

/** The database that a configuration names, for a command that works on its data. */
export function openConfiguredStore(config: Place, log: Log): Promise<Store> {
  return openSqliteStore({ file: fileOf(config), log });
}

/** The same for the service, whose receivers are not to wait for the disk. */
export function openServiceStore(config: Place, log: Log): Promise<Store> {
  return openThreadedStore(fileOf(config), log);
}

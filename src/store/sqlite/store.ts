import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, Migrator, sql } from 'kysely';
import { BandwardenError } from '../../core/errors.ts';
import type { Log, Store } from '../../core/ports.ts';
import { accountsIn } from './accounts.ts';
import { alertsIn } from './alerts.ts';
import { assignmentsIn } from './assignments.ts';
import { auditIn } from './audit.ts';
import { bearingsIn } from './bearings.ts';
import { calibrationsIn } from './calibrations.ts';
import { coverageIn } from './coverage.ts';
import { BindingDialect } from './dialect.ts';
import { openBinding, type SqliteBinding } from './driver.ts';
import { emissionsIn } from './emissions.ts';
import { guarded, storeFailure } from './failures.ts';
import { checkIntegrity, claimDatabase } from './integrity.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { occupancyIn } from './occupancy.ts';
import { receiverCredentialsIn, receiversIn } from './receivers.ts';
import { sessionsIn } from './sessions.ts';
import { spectraIn } from './spectra.ts';
import type { Tables } from './tables.ts';
import { missionsIn, taskingIn } from './tasking.ts';
import { tokensIn } from './tokens.ts';

const MEMORY = ':memory:';

/** Committed is safe: FULL syncs the log before a commit returns. */
const SETTINGS = `
  pragma busy_timeout = 5000;
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma trusted_schema = off;
  pragma cell_size_check = on;
`;

export interface SqliteStoreOptions {
  /** `:memory:` keeps nothing. */
  readonly file: string;
  readonly log: Log;
  /** Which bindings to try, in this order. */
  readonly bindings?: readonly SqliteBinding['name'][];
}

/** The file holds password hashes and the office's evidence: only its owner may read it. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its -wal and -shm files the mode of the database.
  closeSync(openSync(file, 'a', 0o600));
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
}

function openDatabase({ file, log, bindings }: SqliteStoreOptions): SqliteBinding {
  if (file !== MEMORY) makePrivate(file);
  const database = openBinding(file, bindings);
  try {
    claimDatabase(database, file);
    database.exec(SETTINGS);
    checkIntegrity(database, file);
  } catch (error) {
    database.close();
    throw error;
  }
  log.debug({ file, binding: database.name }, 'database opened');
  return database;
}

async function migrate(db: Kysely<Tables>, { file, log }: SqliteStoreOptions): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const newer = /previously executed migration .* is missing/.test(String(error));
    const reason = newer ? 'was written by a newer version of Bandwarden' : `cannot be brought up to date: ${error}`;
    throw new BandwardenError('store-failed', `${file} ${reason}`, { cause: error });
  }
  for (const { migrationName } of results) log.info({ file, migration: migrationName }, 'database migrated');
}

/** The embedded store: one SQLite file in WAL mode. One service writes; commands may write beside it. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  let db: Kysely<Tables> | null = null;
  try {
    const database = openDatabase(options);
    db = new Kysely<Tables>({ dialect: new BindingDialect(database) });
    // The connection belongs to Kysely from its first query on, and is closed with it.
    await sql`select 1`.execute(db);
    await migrate(db, options);
    return storeOver({ db, database, log: options.log });
  } catch (error) {
    await db?.destroy();
    throw storeFailure(`database ${options.file}`, error);
  }
}

interface Opened {
  readonly db: Kysely<Tables>;
  readonly database: SqliteBinding;
  readonly log: Log;
}

function storeOver({ db, database, log }: Opened): Store {
  const spectra = spectraIn({ db, database, log });
  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    await spectra.flush();
    await db.destroy();
  }
  return {
    receivers: guarded('receivers', receiversIn(db)),
    receiverCredentials: guarded('receiverCredentials', receiverCredentialsIn(db)),
    tasking: guarded('tasking', taskingIn(db)),
    missions: guarded('missions', missionsIn(db)),
    assignments: guarded('assignments', assignmentsIn(db)),
    emissions: guarded('emissions', emissionsIn(db)),
    alerts: guarded('alerts', alertsIn(db)),
    spectra: guarded('spectra', spectra),
    occupancy: guarded('occupancy', occupancyIn(db)),
    coverage: guarded('coverage', coverageIn(db)),
    calibrations: guarded('calibrations', calibrationsIn(db)),
    bearings: guarded('bearings', bearingsIn(db)),
    accounts: guarded('accounts', accountsIn(db)),
    sessions: guarded('sessions', sessionsIn(db)),
    tokens: guarded('tokens', tokensIn(db)),
    audit: guarded('audit', auditIn(db)),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

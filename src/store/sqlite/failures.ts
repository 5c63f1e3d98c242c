import { BandwardenError } from '../../core/errors.ts';

/** SQLite's result codes, as better-sqlite3 names them and as node:sqlite numbers them (`errcode`). */
const REMEDIES: readonly { code: string; primary: number; remedy: string }[] = [
  { code: 'SQLITE_FULL', primary: 13, remedy: 'the disk is full' },
  { code: 'SQLITE_BUSY', primary: 5, remedy: 'another program holds the database' },
  { code: 'SQLITE_CORRUPT', primary: 11, remedy: 'the database is damaged: restore it from a backup' },
  { code: 'SQLITE_NOTADB', primary: 26, remedy: 'the file is not an SQLite database, or its beginning is damaged' },
  { code: 'SQLITE_READONLY', primary: 8, remedy: 'the database may not be written by this user' },
  { code: 'SQLITE_CANTOPEN', primary: 14, remedy: 'the file cannot be opened' },
  { code: 'SQLITE_IOERR', primary: 10, remedy: 'the disk does not read or write' },
];

interface SqliteFailure {
  readonly code?: unknown;
  readonly errcode?: unknown;
  readonly message?: string;
}

/** Whether an insert met a row with the same unique value. */
export function isUniqueViolation(error: unknown): boolean {
  return /UNIQUE constraint failed/.test((error as SqliteFailure)?.message ?? '');
}

function remedyFor({ code, errcode }: SqliteFailure): string | undefined {
  // Extended codes: SQLITE_IOERR_WRITE begins with its primary code, and errcode holds that in its low byte.
  const primary = typeof errcode === 'number' ? errcode & 0xff : -1;
  return REMEDIES.find((known) => String(code).startsWith(known.code) || known.primary === primary)?.remedy;
}

/** `store-failed` with what to do about it; errors of our own pass as they are. */
export function storeFailure(what: string, error: unknown): BandwardenError {
  if (error instanceof BandwardenError) return error;
  const failure = error as SqliteFailure;
  const reason = remedyFor(failure) ?? failure?.message ?? String(error);
  return new BandwardenError('store-failed', `${what}: ${reason}`, { cause: error });
}

type Methods = Record<string, (...parameters: never[]) => Promise<unknown>>;

/** The same methods, whose failures name `noun` and the method: `alerts.put: the disk is full`. */
export function guarded<T extends object>(noun: string, methods: T): T {
  const wrapped: Methods = {};
  for (const [name, method] of Object.entries(methods as unknown as Methods)) {
    wrapped[name] = async (...parameters) => {
      try {
        return await method(...parameters);
      } catch (error) {
        throw storeFailure(`${noun}.${name}`, error);
      }
    };
  }
  return wrapped as unknown as T;
}

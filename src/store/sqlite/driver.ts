import { createRequire } from 'node:module';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { BandwardenError } from '../../core/errors.ts';

/** The part of an SQLite binding that the store uses. Parameters are positional, never booleans. */
export interface SqliteBinding extends SqliteDatabase {
  readonly name: 'better-sqlite3' | 'node:sqlite';
  /** Statements without parameters or rows, several at a time. */
  exec(sql: string): void;
}

/** Distinct statements are few; lists of different lengths make some more. */
const CACHED_STATEMENTS = 200;

const require = createRequire(import.meta.url);

interface BetterSqlite {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  close(): void;
}

interface NodeStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
}

interface NodeSqlite {
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
}

/** Whether a statement gives rows: node:sqlite says so itself only in its later versions. */
function givesRows(sql: string): boolean {
  return /^\s*(?:select|with|pragma|values|explain)\b/i.test(sql) || /\breturning\b/i.test(sql);
}

function adaptNodeStatement(statement: NodeStatement, sql: string): SqliteStatement {
  return {
    reader: givesRows(sql),
    all: (parameters) => statement.all(...parameters),
    run: (parameters) => statement.run(...parameters),
    iterate: (parameters) => statement.iterate(...parameters),
  };
}

/** Keeps prepared statements, oldest out first: preparing costs more than most of ours run. */
function withStatementCache(prepare: (sql: string) => SqliteStatement): (sql: string) => SqliteStatement {
  const cache = new Map<string, SqliteStatement>();
  return (sql) => {
    const known = cache.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(sql);
    if (cache.size >= CACHED_STATEMENTS) cache.delete(cache.keys().next().value as string);
    cache.set(sql, statement);
    return statement;
  };
}

function openBetterSqlite(file: string): SqliteBinding {
  const Database = require('better-sqlite3') as new (file: string) => BetterSqlite;
  const database = new Database(file);
  return {
    name: 'better-sqlite3',
    prepare: withStatementCache((sql) => database.prepare(sql)),
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

function openNodeSqlite(file: string): SqliteBinding {
  const { DatabaseSync } = require('node:sqlite') as { DatabaseSync: new (file: string) => NodeSqlite };
  const database = new DatabaseSync(file);
  return {
    name: 'node:sqlite',
    prepare: withStatementCache((sql) => adaptNodeStatement(database.prepare(sql), sql)),
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

/** The binding itself is missing or was built for another Node; anything else is the file's fault. */
function isMissingBinding(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const missing = ['MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED', 'ERR_UNKNOWN_BUILTIN_MODULE'];
  return missing.includes(String(code)) || message.includes('Could not locate the bindings file');
}

const OPENERS = { 'better-sqlite3': openBetterSqlite, 'node:sqlite': openNodeSqlite } as const;

/** Opens `file` with the first of `bindings` that this machine has. */
export function openBinding(
  file: string,
  bindings: readonly SqliteBinding['name'][] = ['better-sqlite3', 'node:sqlite'],
): SqliteBinding {
  let cause: unknown;
  for (const name of bindings) {
    try {
      return OPENERS[name](file);
    } catch (error) {
      if (!isMissingBinding(error)) throw error;
      cause ??= error;
    }
  }
  throw new BandwardenError(
    'unavailable',
    'no SQLite for this Node: run `apt-get install build-essential python3 && npm ci`, or use Node 22.13 or later',
    { cause },
  );
}

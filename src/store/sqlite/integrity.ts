import { BandwardenError } from '../../core/errors.ts';
import type { SqliteBinding } from './driver.ts';

/** ASCII `BWDN`, in the header of every database of ours. */
const APPLICATION_ID = 0x4257444e;
/** Up to here the whole file is checked at the start; beyond, all tables but the bulk of spectra. */
const WHOLE_CHECK_BYTES = 64 * 1024 * 1024;

function pragma(database: SqliteBinding, text: string): unknown[] {
  return database.prepare(`pragma ${text}`).all([]) as unknown[];
}

function pragmaValue(database: SqliteBinding, text: string): number {
  return Number(Object.values(pragma(database, text)[0] as object)[0]);
}

function tablesOf(database: SqliteBinding): string[] {
  const rows = database.prepare(`select name from sqlite_schema where type = 'table'`).all([]);
  return (rows as { name: string }[]).map(({ name }) => name);
}

/** A file of another program is left alone; a new one is marked as ours. */
export function claimDatabase(database: SqliteBinding, file: string): void {
  const id = pragmaValue(database, 'application_id');
  if (id === APPLICATION_ID) return;
  if (id !== 0 || tablesOf(database).length > 0) {
    throw new BandwardenError('store-failed', `${file} is the database of another program`);
  }
  database.exec(`pragma auto_vacuum = incremental; pragma application_id = ${APPLICATION_ID}`);
}

/**
 * Refuses a damaged database, and says so: nothing is renamed, begun afresh or repaired behind the office's back,
 * for what stands in it may be evidence.
 */
export function checkIntegrity(database: SqliteBinding, file: string): void {
  const bytes = pragmaValue(database, 'page_count') * pragmaValue(database, 'page_size');
  const bulk = ['spectra', 'emissions', 'sqlite_sequence'];
  const checks =
    bytes <= WHOLE_CHECK_BYTES
      ? ['quick_check(3)']
      : tablesOf(database)
          .filter((table) => !bulk.includes(table) && !table.includes('Bands'))
          .map((table) => `quick_check(${table})`);
  for (const check of checks) {
    const findings = pragma(database, check).map((row) => String(Object.values(row as object)[0]));
    if (findings[0] === 'ok') continue;
    const finding = findings[0].replaceAll('\n', '; ');
    throw new BandwardenError(
      'store-failed',
      `${file} is damaged (${finding}): keep a copy of the file, then restore it from a backup`,
    );
  }
}

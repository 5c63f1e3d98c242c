import { type Kysely, sql } from 'kysely';
import type { Log, Store } from '../../core/ports.ts';
import type { SpectrumRow } from '../../core/records.ts';
import type { SqliteBinding } from './driver.ts';
import type { Tables } from './tables.ts';

/** Rows wait this long for company: one fsync for many, and never more than a second is lost. */
const FLUSH_MS = 500;
/** Rows in memory; with more the write happens at once. */
const PENDING_ROWS = 512;

/** SQLite takes 32,766 parameters a statement; a row has 8. */
const ROWS_PER_INSERT = 64;
/** Deleted at a time, so that the writing of alerts waits for milliseconds and not for the whole retention. */
const ROWS_PER_PRUNE = 2000;
/** Free pages given back to the disk at a time, of 4 KiB. */
const PAGES_PER_RECLAIM = 4096;

/** Telemetry: written in batches. A batch that cannot be written is dropped, logged, and told to the next put. */
class SpectrumBuffer {
  readonly #db: Kysely<Tables>;
  readonly #log: Log;
  #pending: SpectrumRow[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  constructor(db: Kysely<Tables>, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  async add(rows: readonly SpectrumRow[]): Promise<void> {
    for (const row of rows) this.#pending.push(row);
    if (this.#pending.length >= PENDING_ROWS) await this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }

  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const rows = this.#pending;
    this.#pending = [];
    if (rows.length > 0) this.#writing = this.#writing.then(() => this.#write(rows));
    return this.#writing;
  }

  async #write(rows: readonly SpectrumRow[]): Promise<void> {
    try {
      await this.#db.transaction().execute(async (transaction) => {
        for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
          await transaction
            .insertInto('spectra')
            .values(rows.slice(i, i + ROWS_PER_INSERT))
            .execute();
        }
      });
    } catch (error) {
      this.#failure = error;
      this.#log.warn({ err: error, rows: rows.length }, 'spectra could not be stored');
    }
  }
}

interface SpectraParts {
  readonly db: Kysely<Tables>;
  readonly database: SqliteBinding;
  readonly log: Log;
}

export function spectraIn({ db, database, log }: SpectraParts): Store['spectra'] & { flush(): Promise<void> } {
  const buffer = new SpectrumBuffer(db, log);
  /** Not by Kysely: its driver takes a single step, and each step of this statement frees one page. */
  const reclaim = () =>
    db.connection().execute(async () => database.exec(`pragma incremental_vacuum(${PAGES_PER_RECLAIM})`));
  return {
    flush: () => buffer.flush(),
    put: (rows) => buffer.add(rows),

    async find({ receiver, fromMs, toMs, limit }) {
      await buffer.flush();
      // Rows are numbered from the index alone; only those that are wanted are then read.
      const { rows } = await sql<SpectrumRow>`
        with numbered as (
          select rowid as spectrum, row_number() over (order by timeMs) - 1 as position, count(*) over () as total
          from spectra where receiver = ${receiver} and timeMs >= ${fromMs} and timeMs < ${toMs}
        )
        select receiver, timeMs, startHz, stepHz, unit, minLevel, levelStepDb, levels
        from numbered join spectra on spectra.rowid = spectrum
        where position % max((total + ${limit} - 1) / ${limit}, 1) = 0
        order by position limit ${limit}`.execute(db);
      return rows.map((row) => ({ ...row, levels: new Uint8Array(row.levels) }));
    },

    async prune(beforeMs) {
      await buffer.flush();
      let pruned = 0;
      for (;;) {
        const { numAffectedRows = 0n } = await sql`
          delete from spectra where rowid in
            (select rowid from spectra where timeMs < ${beforeMs} order by timeMs limit ${ROWS_PER_PRUNE})`.execute(db);
        pruned += Number(numAffectedRows);
        if (numAffectedRows < BigInt(ROWS_PER_PRUNE)) break;
        await new Promise((resume) => setImmediate(resume));
      }
      if (pruned > 0) await reclaim();
      return pruned;
    },
  };
}

import { type Kysely, type Selectable, sql } from 'kysely';
import { BandwardenError } from '../../core/errors.ts';
import type { Store } from '../../core/ports.ts';
import type { Assignment } from '../../core/records.ts';
import { isUniqueViolation } from './failures.ts';
import type { Tables } from './tables.ts';

/** SQLite takes 32,766 parameters a statement; a row has 16. */
const ROWS_PER_INSERT = 500;

function recordOf({ number: _, source: __, ...row }: Selectable<Tables['assignments']>): Assignment {
  return row;
}

function rowOf(source: string, assignment: Assignment) {
  const { id, kind, licensee, station, callSign, service, centerHz, bandwidthHz } = assignment;
  const { lat, lon, radiusKm, validFromMs, validUntilMs, designator, conditions } = assignment;
  const what = { id, kind, licensee, station, callSign, service, centerHz, bandwidthHz, designator, conditions };
  return { source, ...what, lat, lon, radiusKm, validFromMs, validUntilMs };
}

/** An identifier stands for one right to transmit: two sources that both claim it need a person. */
async function duplicateError(db: Kysely<Tables>, source: string, rows: readonly Assignment[], cause: unknown) {
  const seen = new Set<string>();
  const twice = rows.find(({ id }) => seen.size === seen.add(id).size);
  if (twice !== undefined) return new BandwardenError('conflict', `assignment ${twice.id} occurs twice`, { cause });
  const others = db.selectFrom('assignments').select(['id', 'source']).where('source', '!=', source);
  const taken = (await others.execute()).find(({ id }) => seen.has(id));
  const message = `assignment ${taken?.id} already stands in the register ${taken?.source}`;
  return new BandwardenError('conflict', message, { cause });
}

export function assignmentsIn(db: Kysely<Tables>): Store['assignments'] {
  return {
    async replace(source, rows) {
      try {
        await db.transaction().execute(async (transaction) => {
          await transaction.deleteFrom('assignments').where('source', '=', source).execute();
          for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
            const part = rows.slice(i, i + ROWS_PER_INSERT).map((row) => rowOf(source, row));
            await transaction.insertInto('assignments').values(part).execute();
          }
        });
      } catch (error) {
        throw isUniqueViolation(error) ? await duplicateError(db, source, rows, error) : error;
      }
    },
    async list(range) {
      let query = db.selectFrom('assignments').selectAll('assignments').orderBy('centerHz').orderBy('assignments.id');
      if (range !== undefined) {
        const bands = db.selectFrom('assignmentBands').select('id');
        query = query
          .where('number', 'in', bands.where('lowHz', '<=', range.toHz).where('highHz', '>=', range.fromHz))
          .where(sql<number>`centerHz - bandwidthHz / 2`, '<=', range.toHz)
          .where(sql<number>`centerHz + bandwidthHz / 2`, '>=', range.fromHz);
        if (range.limit !== undefined) query = query.limit(range.limit);
      }
      return (await query.execute()).map(recordOf);
    },
    async count() {
      const query = db.selectFrom('assignments').select((count) => count.fn.countAll<number>().as('rows'));
      return (await query.executeTakeFirstOrThrow()).rows;
    },
  };
}

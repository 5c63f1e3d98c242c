import { type Kysely, sql } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Tables } from './tables.ts';

/** SQLite takes 32,766 parameters a statement; a row has 11. */
const ROWS_PER_INSERT = 500;
/** An answer never holds more. */
const MOST_ROWS = 50_000;

/** What is counted comes as what was added since: a row of the same hour grows. */
export function occupancyIn(db: Kysely<Tables>): Store['occupancy'] {
  return {
    async add(rows) {
      await db.transaction().execute(async (transaction) => {
        for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
          const insert = transaction.insertInto('occupancy').values(rows.slice(i, i + ROWS_PER_INSERT));
          await insert
            .onConflict((conflict) =>
              conflict.columns(['receiver', 'hourMs', 'kind', 'name']).doUpdateSet({
                lowHz: sql`excluded.lowHz`,
                highHz: sql`excluded.highHz`,
                seconds: sql`occupancy.seconds + excluded.seconds`,
                samples: sql`occupancy.samples + excluded.samples`,
                occupied: sql`occupancy.occupied + excluded.occupied`,
                rises: sql`occupancy.rises + excluded.rises`,
                falls: sql`occupancy.falls + excluded.falls`,
              }),
            )
            .execute();
        }
      });
    },
    async find({ receiver, fromHz, toHz, fromMs, toMs }) {
      const query = db.selectFrom('occupancy').selectAll().where('receiver', '=', receiver).limit(MOST_ROWS);
      const within = query.where('hourMs', '>=', fromMs).where('hourMs', '<', toMs);
      const band = within.where('highHz', '>=', fromHz).where('lowHz', '<=', toHz);
      return await band.orderBy('hourMs').orderBy('kind').orderBy('lowHz').orderBy('name').execute();
    },
  };
}

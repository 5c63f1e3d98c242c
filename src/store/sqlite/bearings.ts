import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Tables } from './tables.ts';

/** SQLite takes 32,766 parameters a statement; a row has 13. */
const ROWS_PER_INSERT = 500;

export function bearingsIn(db: Kysely<Tables>): Store['bearings'] {
  return {
    async add(bearings) {
      let added = 0;
      await db.transaction().execute(async (transaction) => {
        for (let i = 0; i < bearings.length; i += ROWS_PER_INSERT) {
          const part = bearings.slice(i, i + ROWS_PER_INSERT).map((bearing) => ({ ...bearing }));
          const insert = transaction.insertInto('bearings').values(part);
          const { numInsertedOrUpdatedRows = 0n } = await insert
            .onConflict((conflict) => conflict.column('id').doNothing())
            .executeTakeFirstOrThrow();
          added += Number(numInsertedOrUpdatedRows);
        }
      });
      return added;
    },
    async find({ receiver, fromHz, toHz, fromMs, toMs, limit }) {
      let query = db.selectFrom('bearings').selectAll().orderBy('timeMs', 'desc').limit(limit);
      if (receiver !== undefined) query = query.where('receiver', '=', receiver);
      if (fromHz !== undefined) query = query.where('frequencyHz', '>=', fromHz);
      if (toHz !== undefined) query = query.where('frequencyHz', '<=', toHz);
      if (fromMs !== undefined) query = query.where('timeMs', '>=', fromMs);
      if (toMs !== undefined) query = query.where('timeMs', '<', toMs);
      return await query.execute();
    },
  };
}

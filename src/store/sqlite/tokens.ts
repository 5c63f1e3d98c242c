import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Tables } from './tables.ts';

export function tokensIn(db: Kysely<Tables>): Store['tokens'] {
  return {
    async put({ id, tokenHash, accountId, label, createdMs, expiresMs, lastUsedMs }) {
      const insert = db
        .insertInto('tokens')
        .values({ id, tokenHash, accountId, label, createdMs, expiresMs, lastUsedMs });
      const update = { label, expiresMs, lastUsedMs };
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(update)).execute();
    },
    async byHash(tokenHash) {
      const query = db.selectFrom('tokens').selectAll().where('tokenHash', '=', tokenHash);
      return (await query.executeTakeFirst()) ?? null;
    },
    async list(accountId) {
      const query = db.selectFrom('tokens').selectAll().where('accountId', '=', accountId);
      return await query.orderBy('createdMs').orderBy('id').execute();
    },
    async remove(id) {
      await db.deleteFrom('tokens').where('id', '=', id).execute();
    },
  };
}

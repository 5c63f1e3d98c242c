import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Tables } from './tables.ts';

export function sessionsIn(db: Kysely<Tables>): Store['sessions'] {
  return {
    async put({ tokenHash, accountId, createdMs, lastSeenMs, expiresMs }) {
      const insert = db.insertInto('sessions').values({ tokenHash, accountId, createdMs, lastSeenMs, expiresMs });
      const update = { lastSeenMs, expiresMs };
      await insert.onConflict((conflict) => conflict.column('tokenHash').doUpdateSet(update)).execute();
    },
    async get(tokenHash) {
      const query = db.selectFrom('sessions').selectAll().where('tokenHash', '=', tokenHash);
      return (await query.executeTakeFirst()) ?? null;
    },
    async remove(tokenHash) {
      await db.deleteFrom('sessions').where('tokenHash', '=', tokenHash).execute();
    },
    async removeOfAccount(accountId) {
      await db.deleteFrom('sessions').where('accountId', '=', accountId).execute();
    },
    async removeExpired(nowMs) {
      await db.deleteFrom('sessions').where('expiresMs', '<=', nowMs).execute();
    },
  };
}

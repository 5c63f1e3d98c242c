import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { ReceiverRecord } from '../../core/records.ts';
import type { Tables } from './tables.ts';

function recordOf({ approved, info, ...row }: Tables['receivers']): ReceiverRecord {
  return { ...row, approved: approved === 1, info: JSON.parse(info) };
}

export function receiversIn(db: Kysely<Tables>): Store['receivers'] {
  return {
    async list() {
      return (await db.selectFrom('receivers').selectAll().orderBy('id').execute()).map(recordOf);
    },
    async get(id) {
      const row = await db.selectFrom('receivers').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async put({ id, name, approved, info, firstSeenMs, lastSeenMs }) {
      const fields = { name, approved: approved ? 1 : 0, info: JSON.stringify(info), firstSeenMs, lastSeenMs };
      const insert = db.insertInto('receivers').values({ id, ...fields });
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(fields)).execute();
    },
  };
}

export function receiverCredentialsIn(db: Kysely<Tables>): Store['receiverCredentials'] {
  return {
    async put(receiver, passwordHash) {
      const insert = db.insertInto('receiverCredentials').values({ receiver, passwordHash });
      await insert.onConflict((conflict) => conflict.column('receiver').doUpdateSet({ passwordHash })).execute();
    },
    async get(receiver) {
      const query = db.selectFrom('receiverCredentials').select('passwordHash').where('receiver', '=', receiver);
      return (await query.executeTakeFirst())?.passwordHash ?? null;
    },
  };
}

import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { ReceiverRecord } from '../../core/records.ts';
import type { Tables } from './tables.ts';

function recordOf({ approved, refused, found, info, ...row }: Tables['receivers']): ReceiverRecord {
  return {
    ...row,
    approved: approved === 1,
    ...(refused === 1 ? { refused: true } : {}),
    ...(found === null ? {} : { found: JSON.parse(found) }),
    info: JSON.parse(info),
  };
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
    async put({ id, name, approved, refused, found, info, firstSeenMs, lastSeenMs }) {
      const decided = { approved: approved ? 1 : 0, refused: refused && !approved ? 1 : 0 };
      const where = { found: found ? JSON.stringify(found) : null };
      const fields = { name, ...decided, ...where, info: JSON.stringify(info), firstSeenMs, lastSeenMs };
      const insert = db.insertInto('receivers').values({ id, ...fields });
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(fields)).execute();
    },
    async remove(id) {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('missions').where('receiver', '=', id).execute();
        await transaction.deleteFrom('tasking').where('receiver', '=', id).execute();
        await transaction.deleteFrom('receiverCredentials').where('receiver', '=', id).execute();
        await transaction.deleteFrom('receivers').where('id', '=', id).execute();
      });
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

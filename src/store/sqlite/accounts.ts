import type { Kysely } from 'kysely';
import { BandwardenError } from '../../core/errors.ts';
import type { Store } from '../../core/ports.ts';
import type { Account } from '../../core/records.ts';
import { isUniqueViolation } from './failures.ts';
import type { Tables } from './tables.ts';

function recordOf(row: Tables['accounts']): Account {
  return { ...row, disabled: row.disabled === 1 };
}

function rowOf({ id, name, role, passwordHash, createdMs, disabled }: Account): Tables['accounts'] {
  return { id, name, role, passwordHash, createdMs, disabled: disabled ? 1 : 0 };
}

function nameTaken(name: string, cause: unknown): BandwardenError {
  return new BandwardenError('conflict', `there is already an account named ${name}`, { cause });
}

export function accountsIn(db: Kysely<Tables>): Store['accounts'] {
  const select = db.selectFrom('accounts').selectAll();
  return {
    async list() {
      return (await select.orderBy('name').execute()).map(recordOf);
    },
    async byName(name) {
      const row = await select.where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async byId(id) {
      const row = await select.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async add(account) {
      try {
        await db.insertInto('accounts').values(rowOf(account)).execute();
      } catch (error) {
        throw isUniqueViolation(error) ? nameTaken(account.name, error) : error;
      }
    },
    async update(account) {
      const { id, ...fields } = rowOf(account);
      let changed = 0n;
      try {
        changed = (await db.updateTable('accounts').set(fields).where('id', '=', id).executeTakeFirst()).numUpdatedRows;
      } catch (error) {
        throw isUniqueViolation(error) ? nameTaken(account.name, error) : error;
      }
      if (changed === 0n) throw new BandwardenError('not-found', `there is no account ${id}`);
    },
    async count() {
      const query = db.selectFrom('accounts').select((count) => count.fn.countAll<number>().as('rows'));
      return (await query.executeTakeFirstOrThrow()).rows;
    },
  };
}

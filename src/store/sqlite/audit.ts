import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Tables } from './tables.ts';

export function auditIn(db: Kysely<Tables>): Store['audit'] {
  return {
    async append({ timeMs, by, action, subject, detail }) {
      await db.insertInto('audit').values({ timeMs, by, action, subject, detail }).execute();
    },
    async list(limit) {
      return await db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute();
    },
  };
}

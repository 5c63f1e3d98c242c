import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Mission, TaskingRecord } from '../../core/tasking.ts';
import type { Tables } from './tables.ts';

function recordOf({ plan, home, ...row }: Tables['tasking']): TaskingRecord {
  return { ...row, plan: plan === null ? null : JSON.parse(plan), home: home === null ? null : JSON.parse(home) };
}

export function taskingIn(db: Kysely<Tables>): Store['tasking'] {
  return {
    async list() {
      return (await db.selectFrom('tasking').selectAll().orderBy('receiver').execute()).map(recordOf);
    },
    async put({ receiver, plan, home, changedBy, changedMs }) {
      const fields = {
        plan: plan === null ? null : JSON.stringify(plan),
        home: home === null ? null : JSON.stringify(home),
        changedBy,
        changedMs,
      };
      const insert = db.insertInto('tasking').values({ receiver, ...fields });
      await insert.onConflict((conflict) => conflict.column('receiver').doUpdateSet(fields)).execute();
    },
  };
}

function missionOf({ schedule, plan, enabled, ...row }: Tables['missions']): Mission {
  return { ...row, schedule: JSON.parse(schedule), plan: JSON.parse(plan), enabled: enabled === 1 };
}

export function missionsIn(db: Kysely<Tables>): Store['missions'] {
  return {
    async list() {
      return (await db.selectFrom('missions').selectAll().orderBy('name').orderBy('id').execute()).map(missionOf);
    },
    async put({ id, receiver, name, schedule, plan, enabled, changedBy, changedMs }) {
      const fields = {
        receiver,
        name,
        schedule: JSON.stringify(schedule),
        plan: JSON.stringify(plan),
        enabled: enabled ? 1 : 0,
        changedBy,
        changedMs,
      };
      const insert = db.insertInto('missions').values({ id, ...fields });
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(fields)).execute();
    },
    async remove(id) {
      await db.deleteFrom('missions').where('id', '=', id).execute();
    },
  };
}

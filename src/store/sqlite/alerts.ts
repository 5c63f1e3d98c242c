import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { Alert } from '../../core/records.ts';
import type { Tables } from './tables.ts';

function recordOf(row: Tables['alerts']): Alert {
  return {
    ...row,
    onAir: row.onAir === 1,
    receivers: JSON.parse(row.receivers),
    emissions: JSON.parse(row.emissions),
    reasons: JSON.parse(row.reasons),
    notes: JSON.parse(row.notes),
  };
}

/** Field by field, so that an object with more fields than an alert is stored as the alert that it is. */
function rowOf(alert: Alert): Tables['alerts'] {
  return {
    id: alert.id,
    revision: alert.revision,
    state: alert.state,
    severity: alert.severity,
    verdict: alert.verdict,
    rule: alert.rule,
    raisedMs: alert.raisedMs,
    updatedMs: alert.updatedMs,
    evidenceMs: alert.evidenceMs,
    firstSeenMs: alert.firstSeenMs,
    lastSeenMs: alert.lastSeenMs,
    onAir: alert.onAir ? 1 : 0,
    centerHz: alert.centerHz,
    bandwidthHz: alert.bandwidthHz,
    level: alert.level,
    unit: alert.unit,
    snrDb: alert.snrDb,
    service: alert.service,
    receivers: JSON.stringify(alert.receivers),
    emissions: JSON.stringify(alert.emissions),
    assignment: alert.assignment,
    reasons: JSON.stringify(alert.reasons),
    acknowledgedBy: alert.acknowledgedBy,
    acknowledgedMs: alert.acknowledgedMs,
    notes: JSON.stringify(alert.notes),
  };
}

export function alertsIn(db: Kysely<Tables>): Store['alerts'] {
  return {
    async put(alert) {
      const { id, ...fields } = rowOf(alert);
      const insert = db.insertInto('alerts').values({ id, ...fields });
      await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(fields)).execute();
    },
    async get(id) {
      const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async find({ state, afterRevision, limit }) {
      const order = afterRevision === undefined ? 'desc' : 'asc';
      let query = db.selectFrom('alerts').selectAll().orderBy('revision', order).limit(limit);
      if (state !== undefined) query = query.where('state', '=', state);
      if (afterRevision !== undefined) query = query.where('revision', '>', afterRevision);
      return (await query.execute()).map(recordOf);
    },
    async lastRevision() {
      const query = db.selectFrom('alerts').select((max) => max.fn.max('revision').as('revision'));
      return (await query.executeTakeFirst())?.revision ?? 0;
    },
  };
}

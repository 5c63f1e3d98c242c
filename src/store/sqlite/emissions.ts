import type { ExpressionBuilder, Insertable, Kysely, Selectable } from 'kysely';
import type { Store } from '../../core/ports.ts';
import type { EmissionRecord } from '../../core/records.ts';
import type { Tables } from './tables.ts';

/** SQLite takes 32,766 parameters a statement; a row has 24. */
const ROWS_PER_INSERT = 200;

/** What a later put of the same emission may change: all but its name. */
const CHANGING = [
  'receiver',
  'firstSeenMs',
  'lastSeenMs',
  'activeSeconds',
  'bursts',
  'onAir',
  'centerHz',
  'peakHz',
  'lowHz',
  'highHz',
  'occupiedBandwidthHz',
  'snrDb',
  'level',
  'unit',
  'kind',
  'artefact',
  'method',
  'rbwHz',
  'verdict',
  'assignment',
  'reasons',
  'calibration',
  'measurement',
] as const satisfies readonly (keyof EmissionRecord)[];

function recordOf({ number: _, calibration, measurement, ...row }: Selectable<Tables['emissions']>): EmissionRecord {
  return {
    ...row,
    ...(calibration === null ? {} : { calibration: JSON.parse(calibration) }),
    ...(measurement === null ? {} : { measurement: JSON.parse(measurement) }),
    onAir: row.onAir === 1,
    method: row.method === null ? null : JSON.parse(row.method),
    reasons: JSON.parse(row.reasons),
  };
}

function rowOf(emission: EmissionRecord): Insertable<Tables['emissions']> {
  const plain = Object.fromEntries(CHANGING.map((field) => [field, emission[field]]));
  return {
    ...(plain as unknown as Insertable<Tables['emissions']>),
    id: emission.id,
    onAir: emission.onAir ? 1 : 0,
    method: emission.method === null ? null : JSON.stringify(emission.method),
    reasons: JSON.stringify(emission.reasons),
    calibration: emission.calibration ? JSON.stringify(emission.calibration) : null,
    measurement: emission.measurement ? JSON.stringify(emission.measurement) : null,
  };
}

/** Each column from the row that could not be inserted. */
function changes({ ref }: ExpressionBuilder<Tables & { excluded: Tables['emissions'] }, 'excluded'>) {
  return Object.fromEntries(CHANGING.map((field) => [field, ref(`excluded.${field}`)]));
}

/** Up to here the emissions of a band are sorted by time; beyond, those of all time are looked through, latest first. */
const FEW = 4000;

function bandsWithin(db: Kysely<Tables>, fromHz: number, toHz: number) {
  return db.selectFrom('emissionBands').select('id').where('lowHz', '<=', toHz).where('highHz', '>=', fromHz);
}

/** SQLite cannot tell how many rows of an R*Tree a band holds: it would sort a million to give the latest ten. */
async function areFew(db: Kysely<Tables>, bands: ReturnType<typeof bandsWithin>): Promise<boolean> {
  const counted = bands.limit(FEW + 1).as('counted');
  const { rows } = await db
    .selectFrom(counted)
    .select((count) => count.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows <= FEW;
}

export function emissionsIn(db: Kysely<Tables>): Store['emissions'] {
  return {
    async put(emissions) {
      if (emissions.length === 0) return;
      await db.transaction().execute(async (transaction) => {
        for (let i = 0; i < emissions.length; i += ROWS_PER_INSERT) {
          const rows = emissions.slice(i, i + ROWS_PER_INSERT).map(rowOf);
          const insert = transaction.insertInto('emissions').values(rows);
          await insert.onConflict((conflict) => conflict.column('id').doUpdateSet(changes as never)).execute();
        }
      });
    },
    async get(id) {
      const row = await db.selectFrom('emissions').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async find({ receiver, fromHz, toHz, sinceMs, untilMs, verdict, limit }) {
      let query = db.selectFrom('emissions').selectAll('emissions').orderBy('lastSeenMs', 'desc').limit(limit);
      if (receiver !== undefined) query = query.where('receiver', '=', receiver);
      if (verdict !== undefined) query = query.where('verdict', '=', verdict);
      if (sinceMs !== undefined) query = query.where('lastSeenMs', '>=', sinceMs);
      if (untilMs !== undefined) query = query.where('firstSeenMs', '<', untilMs);
      if (fromHz !== undefined) query = query.where('emissions.highHz', '>=', fromHz);
      if (toHz !== undefined) query = query.where('emissions.lowHz', '<=', toHz);
      if (fromHz !== undefined || toHz !== undefined) {
        const bands = bandsWithin(db, fromHz ?? -Infinity, toHz ?? Infinity);
        if (await areFew(db, bands)) query = query.where('number', 'in', bands);
      }
      return (await query.execute()).map(recordOf);
    },
  };
}

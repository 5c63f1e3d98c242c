import type { Kysely } from 'kysely';
import type { Calibration } from '../../core/calibration.ts';
import { BandwardenError } from '../../core/errors.ts';
import type { Store } from '../../core/ports.ts';
import { isUniqueViolation } from './failures.ts';
import type { Tables } from './tables.ts';

function recordOf({ points, ...row }: Tables['calibrations']): Calibration {
  return { ...row, points: JSON.parse(points) };
}

export function calibrationsIn(db: Kysely<Tables>): Store['calibrations'] {
  return {
    async add({ points, ...calibration }) {
      try {
        await db
          .insertInto('calibrations')
          .values({ ...calibration, points: JSON.stringify(points) })
          .execute();
      } catch (cause) {
        if (!isUniqueViolation(cause)) throw cause;
        throw new BandwardenError('conflict', `there is a calibration ${calibration.id} already`, { cause });
      }
    },
    async get(id) {
      const row = await db.selectFrom('calibrations').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async list(receiver) {
      let query = db.selectFrom('calibrations').selectAll().orderBy('receiver').orderBy('version', 'desc');
      if (receiver !== undefined) query = query.where('receiver', '=', receiver);
      return (await query.execute()).map(recordOf);
    },
  };
}

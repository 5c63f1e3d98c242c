import type { Migration } from 'kysely';
import * as records from './001-records.ts';
import * as tasking from './002-tasking.ts';
import * as coverageAndCalibration from './003-coverage-calibration.ts';
import * as measurements from './004-measurements.ts';
import * as portReceivers from './006-port-receivers.ts';

/** In the order of their names; a migration that was released is never changed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-records': { up: records.up },
  '002-tasking': { up: tasking.up },
  '003-coverage-calibration': { up: coverageAndCalibration.up },
  '004-measurements': { up: measurements.up },
  '006-port-receivers': { up: portReceivers.up },
};

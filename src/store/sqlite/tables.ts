import type { Generated } from 'kysely';
import type { Bearing } from '../../core/bearing.ts';
import type { Calibration } from '../../core/calibration.ts';
import type { CoverageRow } from '../../core/coverage.ts';
import type { OccupancyRow } from '../../core/occupancy.ts';
import type {
  Account,
  Alert,
  ApiToken,
  Assignment,
  AuditEntry,
  EmissionRecord,
  ReceiverRecord,
  SessionRecord,
  SpectrumRow,
} from '../../core/records.ts';
import type { Mission, TaskingRecord } from '../../core/tasking.ts';

/** A record as a row: truth values are 0 or 1, and what `J` names is JSON text. */
type RowOf<T, J extends keyof T = never> = {
  -readonly [K in keyof T]: K extends J ? string : T[K] extends boolean ? number : T[K];
};

/** A row of an R*Tree over the bands of a table. */
interface Band {
  id: number;
  lowHz: number;
  highHz: number;
}

/** Columns have the names of the records' fields, and so the same units. */
export interface Tables {
  receivers: Omit<RowOf<ReceiverRecord, 'info'>, 'refused' | 'found'> & { refused: number; found: string | null };
  receiverCredentials: { receiver: string; passwordHash: string };
  tasking: Omit<RowOf<TaskingRecord>, 'plan' | 'home'> & { plan: string | null; home: string | null };
  missions: RowOf<Mission, 'schedule' | 'plan'>;
  assignments: RowOf<Assignment> & { number: Generated<number>; source: string };
  assignmentBands: Band;
  emissions: Omit<RowOf<EmissionRecord, 'reasons'>, 'method' | 'calibration' | 'measurement'> & {
    number: Generated<number>;
    method: string | null;
    calibration: string | null;
    measurement: string | null;
  };
  emissionBands: Band;
  coverage: RowOf<CoverageRow, 'gaps' | 'moreGaps' | 'revisits' | 'clock'>;
  calibrations: RowOf<Calibration, 'points'>;
  occupancy: RowOf<OccupancyRow>;
  bearings: RowOf<Bearing>;
  alerts: RowOf<Alert, 'receivers' | 'emissions' | 'reasons' | 'notes'>;
  spectra: RowOf<SpectrumRow>;
  accounts: RowOf<Account>;
  sessions: RowOf<SessionRecord>;
  tokens: RowOf<ApiToken>;
  audit: Omit<RowOf<AuditEntry>, 'id'> & { id: Generated<number> };
}

import type { RegisterIndex } from '../analysis/register-match.ts';
import type { Calibration } from '../core/calibration.ts';
import type { EmissionMeasurement } from '../core/measurement.ts';
import type { EmissionRecord } from '../core/records.ts';
import { fieldStrengthDbuVM, type LevelScale } from '../spectrum/calibration.ts';

/** What a thread that measures does not know. */
export interface RecordContext {
  readonly scale: LevelScale;
  readonly calibration: Calibration | null;
  readonly register: RegisterIndex;
}

/** Puts the level on the receiver's calibration and the frequency against the assignment that explains the emission. */
export function completed(
  measurement: EmissionMeasurement,
  record: EmissionRecord,
  { scale, calibration, register }: RecordContext,
): EmissionMeasurement {
  const { centerHz } = measurement;
  const level = measurement.level + scale.at(centerHz).offsetDb;
  const row = register
    .overlapping(centerHz, centerHz)
    .find(({ id, kind }) => id === record.assignment && kind === 'assignment');
  const field = calibration !== null && scale.unit === 'dBm' ? fieldStrengthDbuVM(level, centerHz, calibration) : null;
  return {
    ...measurement,
    level,
    unit: scale.unit,
    fieldStrengthDbuVM: field?.dbuVM ?? null,
    frequencyOffsetHz: row === undefined ? null : centerHz - row.centerHz,
  };
}

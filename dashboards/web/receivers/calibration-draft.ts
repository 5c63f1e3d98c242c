import type { Calibration, LevelProposal } from '../../../src/core/calibration.ts';
import type { CalibrationMeasurement } from '../../../src/core/ports.ts';

export interface CalibrationBody extends Pick<Calibration, 'points' | 'method'> {
  readonly frequencyCorrectionPpm?: number;
  readonly validUntilMs?: number;
}

export interface LevelReferencesBody {
  readonly measurement: string;
  readonly antennaGainDbi: number;
  readonly cableLossDb: number;
  readonly stations: readonly { readonly assignment: string; fieldStrengthDbuVM?: number; erpKw?: number }[];
}

/** What a person has typed so far: text until it makes sense. */
export interface CalibrationDraft {
  readonly antennaGain: string;
  readonly cableLoss: string;
  /** By assignment. */
  readonly fields: Readonly<Record<string, string>>;
  readonly erps: Readonly<Record<string, string>>;
  readonly applyFrequency: boolean;
  readonly applyLevel: boolean;
  readonly months: string;
}

/** A half-wave dipole on a short cable, valid for a year. */
export const EMPTY_DRAFT: CalibrationDraft = {
  antennaGain: '2.15',
  cableLoss: '0',
  fields: {},
  erps: {},
  applyFrequency: true,
  applyLevel: true,
  months: '12',
};

const MONTH_MS = (365.25 / 12) * 86_400_000;

function numberOf(text: string | undefined, low: number, high: number): number | null {
  const trimmed = text?.trim().replace(',', '.').replace('\u2212', '-') ?? '';
  const value = trimmed === '' ? Number.NaN : Number(trimmed);
  return value >= low && value <= high ? value : null;
}

/** Null while there is no reference for any station, or the antenna is not described. */
export function referencesOf(draft: CalibrationDraft, measurement: CalibrationMeasurement): LevelReferencesBody | null {
  const antennaGainDbi = numberOf(draft.antennaGain, -60, 60);
  const cableLossDb = numberOf(draft.cableLoss, 0, 100);
  const stations = measurement.sightings.flatMap(({ assignment }) => {
    const field = numberOf(draft.fields[assignment], -50, 200);
    const erp = numberOf(draft.erps[assignment], 1e-6, 1e5);
    if (field === null && erp === null) return [];
    return [
      {
        assignment,
        ...(field === null ? {} : { fieldStrengthDbuVM: field }),
        ...(erp === null ? {} : { erpKw: erp }),
      },
    ];
  });
  if (antennaGainDbi === null || cableLossDb === null || stations.length === 0) return null;
  return { measurement: measurement.id, antennaGainDbi, cableLossDb, stations };
}

/** What the next version takes over from the one before where this measurement says nothing of it. */
export function calibrationBody(
  draft: CalibrationDraft,
  measurement: CalibrationMeasurement,
  level: LevelProposal | null,
  before: Calibration | null,
  nowMs: number,
): CalibrationBody | null {
  const { frequencyPpm, sightings, seconds } = measurement;
  const newPpm = draft.applyFrequency ? (frequencyPpm?.value ?? null) : null;
  const newPoints = draft.applyLevel ? (level?.points ?? null) : null;
  if (newPpm === null && newPoints === null) return null;
  const ppm = newPpm ?? before?.frequencyCorrectionPpm ?? null;
  const months = numberOf(draft.months, 1, 120);
  const stations = sightings.map(({ assignment }) => assignment).join(', ');
  const parts = [
    `broadcasters ${stations}, ${seconds} s`,
    ...(newPpm === null ? [] : [`frequency ${newPpm.toFixed(3)} ppm ${spread(frequencyPpm!.uncertainty)}`]),
    ...(newPoints === null
      ? []
      : [
          `level ${level!.offsetDb.value.toFixed(2)} dB ${spread(level!.offsetDb.uncertainty)}`,
          level!.upperBound ? 'upper bound from e.r.p. over free space' : 'from measured field strength',
        ]),
  ];
  return {
    points: newPoints ?? before?.points ?? [],
    ...(ppm === null ? {} : { frequencyCorrectionPpm: ppm }),
    ...(months === null ? {} : { validUntilMs: Math.round(nowMs + months * MONTH_MS) }),
    method: parts.join('; '),
  };
}

function spread(uncertainty: number | null): string {
  return uncertainty === null ? 'by one reference' : `± ${uncertainty.toFixed(3)}`;
}

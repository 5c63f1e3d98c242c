import { Type } from 'typebox';
import { BEARING_SOURCES, type Bearing } from '../../core/bearing.ts';
import type {
  Calibration,
  CalibrationPoint,
  CalibrationSighting,
  LevelProposal,
  RobustEstimate,
} from '../../core/calibration.ts';
import { type CoverageSummary, GAP_CAUSES } from '../../core/coverage.ts';
import type { CalibrationMeasurement } from '../../core/ports.ts';
import { CLOCK_SOURCES } from '../../core/records.ts';
import { flag, maybeNumber, maybeObject, number, oneOf, recordSchema, text } from './common.ts';
import { UnitSchema } from './records.ts';

export const CoverageSchema = recordSchema<CoverageSummary>(
  {
    receiver: text,
    fromHz: number,
    toHz: number,
    fromMs: number,
    toMs: number,
    observedPct: Type.Number({
      description: 'Share of the period without a gap, of the part of the band observed worst.',
    }),
    bandPct: Type.Number({ description: 'Share of the band that was observed at all.' }),
    longestGapSeconds: number,
    revisitSeconds: maybeObject({ median: number, max: number }),
    missedBelowSeconds: Type.Number({ description: 'A shorter transmission could have been missed; 0: none.' }),
    interceptPct: maybeNumber,
    gaps: Type.Array(Type.Object({ fromMs: number, toMs: number, cause: oneOf(GAP_CAUSES) })),
    gapCount: number,
    clock: Type.Object({ source: oneOf(CLOCK_SOURCES), uncertaintySeconds: maybeNumber }),
    sentence: Type.Object({ en: text, zh: text }),
  },
  'Coverage',
);

export const CalibrationPointSchema = recordSchema<CalibrationPoint>(
  {
    frequencyHz: number,
    gainDb: maybeNumber,
    levelOffsetDb: maybeNumber,
    antennaFactorDbPerM: maybeNumber,
    cableLossDb: maybeNumber,
  },
  'CalibrationPoint',
);

export const CalibrationSchema = recordSchema<Calibration>(
  {
    id: text,
    receiver: text,
    version: number,
    frequencyCorrectionPpm: maybeNumber,
    points: Type.Array(CalibrationPointSchema),
    calibratedMs: number,
    validUntilMs: maybeNumber,
    by: text,
    method: text,
  },
  'Calibration',
);

const SightingSchema = recordSchema<CalibrationSighting>(
  {
    assignment: text,
    station: text,
    licensedHz: number,
    measuredHz: number,
    deviationHz: number,
    correctionPpm: number,
    level: number,
    unit: UnitSchema,
    snrDb: number,
    gainDb: maybeNumber,
    distanceKm: maybeNumber,
    freeSpaceDbuVM: maybeNumber,
  },
  'CalibrationSighting',
);

const ESTIMATE = { value: number, uncertainty: maybeNumber, residuals: Type.Array(number) };
const EstimateSchema = recordSchema<RobustEstimate>(ESTIMATE, 'RobustEstimate');

export const MeasurementSchema = recordSchema<CalibrationMeasurement>(
  {
    id: text,
    receiver: text,
    fromMs: number,
    seconds: number,
    sightings: Type.Array(SightingSchema),
    frequencyPpm: maybeObject(ESTIMATE),
  },
  'CalibrationMeasurement',
);

export const LevelProposalSchema = recordSchema<LevelProposal>(
  {
    offsetDb: EstimateSchema,
    upperBound: flag,
    stations: Type.Array(
      Type.Object({
        assignment: text,
        expectedDbm: number,
        residualDb: number,
        from: oneOf(['measured', 'free-space']),
      }),
    ),
    points: Type.Array(CalibrationPointSchema),
  },
  'LevelProposal',
);

export const BearingSchema = recordSchema<Bearing>(
  {
    id: text,
    receiver: text,
    timeMs: number,
    frequencyHz: number,
    lat: number,
    lon: number,
    bearingDegrees: number,
    uncertaintyDegrees: maybeNumber,
    quality: maybeNumber,
    levelDb: maybeNumber,
    source: oneOf(BEARING_SOURCES),
    by: text,
    receivedMs: number,
  },
  'Bearing',
);

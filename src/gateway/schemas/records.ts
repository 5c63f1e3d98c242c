import { Type } from 'typebox';
import { CALIBRATION_FLAGS } from '../../core/calibration.ts';
import { ARTEFACTS, EMISSION_KINDS, VERDICTS } from '../../core/emission.ts';
import {
  type Account,
  ALERT_STATES,
  type Alert,
  type ApiToken,
  type Assignment,
  type AuditEntry,
  CLOCK_SOURCES,
  type EmissionRecord,
  RECEIVER_STATES,
  type ReceiverInfo,
  type ReceiverStatus,
  ROLES,
  SEVERITIES,
} from '../../core/records.ts';
import { WINDOWS } from '../../core/spectrum.ts';
import { flag, maybeNumber, maybeObject, maybeText, number, oneOf, recordSchema, text, texts } from './common.ts';
import { MeasurementSchema } from './measurement.ts';

const UNITS = ['dBm', 'dBFS', 'dB', 'dBuV/m'] as const;
export const UnitSchema = oneOf(UNITS);
export const RoleSchema = oneOf(ROLES);
export const VerdictSchema = oneOf(VERDICTS);
export const AlertStateSchema = oneOf(ALERT_STATES);

const InfoSchema = recordSchema<ReceiverInfo>(
  {
    model: maybeText,
    serial: maybeText,
    location: maybeObject({ lat: number, lon: number, altitudeM: maybeNumber }),
    antenna: maybeText,
    calibrationOffsetDb: maybeNumber,
    spursHz: Type.Array(number),
    ranges: Type.Array(Type.Object({ lowHz: number, highHz: number })),
    clock: Type.Optional(
      maybeObject({
        source: oneOf(CLOCK_SOURCES),
        offsetSeconds: maybeNumber,
        uncertaintySeconds: maybeNumber,
        sampleClockPpm: maybeNumber,
      }),
    ),
    health: Type.Optional(
      maybeObject({
        trouble: maybeText,
        temperatureC: maybeNumber,
        samplesLost: number,
        packetsLost: number,
        bufferedSeconds: number,
        restarts: number,
        uptimeSeconds: number,
      }),
    ),
    features: Type.Optional(texts),
  },
  'ReceiverInfo',
);

export const ReceiverSchema = recordSchema<ReceiverStatus>(
  {
    id: text,
    name: text,
    approved: flag,
    refused: Type.Optional(flag),
    configured: Type.Optional(Type.Object({ name: flag })),
    state: oneOf(RECEIVER_STATES),
    stateDetail: maybeText,
    info: InfoSchema,
    lowHz: maybeNumber,
    highHz: maybeNumber,
    sampleRateHz: maybeNumber,
    rbwHz: maybeNumber,
    unit: maybeText,
    noiseFloor: maybeNumber,
    lastFrameMs: maybeNumber,
    frames: number,
    samples: number,
    blocksDropped: number,
    packetsLost: number,
    packetsRejected: number,
    clippedPct: number,
  },
  'Receiver',
);

export const AssignmentSchema = recordSchema<Assignment>(
  {
    id: text,
    kind: oneOf(['assignment', 'exempt']),
    licensee: text,
    station: text,
    callSign: text,
    service: text,
    centerHz: number,
    bandwidthHz: number,
    lat: maybeNumber,
    lon: maybeNumber,
    radiusKm: maybeNumber,
    validFromMs: maybeNumber,
    validUntilMs: maybeNumber,
    designator: text,
    conditions: text,
  },
  'Assignment',
);

const MethodSchema = maybeObject({
  window: oneOf(WINDOWS),
  transformBins: number,
  overlap: number,
  enbwBins: number,
  averages: number,
});

const CalibrationUseSchema = maybeObject({
  id: maybeText,
  levelOffsetDb: maybeNumber,
  frequencyCorrectionPpm: maybeNumber,
  flags: Type.Array(oneOf(CALIBRATION_FLAGS)),
});

export const EmissionSchema = recordSchema<EmissionRecord>(
  {
    id: text,
    receiver: text,
    firstSeenMs: number,
    lastSeenMs: number,
    activeSeconds: number,
    bursts: number,
    onAir: flag,
    centerHz: number,
    peakHz: number,
    lowHz: number,
    highHz: number,
    occupiedBandwidthHz: maybeNumber,
    snrDb: number,
    level: number,
    unit: UnitSchema,
    kind: oneOf(EMISSION_KINDS),
    artefact: Type.Unsafe({ type: ['string', 'null'], description: `One of ${ARTEFACTS.join(', ')}, or null.` }),
    method: MethodSchema,
    rbwHz: number,
    verdict: VerdictSchema,
    assignment: maybeText,
    reasons: texts,
    calibration: Type.Optional(CalibrationUseSchema),
    measurement: Type.Optional(MeasurementSchema),
  },
  'Emission',
);

export const AlertSchema = recordSchema<Alert>(
  {
    id: text,
    revision: number,
    state: AlertStateSchema,
    severity: oneOf(SEVERITIES),
    verdict: VerdictSchema,
    rule: text,
    raisedMs: number,
    updatedMs: number,
    evidenceMs: number,
    firstSeenMs: number,
    lastSeenMs: number,
    onAir: flag,
    centerHz: number,
    bandwidthHz: number,
    level: number,
    unit: UnitSchema,
    snrDb: number,
    service: text,
    receivers: texts,
    emissions: texts,
    assignment: maybeText,
    reasons: texts,
    acknowledgedBy: maybeText,
    acknowledgedMs: maybeNumber,
    notes: Type.Array(Type.Object({ timeMs: number, by: text, text })),
  },
  'Alert',
);

/** An account without its password's hash. */
export const AccountSchema = recordSchema<Omit<Account, 'passwordHash'>>(
  { id: text, name: text, role: RoleSchema, createdMs: number, disabled: flag },
  'Account',
);

/** A token without its secret's hash. */
export const TokenSchema = recordSchema<Omit<ApiToken, 'tokenHash' | 'accountId'>>(
  { id: text, label: text, createdMs: number, expiresMs: maybeNumber, lastUsedMs: maybeNumber },
  'Token',
);

export const AuditSchema = recordSchema<AuditEntry>(
  { id: number, timeMs: number, by: text, action: text, subject: text, detail: text },
  'AuditEntry',
);

import { Type } from 'typebox';
import type { EmissionMeasurement } from '../../core/measurement.ts';
import { MODULATIONS } from '../../core/measurement.ts';
import { maybeNumber, maybeObject, maybeText, number, oneOf } from './common.ts';

const MethodSchema = Type.Object({
  durationSeconds: number,
  onAirSeconds: number,
  channelRateHz: number,
  channelBandwidthHz: number,
  rbwHz: number,
  averages: number,
});

const FIELDS = {
  timeMs: number,
  method: MethodSchema,
  centerHz: number,
  centerUncertaintyHz: number,
  frequencyOffsetHz: maybeNumber,
  occupiedBandwidthHz: maybeNumber,
  occupiedBandwidthUncertaintyHz: maybeNumber,
  xDb: number,
  xDbBandwidthHz: maybeNumber,
  xDbBandwidthUncertaintyHz: maybeNumber,
  level: number,
  unit: oneOf(['dBm', 'dBFS', 'dB', 'dBuV/m']),
  levelUncertaintyDb: number,
  fieldStrengthDbuVM: maybeNumber,
  snrDb: number,
  modulation: oneOf(MODULATIONS),
  confidence: number,
  designator: maybeText,
  deviationHz: maybeNumber,
  deviationUncertaintyHz: maybeNumber,
  deviationRmsHz: maybeNumber,
  multiplexPowerDbr: maybeNumber,
  amDepthPositivePct: maybeNumber,
  amDepthNegativePct: maybeNumber,
  amDepthUncertaintyPct: maybeNumber,
  symbolRateHz: maybeNumber,
  symbolRateUncertaintyHz: maybeNumber,
  dutyPct: number,
  rds: maybeObject({ pi: number, name: maybeText, blocks: number, goodBlocks: number }),
} satisfies Record<keyof EmissionMeasurement, unknown>;

/** Null before the first measurement; its uncertainties are expanded, k = 2. */
export const MeasurementSchema = maybeObject(FIELDS);

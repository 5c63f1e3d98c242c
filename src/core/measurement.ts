import type { LevelUnit } from './units.ts';

/**
 * Coarse class of modulation. `keyed` is a carrier switched on and off (A1A, A1B, A1D), `chirp` one swept linearly;
 * `unknown` where the signal is too weak or fits none.
 */
export const MODULATIONS = [
  'unmodulated',
  'am',
  'nfm',
  'wfm',
  'ssb',
  'fsk',
  'psk',
  'ofdm',
  'keyed',
  'chirp',
  'pulsed',
  'noise',
  'unknown',
] as const;
export type Modulation = (typeof MODULATIONS)[number];

/** How a measurement was made; kept with it. */
export interface MeasurementMethod {
  /** IQ looked at, and the part of it on the air, seconds. */
  readonly durationSeconds: number;
  readonly onAirSeconds: number;
  /** Rate and flat bandwidth of the channel that it was measured in. */
  readonly channelRateHz: number;
  readonly channelBandwidthHz: number;
  /** Of the spectrum for bandwidths and level: Hann window, half overlapped. */
  readonly rbwHz: number;
  readonly averages: number;
}

/**
 * One measurement of an emission from its IQ. What means nothing for it, or could not be measured, is null.
 * `…Uncertainty…` is expanded (k = 2, about 95 %) and statistical: those of the receiver's clock and of the calibration
 * that the record names come on top.
 */
export interface EmissionMeasurement {
  readonly timeMs: number;
  readonly method: MeasurementMethod;
  readonly centerHz: number;
  readonly centerUncertaintyHz: number;
  /** From the centre of the assignment that explains it. */
  readonly frequencyOffsetHz: number | null;
  /** 99 % of the power, ITU-R SM.443 β/2. */
  readonly occupiedBandwidthHz: number | null;
  readonly occupiedBandwidthUncertaintyHz: number | null;
  /** Between the outermost points `xDb` below the strongest (ITU-R SM.443). */
  readonly xDb: number;
  readonly xDbBandwidthHz: number | null;
  readonly xDbBandwidthUncertaintyHz: number | null;
  readonly level: number;
  readonly unit: LevelUnit;
  readonly levelUncertaintyDb: number;
  /** At the antenna (ITU-R SM.378); null without an antenna factor. */
  readonly fieldStrengthDbuVM: number | null;
  readonly snrDb: number;
  readonly modulation: Modulation;
  /** 0–1. */
  readonly confidence: number;
  /** ITU emission designator from the class and the measured bandwidth (RR Appendix 1). */
  readonly designator: string | null;
  /** Peak (exceeded in 0.1 % of the time) and rms deviation of the instantaneous frequency (ITU-R SM.1268). */
  readonly deviationHz: number | null;
  readonly deviationUncertaintyHz: number | null;
  readonly deviationRmsHz: number | null;
  /** Power of the multiplex against a sine of ±19 kHz deviation, dBr; over this stretch, not over 60 s. */
  readonly multiplexPowerDbr: number | null;
  readonly amDepthPositivePct: number | null;
  readonly amDepthNegativePct: number | null;
  readonly amDepthUncertaintyPct: number | null;
  readonly symbolRateHz: number | null;
  readonly symbolRateUncertaintyHz: number | null;
  /** Share of the stretch on the air. */
  readonly dutyPct: number;
  readonly rds: RdsReading | null;
}

/** Who a broadcaster says that it is (IEC 62106). */
export interface RdsReading {
  /** Programme identification, 16 bits. */
  readonly pi: number;
  /** Programme service name, 8 characters; what has not been received yet is `_`. null: none of it. */
  readonly name: string | null;
  /** Blocks received right, of those that came since the first. */
  readonly blocks: number;
  readonly goodBlocks: number;
}

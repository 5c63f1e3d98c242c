import type { LevelUnit } from './units.ts';

/**
 * One row of a calibration table. Null: not said at this frequency.
 * `levelOffsetDb`: level at the receiver's input, dBm, less what the receiver reads (dBFS, dB or its own dBm).
 */
export interface CalibrationPoint {
  readonly frequencyHz: number;
  /** Front-end gain that the row was measured at; null: it holds at any. */
  readonly gainDb: number | null;
  readonly levelOffsetDb: number | null;
  /** Field strength over the voltage at the antenna's terminals, dB/m. */
  readonly antennaFactorDbPerM: number | null;
  /** From the antenna's terminals to the receiver's input. */
  readonly cableLossDb: number | null;
}

/** A version of a receiver's calibration. It is never changed: a later version takes its place. */
export interface Calibration {
  /** `<receiver>/<version>`. */
  readonly id: string;
  readonly receiver: string;
  /** 1, 2, 3 … */
  readonly version: number;
  /** True frequency = shown frequency · (1 + this·10⁻⁶); null where it was not measured. */
  readonly frequencyCorrectionPpm: number | null;
  readonly points: readonly CalibrationPoint[];
  readonly calibratedMs: number;
  /** Beyond it the calibration still applies and says that it has expired; null: without end. */
  readonly validUntilMs: number | null;
  readonly by: string;
  /** How it was done: instruments, stations, uncertainty. */
  readonly method: string;
}

export const CALIBRATION_FLAGS = ['expired', 'extrapolated', 'gain-assumed', 'gain-extrapolated'] as const;
export type CalibrationFlag = (typeof CALIBRATION_FLAGS)[number];

/** What a measurement was corrected by; kept with it. */
export interface CalibrationUse {
  /** Of the office's calibration; null where the receiver's own word (`info.calibrationOffsetDb`) was taken. */
  readonly id: string | null;
  /** Added to the level; null where the level is as the receiver reads it. */
  readonly levelOffsetDb: number | null;
  /** Null where frequencies are as the receiver reads them. */
  readonly frequencyCorrectionPpm: number | null;
  readonly flags: readonly CalibrationFlag[];
}

/** A licensed station as a receiver hears it, for the wizard. */
export interface CalibrationSighting {
  readonly assignment: string;
  readonly station: string;
  readonly licensedHz: number;
  /** Middle of the station's carrier on the receiver's own, uncorrected scale. */
  readonly measuredHz: number;
  /** One standard deviation of it, from how it varied over the measurement. */
  readonly deviationHz: number;
  /** (licensedHz/measuredHz − 1)·10⁶: the correction that this station alone would ask for. */
  readonly correctionPpm: number;
  /** Mean level as the receiver reads it, without any calibration, in `unit`. */
  readonly level: number;
  readonly unit: LevelUnit;
  readonly snrDb: number;
  readonly gainDb: number | null;
  readonly distanceKm: number | null;
  /** Field strength of 1 kW e.r.p. at that distance over free space (ITU-R P.525): more than this does not arrive. */
  readonly freeSpaceDbuVM: number | null;
}

export interface RobustEstimate {
  readonly value: number;
  /** One standard deviation of `value`; null where a single input, of which nobody says how good it is, tells nothing. */
  readonly uncertainty: number | null;
  /** Of each input, in its order. */
  readonly residuals: readonly number[];
}

/** What an officer knows of a station's level; of the two the field strength counts. */
export interface StationReference {
  readonly assignment: string;
  /** Measured at the antenna by another instrument. */
  readonly fieldStrengthDbuVM: number | null;
  readonly erpKw: number | null;
}

export interface LevelReferences {
  readonly antennaGainDbi: number;
  readonly cableLossDb: number;
  readonly stations: readonly StationReference[];
}

export interface LevelProposal {
  /** Added to what the receiver reads. */
  readonly offsetDb: RobustEstimate;
  /** No field strength was measured: from e.r.p. over free space, more than this is not possible. */
  readonly upperBound: boolean;
  readonly stations: readonly {
    readonly assignment: string;
    readonly expectedDbm: number;
    readonly residualDb: number;
    readonly from: 'measured' | 'free-space';
  }[];
  readonly points: readonly CalibrationPoint[];
}

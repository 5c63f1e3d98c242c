import type { EstimationMethod } from './spectrum.ts';
import type { LevelUnit } from './units.ts';

/** Chance that noise alone crosses the threshold, a bin and look and all statistics together, where nobody says other. */
export const DEFAULT_FALSE_ALARM_PROBABILITY = 1e-7;

export const EMISSION_KINDS = ['continuous', 'intermittent', 'burst', 'hopping', 'noise'] as const;
export type EmissionKind = (typeof EMISSION_KINDS)[number];

export const VERDICTS = [
  'assigned',
  'exempt',
  'outside-terms',
  'unassigned',
  'data-error',
  'artefact',
  'undetermined',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What in the receiver itself makes an emission that nobody sends; `sideband`: a part of another emission. */
export const ARTEFACTS = ['dc-spike', 'image', 'spur', 'overload', 'intermodulation', 'clock', 'sideband'] as const;
export type Artefact = (typeof ARTEFACTS)[number];

/** A stretch of bins that stands out of the noise in one look. Bins are inclusive. */
export interface Detection {
  readonly lowBin: number;
  readonly highBin: number;
  readonly peakBin: number;
  /** Linear mean power of the strongest bin, and its ratio to the noise floor there. */
  readonly peakPower: number;
  readonly peakRatio: number;
  /** Which statistic found it. */
  readonly by: 'mean' | 'max';
}

/** A transmission tracked over time. Times are seconds since the first sample of the stream. */
export interface Emission {
  /** 1, 2, 3 … in order of appearance; unique within the stream. */
  readonly id: number;
  readonly startSeconds: number;
  /** Last activity so far. */
  readonly stopSeconds: number;
  /** Time on the air, and number of separate transmissions. */
  readonly activeSeconds: number;
  readonly bursts: number;
  /** It was on the air at the end of the last look. */
  readonly onAir: boolean;
  /** Middle of the occupied band, strongest bin, and the band's edges, Hz. */
  readonly centerHz: number;
  readonly peakHz: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** 99 % power by the β/2 method (ITU-R SM.443); null where it would mean nothing. */
  readonly occupiedBandwidthHz: number | null;
  /** Mean power on the air in the occupied band against the noise in it, dB. */
  readonly snrDb: number;
  /** Mean power on the air in the occupied band, in `unit`. */
  readonly level: number;
  readonly unit: LevelUnit;
  readonly kind: EmissionKind;
  readonly artefact: Artefact | null;
  readonly method: EstimationMethod | null;
  readonly rbwHz: number;
}

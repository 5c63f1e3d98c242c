import type { LevelUnit } from './units.ts';

export const WINDOWS = ['rectangular', 'hann', 'blackman-harris', 'flat-top', 'kaiser'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** What does the transforms: `auto` is the vector kernel where it can run, else fft.js. */
export const ESTIMATION_BACKENDS = ['auto', 'kernel', 'fft.js'] as const;
export type EstimationBackend = (typeof ESTIMATION_BACKENDS)[number];

/** How a spectrum was estimated: kept with every measurement that follows from it. */
export interface EstimationMethod {
  readonly window: WindowName;
  /** Transform length N, bins. */
  readonly transformBins: number;
  /** Share of a segment that the next one repeats, 0–0.75. */
  readonly overlap: number;
  /** Equivalent noise bandwidth of the window, bins: N·Σw²/(Σw)². */
  readonly enbwBins: number;
  /** Periodograms averaged into one row. */
  readonly averages: number;
}

/**
 * A look: consecutive averaged spectra (rows) of one tuning, the unit that detection works on.
 * An IQ block gives one with several rows; a sweep gives one with a single row.
 * Powers are linear: a full-scale tone reads 1.0 (0 dBFS), a sweep's level L reads 10^(L/10).
 */
export interface PowerSpectrum {
  readonly receiver: string;
  readonly sequence: number;
  /** Start of row 0, ns since 1970-01-01T00:00:00Z; counts from 0n where unknown. */
  readonly timeNs: bigint;
  /** Frequency of bin 0, Hz; bin k lies at startHz + k·stepHz. */
  readonly startHz: number;
  readonly stepHz: number;
  readonly bins: number;
  /** Noise bandwidth of a bin, Hz (stepHz·enbwBins for a transform). */
  readonly rbwHz: number;
  readonly rows: number;
  /** Time from the start of one row to the start of the next. */
  readonly rowSeconds: number;
  /** rows × bins, row-major: the mean power of each row. */
  readonly mean: Float32Array;
  /** bins: the mean of the rows, where it was made with them. */
  readonly average?: Float32Array;
  /** bins: the largest single periodogram in the look; null for sweeps. */
  readonly max: Float32Array | null;
  readonly unit: LevelUnit;
  /** null for a sweep, whose averaging is not known. */
  readonly method: EstimationMethod | null;
  /** The receiver's centre (where a DC spike would lie), Hz; null for sweeps. */
  readonly centerHz: number | null;
  /** Samples that read full scale, and samples in the look; 0 for sweeps. */
  readonly clipped: number;
  readonly samples: number;
  /** Samples were lost between the look before and this one: averaging and edges do not cross it. */
  readonly lostBefore: boolean;
  /** Front-end gain, dB; null or left out where unknown. */
  readonly gainDb?: number | null;
  /** The front end reported overload; left out where it did not. */
  readonly overload?: boolean;
}

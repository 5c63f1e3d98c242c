import type { IqBlock, SampleFormat, Sweep } from '../../core/frames.ts';
import type { LevelUnit } from '../../core/units.ts';

/** What `--format` takes; `auto` decides by content first and the name second. */
export const RECORDING_FORMATS = [
  'auto',
  'cu8',
  'cs8',
  'cs16',
  'cf32',
  'sigmf',
  'wav',
  'rtl_power',
  'rtl_power_fftw',
  'soapy_power',
  'hackrf_sweep',
  'rfe',
  'radiohound',
  'sm1809',
] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];
export type FileFormat = Exclude<RecordingFormat, 'auto'>;

export interface RecordingOptions {
  readonly format: RecordingFormat;
  /** Override what the file or its name says. */
  readonly centerHz?: number | null;
  readonly rateHz?: number | null;
  /** IANA zone of times written without one, such as rtl_power's: `UTC`, `Asia/Shanghai`. */
  readonly timezone: string;
  /** Receiver id of the frames; `file` unless given. */
  readonly receiver?: string;
  /** Called while a sweep log is looked through, which happens when it is opened. */
  readonly onProgress?: (bytesRead: number, bytesTotal: number) => void;
}

/** IQ samples of one tuning. Iterate the captures of a recording one after another, each as often as wanted. */
export interface IqCapture {
  readonly kind: 'iq';
  /** Format of the blocks' samples. */
  readonly format: SampleFormat;
  /** What the file calls its samples: `cu8`, `ci16_be`, `pcm24` … */
  readonly datatype: string;
  /** Hz; null where neither the file, its name nor an option says: blocks then carry 0. */
  readonly centerHz: number | null;
  readonly sampleRateHz: number;
  readonly pairs: number;
  readonly durationSeconds: number;
  /** ISO 8601 UTC, of the first sample; null where unknown: the times of blocks then count from 0n. */
  readonly startTime: string | null;
  /** Blocks of `pairsPerBlock` pairs, the last one shorter. Memory stays a few blocks, whatever the file's size. */
  blocks(pairsPerBlock: number): AsyncIterable<IqBlock>;
}

/** All sweeps of one span and step. */
export interface SweepCapture {
  readonly kind: 'sweep';
  readonly count: number;
  readonly points: number;
  /** Frequencies of the first and the last point, and the distance of two, Hz. */
  readonly startHz: number;
  readonly stopHz: number;
  readonly stepHz: number;
  /** The point whose mean power over all sweeps is greatest, and the highest level there. */
  readonly peakHz: number;
  readonly peakLevel: number;
  readonly unit: LevelUnit;
  /** ISO 8601 UTC, of the first sweep; null where the log has no times. */
  readonly startTime: string | null;
  /** From the first sweep's time to the end of the last one. */
  readonly durationSeconds: number;
  sweeps(): AsyncIterable<Sweep>;
}

export type Capture = IqCapture | SweepCapture;

export interface Recording {
  /** The path as given. */
  readonly file: string;
  readonly format: FileFormat;
  readonly captures: readonly Capture[];
  /** Size of what `blocks`/`sweeps` read, and how much of it has been read by the present iteration: for a progress bar. */
  readonly bytesTotal: number;
  readonly bytesRead: number;
  /** Bytes (IQ, binary logs) or lines (text) that were damaged or missing; final once the captures have been read. */
  readonly rejected: number;
  /** Levels of a sweep log that were no finite number and were taken from their neighbours; 0 for IQ. */
  readonly filledLevels: number;
  /** One line for standard error that names the file and what was wrong; null where nothing was. */
  readonly complaint: string | null;
  close(): Promise<void>;
}

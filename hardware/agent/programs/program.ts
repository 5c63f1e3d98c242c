import type { SampleFormat } from '../../../src/core/frames.ts';
import type { SweepReader } from '../../../src/formats/sweep-reader.ts';
import type { IqTuning, SpanTuning } from '../tuner.ts';

/** What a line on a program's standard error says of its device. */
export interface ErrorNote {
  /** Samples were lost: how many, where it says; 0 where it does not. */
  readonly lostPairs?: number;
  /** The device is gone, whatever the program does next. */
  readonly gone?: string;
}

interface Program {
  readonly command: string;
  /** Standard output silent for this long is a device that hangs; a start may take longer. */
  readonly silenceSeconds: number;
  readonly startSeconds: number;
  hears(line: string): ErrorNote | null;
}

/** A program that writes samples. */
export interface IqProgram extends Program {
  readonly kind: 'iq';
  readonly format: SampleFormat;
  args(tuning: IqTuning): string[];
  /** The gain that it really sets; null where it is automatic. */
  gainDb(tuning: IqTuning): number | null;
}

/** A program that writes sweeps. */
export interface SweepProgram extends Program {
  readonly kind: 'sweep';
  args(tuning: SpanTuning): string[];
  reader(receiver: string): SweepReader;
}

export type SdrProgram = IqProgram | SweepProgram;

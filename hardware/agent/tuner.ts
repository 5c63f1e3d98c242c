import type { Frame, Reject } from '../../src/core/frames.ts';

export interface IqTuning {
  readonly kind: 'iq';
  readonly centerHz: number;
  readonly sampleRateHz: number;
  /** null: automatic. */
  readonly gainDb: number | null;
}

export interface SpanTuning {
  readonly kind: 'sweep';
  readonly startHz: number;
  readonly stopHz: number;
  readonly rbwHz: number;
}

export type Tuning = IqTuning | SpanTuning;

/** What a tuner tells, in the order in which it came; none of these may throw. */
export interface TunerSink {
  /** Its sequence number is given later. */
  frame(frame: Frame): void;
  /** The first data of the tuning that was asked for last is there. */
  tuned(): void;
  state(state: 'online' | 'offline', reason: string | null): void;
  rejected(reject: Reject, count: number): void;
}

/** What a tuner has seen since it was made. */
export interface TunerHealth {
  readonly samplesLost: number;
  readonly restarts: number;
  readonly clockSteps: number;
  readonly sampleClockPpm: number | null;
}

/** A front end that can be tuned: a program that is started, or a server that is connected to. */
export interface Tuner {
  readonly health: TunerHealth;
  /** The clock of this computer takes its time from GNSS. */
  gnssTime: boolean;
  /** Takes effect at once where the device is there, else when it comes back. */
  tune(tuning: Tuning, sink: TunerSink): Promise<void>;
  /** Nothing is received until it is tuned again. Resolves when no program of it runs any more. */
  rest(): Promise<void>;
}

import type { LevelUnit } from './units.ts';

/** Interleaved complex sample formats, little-endian. Bytes a pair: 2, 2, 4, 8. */
export const SAMPLE_FORMATS = ['cu8', 'cs8', 'cs16', 'cf32'] as const;
export type SampleFormat = (typeof SAMPLE_FORMATS)[number];

export const BYTES_PER_PAIR: Readonly<Record<SampleFormat, number>> = { cu8: 2, cs8: 2, cs16: 4, cf32: 8 };

/** A run of consecutive IQ samples of one tuning. */
export interface IqBlock {
  readonly kind: 'iq';
  readonly receiver: string;
  /** One more each block, wraps at 2^32. */
  readonly sequence: number;
  /** Time of the first sample, ns since 1970-01-01T00:00:00Z; counts from 0n where a recording does not say. */
  readonly timeNs: bigint;
  /** Frequency of the receiver's centre, Hz; 0 where it is unknown. */
  readonly centerHz: number;
  readonly sampleRateHz: number;
  readonly format: SampleFormat;
  /** `pairs` × BYTES_PER_PAIR[format] bytes. The receiver of the block owns it: nobody writes to it again. */
  readonly samples: Uint8Array;
  readonly pairs: number;
  /** Front-end gain, dB; null where unknown. */
  readonly gainDb: number | null;
  /** The time is from GNSS. */
  readonly gnssTime: boolean;
  /** Samples were lost between the block before and this one. */
  readonly lostBefore: boolean;
  /** The front end reported overload. */
  readonly overload: boolean;
}

/** One pass over a span that a receiver measured by itself, already as levels. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly receiver: string;
  readonly sequence: number | null;
  /** Start of the sweep, ns since 1970-01-01T00:00:00Z. */
  readonly timeNs: bigint;
  readonly durationSeconds: number | null;
  /** Frequency of powers[0], Hz: point i lies at startHz + i·stepHz. */
  readonly startHz: number;
  readonly stepHz: number;
  /** Resolution bandwidth, Hz; null where unknown (then stepHz is the best guess). */
  readonly rbwHz: number | null;
  readonly unit: LevelUnit;
  /** Levels in `unit`, one a point; finite (a missing level is the lowest of its neighbours). */
  readonly powers: Float32Array;
  readonly gainDb: number | null;
  readonly flags: readonly string[];
}

export type Frame = IqBlock | Sweep;

/** Why bytes from outside were not taken. Counted a reason; `bandwarden_packets_rejected_total{reason}`. */
export const REJECT_REASONS = [
  'magic',
  'version',
  'format',
  'length',
  'crc',
  'size',
  'syntax',
  'schema',
  'value',
  'topic',
  'not-approved',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Reject {
  readonly reason: RejectReason;
  /** For a person: what was found and what was expected. */
  readonly detail: string;
}

/** What a parser gives back: never an exception for bytes from outside. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reject: Reject };

export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function rejected(reason: RejectReason, detail: string): { readonly ok: false; readonly reject: Reject } {
  return { ok: false, reject: { reason, detail } };
}

/** Limits that hold before anything is allocated from a declared length. */
export const LIMITS = {
  /** One MQTT payload or serial packet. */
  payloadBytes: 4 * 1024 * 1024,
  /** IQ pairs in one packet. */
  packetPairs: 2 ** 18,
  /** Points of one sweep, over all its rows. */
  sweepPoints: 2 ** 20,
  sampleRateHz: { min: 1_000, max: 1e9 },
  frequencyHz: { min: -1e12, max: 1e12 },
} as const;

/** A receiver's id: 1–64 of a-z 0-9 - _, and not a word the topics use. */
export function isReceiverId(text: string): boolean {
  return /^[a-z0-9_-]{1,64}$/.test(text) && text !== 'alerts' && text !== 'service';
}

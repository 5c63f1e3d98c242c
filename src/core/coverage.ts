import type { ClockSource } from './records.ts';

/**
 * Why a receiver did not observe a span. `lost`: samples or packets never came. `dropped`: the service was overloaded.
 * `overload`: the front end was, so that what it showed means little. `retuned`: it looked elsewhere.
 * `unrecorded`: the service itself did not run, or nothing is written of the time.
 */
export const GAP_CAUSES = [
  'offline',
  'silent',
  'not-approved',
  'lost',
  'dropped',
  'overload',
  'retuned',
  'unrecorded',
] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

export interface CoverageGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: GapCause;
}

/** Where the times of a receiver's samples come from. */
export interface ClockQuality {
  readonly source: ClockSource;
  readonly uncertaintySeconds: number | null;
}

/** Gaps beyond those that a row can list: the shortest ones. */
export interface MoreGaps {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

/** When a receiver observed a span, for at most about an hour: one row of the ledger. */
export interface CoverageRow {
  readonly receiver: string;
  readonly lowHz: number;
  readonly highHz: number;
  /** `iq`: without a break but for the gaps; `sweep`: each frequency for `dwellSeconds`, once a revisit. */
  readonly kind: 'iq' | 'sweep';
  /** The time that the row speaks of. */
  readonly fromMs: number;
  readonly toMs: number;
  /** In order, not touching. */
  readonly gaps: readonly CoverageGap[];
  readonly moreGaps: MoreGaps;
  /** Time on one frequency in one sweep; null for IQ. */
  readonly dwellSeconds: number | null;
  /** Times from the start of one visit to the start of the next: [bin, count] of RevisitTimes. */
  readonly revisits: readonly (readonly [bin: number, count: number])[];
  readonly longestRevisitSeconds: number | null;
  readonly clock: ClockQuality;
}

export interface CoverageQuery {
  readonly receiver: string;
  readonly fromHz: number;
  readonly toHz: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Also asks how likely a transmission of this length was caught. */
  readonly transmissionSeconds?: number | undefined;
}

/** How well a receiver observed a band over a period. Of a band that it observed in part the worst part counts. */
export interface CoverageSummary {
  readonly receiver: string;
  readonly fromHz: number;
  readonly toHz: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Share of the period without a gap; a sweep counts as observation throughout. */
  readonly observedPct: number;
  /** Share of the band that was observed at all in the period. */
  readonly bandPct: number;
  readonly longestGapSeconds: number;
  readonly revisitSeconds: { readonly median: number; readonly max: number } | null;
  /** A transmission shorter than this could have been missed; 0: none. */
  readonly missedBelowSeconds: number;
  /** Chance that a transmission of the length asked for, begun at any time of the period, was caught at least in part. */
  readonly interceptPct: number | null;
  /** The longest ones where there are too many. */
  readonly gaps: readonly CoverageGap[];
  /** All of them, those not listed among them. */
  readonly gapCount: number;
  readonly clock: ClockQuality;
  /** For people: "observed 99.2 % of the period; a transmission shorter than 40 ms could have been missed". */
  readonly sentence: { readonly en: string; readonly zh: string };
}

import type { Role } from './records.ts';

/** What a receiver is asked to look at: one tuning of an IQ receiver, or one span of a sweeping one. */
export type Tuning =
  | {
      readonly kind: 'tune';
      readonly centerHz: number;
      /** null: the receiver keeps the rate that it has. */
      readonly sampleRateHz: number | null;
      readonly gainDb: number | null;
    }
  | { readonly kind: 'scan'; readonly startHz: number; readonly stopHz: number; readonly rbwHz: number | null };

/** Limits of a plan; a priority is how many times as often as priority 1 a band is visited. */
export const PLAN_LIMITS = {
  bands: 64,
  steps: 512,
  priority: 9,
  dwellSeconds: { min: 0.1, max: 3600 },
  /** A round longer than this is a slip of the pen. */
  roundSeconds: 86_400,
} as const;

export interface PlanBand {
  readonly lowHz: number;
  readonly highHz: number;
  /** 1–9: a band of priority 3 is visited three times as often as one of priority 1. */
  readonly priority: number;
  /** null: that of the plan. */
  readonly dwellSeconds: number | null;
}

/** What a receiver looks at while nobody asks it for something else. */
export interface ScanPlan {
  readonly bands: readonly PlanBand[];
  /** Time at each step, once the receiver is tuned. */
  readonly dwellSeconds: number;
  readonly gainDb: number | null;
  /** IQ receivers: null is the rate that it has now. */
  readonly sampleRateHz: number | null;
  /** IQ receivers: the share of the sample rate in the flat middle of the anti-alias filter, 0.1–1. */
  readonly usableShare: number;
  /** Sweeping receivers: resolution bandwidth, null for its own choice; and the widest span of one step, null for any. */
  readonly rbwHz: number | null;
  readonly stepSpanHz: number | null;
}

/** One place of a plan: what it covers, and what the receiver is asked for. */
export interface PlanStep {
  /** Index of its band. */
  readonly band: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly dwellSeconds: number;
  readonly tuning: Tuning;
}

/** A plan with the steps that were worked out when it was saved. */
export interface PlannedScan extends ScanPlan {
  readonly steps: readonly PlanStep[];
}

export const PLAN_PROBLEMS = [
  'no-band',
  'band-order',
  'outside-range',
  'dwell-too-short',
  'too-many-steps',
  'round-too-long',
  'reach-unknown',
  'not-tunable',
] as const;
export type PlanProblemCode = (typeof PLAN_PROBLEMS)[number];

export interface PlanProblem {
  readonly code: PlanProblemCode;
  /** Index of the band that it is about; null: the whole plan. */
  readonly band: number | null;
  readonly limitHz: number | null;
  readonly limitSeconds: number | null;
  /** A sentence for a person. */
  readonly message: string;
}

export interface BandOutline {
  readonly steps: number;
  /** Mean time from one visit of a place to the next. */
  readonly revisitSeconds: number;
  /** The longest that a place is out of sight within a round. */
  readonly longestGapSeconds: number;
}

/** What a plan comes to, before anybody is asked for it. */
export interface PlanOutline {
  readonly steps: number;
  readonly visits: number;
  readonly roundSeconds: number;
  /** Time that this receiver takes to retune: measured, or assumed before its first retune. */
  readonly retuneSeconds: number;
  readonly retuneMeasured: boolean;
  readonly bands: readonly BandOutline[];
  readonly problem: PlanProblem | null;
}

/** An operator's own use of a receiver for a while. Not kept over a restart of the service: it gives back by itself. */
export interface ReceiverTask {
  readonly id: string;
  readonly tuning: Tuning;
  readonly by: string;
  readonly role: Role;
  readonly startedMs: number;
  /** null: until it is released. */
  readonly endsMs: number | null;
}

export interface TaskRequest {
  readonly tuning: Tuning;
  readonly seconds: number | null;
  readonly by: string;
  readonly role: Role;
  /** The task of somebody else that this one replaces; another that came meanwhile is a conflict. */
  readonly takeOver: string | null;
}

/** When a mission runs: from `start` to `stop` by the clock of `timeZone`, on the days on which it starts. */
export interface MissionSchedule {
  /** IANA name, such as Asia/Shanghai, or UTC. */
  readonly timeZone: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekdays: readonly number[];
  /** HH:MM. A stop at or before the start is that of the next day. */
  readonly start: string;
  readonly stop: string;
  /** YYYY-MM-DD, both included; they name the days on which it starts. */
  readonly fromDate: string | null;
  readonly untilDate: string | null;
}

export interface Mission {
  readonly id: string;
  readonly receiver: string;
  readonly name: string;
  readonly schedule: MissionSchedule;
  readonly plan: PlannedScan;
  readonly enabled: boolean;
  readonly changedBy: string;
  readonly changedMs: number;
}

export interface MissionStatus extends Mission {
  /** The run that is on, or else the next one; null where none is left. */
  readonly nextStartMs: number | null;
  readonly nextStopMs: number | null;
  readonly running: boolean;
}

/** What a service keeps of a receiver's tasking. */
export interface TaskingRecord {
  readonly receiver: string;
  readonly plan: PlannedScan | null;
  /** What it looked at before this service first asked it for something else. */
  readonly home: Tuning | null;
  readonly changedBy: string;
  readonly changedMs: number;
}

export const HOLDERS = ['none', 'plan', 'mission', 'task'] as const;
/** Who decides what a receiver looks at; later ones go before earlier ones. */
export type Holder = (typeof HOLDERS)[number];

/** `accepted`: by its word; `seen`: its frames have the new tuning. */
export const ORDER_STATES = ['idle', 'sent', 'accepted', 'seen', 'refused', 'unanswered', 'away'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Who commands a receiver now, and what became of the last command. */
export interface TaskingStatus {
  readonly receiver: string;
  /** It can be commanded at all, as far as is known. */
  readonly tunable: boolean;
  readonly reach: ReceiverReach | null;
  readonly holder: Holder;
  readonly plan: ScanPlan | null;
  readonly outline: PlanOutline | null;
  readonly task: ReceiverTask | null;
  readonly mission: { readonly id: string; readonly name: string; readonly stopMs: number } | null;
  /** The place of the plan or mission, from 1; null where the receiver steps by itself or nothing is stepped. */
  readonly step: {
    readonly number: number;
    readonly of: number;
    readonly lowHz: number;
    readonly highHz: number;
  } | null;
  readonly order: OrderState;
  readonly orderError: string | null;
  /** When a command that failed is tried again. */
  readonly retryMs: number | null;
}

/** How wide a receiver sees, by its last frame. */
export interface ReceiverReach {
  readonly kind: 'tune' | 'scan';
  readonly lowHz: number;
  readonly highHz: number;
  readonly sampleRateHz: number | null;
  readonly gainDb: number | null;
  readonly rbwHz: number | null;
  /** Length of a block, or of a sweep where the receiver says it. */
  readonly frameSeconds: number | null;
}

/** What is asked of a receiver, as the contract's commands have it. */
export type ReceiverOrder =
  | {
      readonly command: 'tune';
      readonly centerHz: number;
      readonly sampleRateHz: number | null;
      readonly gainDb: number | null;
    }
  | { readonly command: 'scan'; readonly startHz: number; readonly stopHz: number; readonly rbwHz: number | null }
  | { readonly command: 'plan'; readonly steps: readonly ReceiverPlanStep[] }
  | { readonly command: 'stop' };

/** A step that a receiver takes by itself, one after the other, again and again. */
export type ReceiverPlanStep =
  | {
      readonly centerHz: number;
      readonly sampleRateHz: number | null;
      readonly gainDb: number | null;
      readonly dwellSeconds: number;
    }
  | {
      readonly startHz: number;
      readonly stopHz: number;
      readonly rbwHz: number | null;
      readonly dwellSeconds: number;
    };

/** Steps that a receiver keeps; a longer round is stepped by the service. */
export const RECEIVER_PLAN_STEPS = 256;

export type OrderReply =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly error: string }
  | { readonly outcome: 'unanswered'; readonly error: string };

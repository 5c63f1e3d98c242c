import { Type } from 'typebox';
import { LIMITS } from '../../core/frames.ts';
import { ROLES } from '../../core/records.ts';
import {
  type BandOutline,
  HOLDERS,
  type Mission,
  type MissionSchedule,
  type MissionStatus,
  ORDER_STATES,
  PLAN_LIMITS,
  PLAN_PROBLEMS,
  type PlanBand,
  type PlanOutline,
  type ScanPlan,
  type TaskingStatus,
  type Tuning,
} from '../../core/tasking.ts';
import { FrequencyHz, flag, maybeNumber, maybeObject, maybeText, number, oneOf, recordSchema, text } from './common.ts';

const { bands, priority, dwellSeconds } = PLAN_LIMITS;

const Dwell = Type.Number({ minimum: dwellSeconds.min, maximum: dwellSeconds.max });

function maybe<T extends ReturnType<typeof Type.Number>>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

const MaybeRate = maybe(Type.Number({ minimum: LIMITS.sampleRateHz.min, maximum: LIMITS.sampleRateHz.max }));
const MaybeGain = maybe(Type.Number({ minimum: -200, maximum: 200 }));
const MaybeWidth = maybe(Type.Number({ exclusiveMinimum: 0, maximum: 1e12 }));

export const TuningSchema = Type.Unsafe<Tuning>(
  Type.Union([
    Type.Object(
      { kind: Type.Literal('tune'), centerHz: FrequencyHz, sampleRateHz: MaybeRate, gainDb: MaybeGain },
      { additionalProperties: false },
    ),
    Type.Object(
      { kind: Type.Literal('scan'), startHz: FrequencyHz, stopHz: FrequencyHz, rbwHz: MaybeWidth },
      { additionalProperties: false },
    ),
  ]),
);

const BandSchema = recordSchema<PlanBand>(
  {
    lowHz: FrequencyHz,
    highHz: FrequencyHz,
    priority: Type.Integer({ minimum: 1, maximum: priority }),
    dwellSeconds: maybe(Dwell),
  },
  'PlanBand',
);

export const PlanSchema = recordSchema<ScanPlan>(
  {
    bands: Type.Array(BandSchema, { maxItems: bands }),
    dwellSeconds: Dwell,
    gainDb: MaybeGain,
    sampleRateHz: MaybeRate,
    usableShare: Type.Number({ minimum: 0.1, maximum: 1 }),
    rbwHz: MaybeWidth,
    stepSpanHz: MaybeWidth,
  },
  'ScanPlan',
);

const problem = maybeObject({
  code: oneOf(PLAN_PROBLEMS),
  band: maybeNumber,
  limitHz: maybeNumber,
  limitSeconds: maybeNumber,
  message: text,
});

export const OutlineSchema = recordSchema<PlanOutline>(
  {
    steps: number,
    visits: number,
    roundSeconds: number,
    retuneSeconds: number,
    retuneMeasured: flag,
    bands: Type.Array(
      recordSchema<BandOutline>({ steps: number, revisitSeconds: number, longestGapSeconds: number }, 'BandOutline'),
    ),
    problem,
  },
  'PlanOutline',
);

const tunings = Type.Unsafe<object | null>(Type.Union([TuningSchema, Type.Null()]));

export const TaskingSchema = recordSchema<TaskingStatus>(
  {
    receiver: text,
    tunable: flag,
    reach: maybeObject({
      kind: oneOf(['tune', 'scan']),
      lowHz: number,
      highHz: number,
      sampleRateHz: maybeNumber,
      gainDb: maybeNumber,
      rbwHz: maybeNumber,
      frameSeconds: maybeNumber,
    }),
    holder: oneOf(HOLDERS),
    plan: Type.Union([PlanSchema, Type.Null()]),
    outline: Type.Union([OutlineSchema, Type.Null()]),
    task: maybeObject({
      id: text,
      tuning: tunings,
      by: text,
      role: oneOf(ROLES),
      startedMs: number,
      endsMs: maybeNumber,
    }),
    mission: maybeObject({ id: text, name: text, stopMs: number }),
    step: maybeObject({ number, of: number, lowHz: number, highHz: number }),
    order: oneOf(ORDER_STATES),
    orderError: maybeText,
    retryMs: maybeNumber,
  },
  'Tasking',
);

const ScheduleSchema = recordSchema<MissionSchedule>(
  {
    timeZone: Type.String({ maxLength: 64, description: 'UTC, or an IANA name such as Asia/Shanghai.' }),
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      maxItems: 7,
      description: '1 Monday … 7 Sunday.',
    }),
    start: Type.String({ maxLength: 5, description: 'HH:MM by the clock of the zone.' }),
    stop: Type.String({ maxLength: 5, description: 'HH:MM; at or before the start it is that of the next day.' }),
    fromDate: Type.Union([Type.String({ maxLength: 10 }), Type.Null()]),
    untilDate: Type.Union([Type.String({ maxLength: 10 }), Type.Null()]),
  },
  'MissionSchedule',
);

type MissionBody = Pick<Mission, 'receiver' | 'name' | 'schedule' | 'enabled'> & { readonly plan: ScanPlan };

export const MissionBodySchema = recordSchema<MissionBody>(
  {
    receiver: Type.String({ minLength: 1, maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    schedule: ScheduleSchema,
    plan: PlanSchema,
    enabled: flag,
  },
  'MissionBody',
);

/** The steps stay within: they are worked out anew at each change. */
export const MissionSchema = recordSchema<Omit<MissionStatus, 'plan'> & { readonly plan: ScanPlan }>(
  {
    id: text,
    receiver: text,
    name: text,
    schedule: ScheduleSchema,
    plan: PlanSchema,
    enabled: flag,
    changedBy: text,
    changedMs: number,
    nextStartMs: maybeNumber,
    nextStopMs: maybeNumber,
    running: flag,
  },
  'Mission',
);

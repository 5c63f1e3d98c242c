import type { ReceiverInfo } from '../../core/records.ts';
import {
  type BandOutline,
  PLAN_LIMITS,
  type PlanBand,
  type PlanOutline,
  type PlanProblem,
  type PlanProblemCode,
  type PlanStep,
  type ReceiverReach,
  type ScanPlan,
  type Tuning,
} from '../../core/tasking.ts';
import { revisits, visitOrder } from './visit-order.ts';

/** Until a receiver's own time is measured: a command and its answer over a network, and the tuner's settling. */
export const ASSUMED_RETUNE_SECONDS = 0.15;

export interface PlanContext {
  /** null: the receiver has not sent a frame yet. */
  readonly reach: ReceiverReach | null;
  readonly ranges: ReceiverInfo['ranges'];
  readonly retuneSeconds: number;
  readonly retuneMeasured: boolean;
}

export interface WorkedOutPlan {
  readonly outline: PlanOutline;
  /** Empty where there is a problem. */
  readonly steps: readonly PlanStep[];
}

/** The steps of a plan and how often each place is seen; or the first thing that makes it impossible. */
export function workOutPlan(plan: ScanPlan, context: PlanContext): WorkedOutPlan {
  const problem = bandProblem(plan, context) ?? reachProblem(plan, context);
  if (problem !== null) return { outline: outlineOf(plan, [], context, problem), steps: [] };
  const counts = plan.bands.map((band) => stepCount(band, plan, context));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > PLAN_LIMITS.steps) {
    const message = `the plan has ${total} steps, at most ${PLAN_LIMITS.steps} are possible: narrow its bands`;
    return { outline: outlineOf(plan, [], context, problemOf('too-many-steps', message)), steps: [] };
  }
  const steps = plan.bands.flatMap((band, index) => stepsOf(band, index, counts[index], plan, context));
  const outline = outlineOf(plan, steps, context, null);
  return { outline, steps: outline.problem === null ? steps : [] };
}

function problemOf(code: PlanProblemCode, message: string, more: Partial<PlanProblem> = {}): PlanProblem {
  return { code, band: null, limitHz: null, limitSeconds: null, ...more, message };
}

function megahertz(hz: number): string {
  return `${Number((hz / 1e6).toFixed(4))} MHz`;
}

function bandProblem({ bands }: ScanPlan, { ranges }: PlanContext): PlanProblem | null {
  if (bands.length === 0) return problemOf('no-band', 'a plan needs a band');
  for (const [band, { lowHz, highHz }] of bands.entries()) {
    const name = `band ${band + 1}, ${megahertz(lowHz)} to ${megahertz(highHz)},`;
    if (lowHz >= highHz) return problemOf('band-order', `${name} ends where it begins, or before`, { band });
    const fits = ranges.length === 0 || ranges.some((range) => lowHz >= range.lowHz && highHz <= range.highHz);
    if (fits) continue;
    const tunes = ranges.map((range) => `${megahertz(range.lowHz)} to ${megahertz(range.highHz)}`).join(', ');
    return problemOf('outside-range', `${name} is beyond what the receiver tunes: ${tunes}`, { band });
  }
  return null;
}

function reachProblem(plan: ScanPlan, { reach }: PlanContext): PlanProblem | null {
  if (reach === null || (reach.kind === 'tune' && (plan.sampleRateHz ?? reach.sampleRateHz) === null)) {
    return problemOf('reach-unknown', 'the receiver has sent nothing yet, so it is not known how wide it sees');
  }
  // A dwell that holds no whole block or sweep sees nothing at all.
  const leastSeconds = reach.frameSeconds ?? 0;
  for (const [band, { dwellSeconds }] of plan.bands.entries()) {
    if ((dwellSeconds ?? plan.dwellSeconds) >= leastSeconds) continue;
    const what = reach.kind === 'tune' ? 'one block' : 'one sweep';
    const least = Number(leastSeconds.toFixed(3));
    const message = `the dwell of band ${band + 1} is shorter than ${what} of this receiver, ${least} s`;
    return problemOf('dwell-too-short', message, { band, limitSeconds: least });
  }
  return null;
}

/** Width of what one step sees, Hz. */
function stepWidthHz(plan: ScanPlan, { reach }: PlanContext): number {
  if (reach?.kind === 'tune') return (plan.sampleRateHz ?? reach.sampleRateHz ?? 0) * plan.usableShare;
  return plan.stepSpanHz ?? Number.POSITIVE_INFINITY;
}

function stepCount({ lowHz, highHz }: PlanBand, plan: ScanPlan, context: PlanContext): number {
  // A band of exactly so many widths must not become one more by rounding.
  return Math.max(1, Math.ceil((highHz - lowHz) / stepWidthHz(plan, context) - 1e-9));
}

/** Steps lie evenly: what they have in common is shared out between all of them. */
function stepsOf(band: PlanBand, index: number, count: number, plan: ScanPlan, context: PlanContext): PlanStep[] {
  const spanHz = band.highHz - band.lowHz;
  const dwellSeconds = band.dwellSeconds ?? plan.dwellSeconds;
  const shareHz = spanHz / count;
  return Array.from({ length: count }, (_, i) => {
    const lowHz = Math.round(band.lowHz + i * shareHz);
    const highHz = Math.round(band.lowHz + (i + 1) * shareHz);
    return { band: index, lowHz, highHz, dwellSeconds, tuning: tuningOf(lowHz, highHz, plan, context) };
  });
}

function tuningOf(lowHz: number, highHz: number, plan: ScanPlan, { reach }: PlanContext): Tuning {
  if (reach?.kind !== 'tune') return { kind: 'scan', startHz: lowHz, stopHz: highHz, rbwHz: plan.rbwHz };
  const sampleRateHz = plan.sampleRateHz ?? reach.sampleRateHz;
  return { kind: 'tune', centerHz: Math.round((lowHz + highHz) / 2), sampleRateHz, gainDb: plan.gainDb };
}

/** The steps in the order of one round. */
export function roundOf(plan: Pick<ScanPlan, 'bands'>, steps: readonly PlanStep[]): PlanStep[] {
  return visitOrder(steps.map(({ band }) => plan.bands[band].priority)).map((step) => steps[step]);
}

export function outlineOf(
  plan: ScanPlan,
  steps: readonly PlanStep[],
  { retuneSeconds, retuneMeasured }: Pick<PlanContext, 'retuneSeconds' | 'retuneMeasured'>,
  problem: PlanProblem | null = null,
): PlanOutline {
  const order = visitOrder(steps.map(({ band }) => plan.bands[band].priority));
  // One step is held, not come back to.
  const retune = steps.length > 1 ? retuneSeconds : 0;
  const secondsOf = (step: number): number => steps[step].dwellSeconds + retune;
  const seen = revisits(order, secondsOf, steps.length);
  const roundSeconds = order.reduce((sum, step) => sum + secondsOf(step), 0);
  const tooLong = roundSeconds > PLAN_LIMITS.roundSeconds;
  const late = `a round takes ${Math.round(roundSeconds / 3600)} hours, at most 24 are possible: shorten the dwell`;
  return {
    steps: steps.length,
    visits: order.length,
    roundSeconds,
    retuneSeconds,
    retuneMeasured,
    bands: plan.bands.map((_, band) => bandOutline(steps, seen, band)),
    problem:
      problem ?? (tooLong ? problemOf('round-too-long', late, { limitSeconds: PLAN_LIMITS.roundSeconds }) : null),
  };
}

function bandOutline(steps: readonly PlanStep[], seen: ReturnType<typeof revisits>, band: number): BandOutline {
  const own = steps.flatMap((step, index) => (step.band === band ? [seen[index]] : []));
  return {
    steps: own.length,
    revisitSeconds: own.length === 0 ? 0 : own[0].meanSeconds,
    longestGapSeconds: own.reduce((longest, { longestGapSeconds }) => Math.max(longest, longestGapSeconds), 0),
  };
}

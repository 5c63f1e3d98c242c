import type { Frame } from '../../core/frames.ts';
import {
  type PlanStep,
  RECEIVER_PLAN_STEPS,
  type ReceiverOrder,
  type ReceiverPlanStep,
  type ReceiverReach,
  type Tuning,
} from '../../core/tasking.ts';

/** How far the tuning of a device may be from what it was asked for, as a share of what it sees. */
const TUNING_SLACK = 0.02;
const LEAST_SLACK_HZ = 1_000;
/** The widest hop of programs that sweep with an IQ receiver. */
const HOP_HZ = 20e6;

export function orderOf(tuning: Tuning): ReceiverOrder {
  const { kind, ...fields } = tuning;
  return { command: kind, ...fields } as ReceiverOrder;
}

/** The whole round for a receiver that steps by itself; null where it is longer than such a receiver keeps. */
export function planOrder(round: readonly PlanStep[]): ReceiverOrder | null {
  if (round.length > RECEIVER_PLAN_STEPS) return null;
  const steps = round.map(({ tuning, dwellSeconds }) => {
    const { kind: _kind, ...fields } = tuning;
    return { ...fields, dwellSeconds } as ReceiverPlanStep;
  });
  return { command: 'plan', steps };
}

/** A frame of this tuning: what was under way when the receiver was retuned carries the centre that it had. */
export function isOf(tuning: Tuning, frame: Frame): boolean {
  if (frame.kind === 'iq') {
    if (tuning.kind !== 'tune') return false;
    return Math.abs(frame.centerHz - tuning.centerHz) <= slackHz(frame.sampleRateHz);
  }
  if (tuning.kind !== 'scan') return false;
  const stopHz = frame.startHz + (frame.powers.length - 1) * frame.stepHz;
  const slack = Math.max(2 * frame.stepHz, slackHz(tuning.stopHz - tuning.startHz));
  return Math.abs(frame.startHz - tuning.startHz) <= slack && Math.abs(stopHz - tuning.stopHz) <= slack;
}

/** Programs that sweep in hops go on to the end of the last: all that was asked for is in it, and little more. */
export function covers(tuning: Tuning, { lowHz, highHz }: Span): boolean {
  if (tuning.kind !== 'scan') return false;
  const spanHz = tuning.stopHz - tuning.startHz;
  const slack = slackHz(spanHz);
  const isIn = lowHz <= tuning.startHz + slack && highHz >= tuning.stopHz - slack;
  return isIn && highHz - lowHz <= 1.5 * spanHz + HOP_HZ;
}

export interface Span {
  readonly lowHz: number;
  readonly highHz: number;
}

function slackHz(widthHz: number): number {
  return Math.max(LEAST_SLACK_HZ, TUNING_SLACK * widthHz);
}

export function reachOf(frame: Frame): ReceiverReach {
  if (frame.kind === 'iq') {
    const { centerHz, sampleRateHz, pairs, gainDb } = frame;
    const [lowHz, highHz] = [centerHz - sampleRateHz / 2, centerHz + sampleRateHz / 2];
    return { kind: 'tune', lowHz, highHz, sampleRateHz, gainDb, rbwHz: null, frameSeconds: pairs / sampleRateHz };
  }
  const { startHz, stepHz, powers, rbwHz, gainDb, durationSeconds } = frame;
  const highHz = startHz + (powers.length - 1) * stepHz;
  return { kind: 'scan', lowHz: startHz, highHz, sampleRateHz: null, gainDb, rbwHz, frameSeconds: durationSeconds };
}

/** What the receiver has to be asked for to look again at what it looks at now. */
export function tuningOf({ kind, lowHz, highHz, sampleRateHz, gainDb, rbwHz }: ReceiverReach): Tuning {
  if (kind === 'scan') return { kind, startHz: lowHz, stopHz: highHz, rbwHz };
  return { kind, centerHz: Math.round((lowHz + highHz) / 2), sampleRateHz, gainDb };
}

/** What a tuning sees, Hz. */
export function spanOf(tuning: Tuning, sampleRateHz: number | null): Span {
  if (tuning.kind === 'scan') return { lowHz: tuning.startHz, highHz: tuning.stopHz };
  const half = (tuning.sampleRateHz ?? sampleRateHz ?? 0) / 2;
  return { lowHz: tuning.centerHz - half, highHz: tuning.centerHz + half };
}

import { LIMITS, type Parsed, rejected, type Sweep } from '../core/frames.ts';
import { fillMissingLevels } from './levels.ts';

/** Says why a span is none, or null: checked before anything is allocated for its points. */
export function spanFault(startHz: number, stepHz: number, points: number): string | null {
  if (!(points >= 1 && points <= LIMITS.sweepPoints) || !Number.isInteger(points)) {
    return `points ${points}, expected 1 to ${LIMITS.sweepPoints}`;
  }
  if (!(stepHz >= 1e-3 && stepHz <= LIMITS.frequencyHz.max)) return `step ${stepHz} Hz, expected above 0`;
  const stopHz = startHz + (points - 1) * stepHz;
  if (!(startHz >= LIMITS.frequencyHz.min && stopHz <= LIMITS.frequencyHz.max)) {
    return `span ${startHz} to ${stopHz} Hz, expected within ±${LIMITS.frequencyHz.max} Hz`;
  }
  return null;
}

/** Checks a sweep's numbers and fills its missing levels in place; `filled` counts them. */
export function checkedSweep(sweep: Sweep): Parsed<{ sweep: Sweep; filled: number }> {
  const fault = spanFault(sweep.startHz, sweep.stepHz, sweep.powers.length);
  if (fault !== null) return rejected(sweep.powers.length > LIMITS.sweepPoints ? 'size' : 'value', fault);
  const filled = fillMissingLevels(sweep.powers);
  if (filled === sweep.powers.length) return rejected('value', 'a sweep without one finite level');
  return { ok: true, value: { sweep, filled } };
}

import { BYTES_PER_PAIR, type IqBlock, LIMITS, type Sweep } from '../../src/core/frames.ts';

/** What must hold of anything that was taken; the rest of the project relies on it. */

export function iqFault(block: IqBlock): string | null {
  if (block.samples.length !== block.pairs * BYTES_PER_PAIR[block.format]) return 'samples and pairs disagree';
  const { min, max } = LIMITS.sampleRateHz;
  if (!(block.sampleRateHz >= min && block.sampleRateHz <= max)) return `sample rate ${block.sampleRateHz}`;
  if (!(Math.abs(block.centerHz) <= LIMITS.frequencyHz.max)) return `centre ${block.centerHz}`;
  if (block.format !== 'cf32') return null;
  const floats = new Float32Array(block.samples.slice().buffer);
  return floats.every(Number.isFinite) ? null : 'a sample that is no number';
}

export function sweepFault(sweep: Sweep): string | null {
  const points = sweep.powers.length;
  if (points < 1 || points > LIMITS.sweepPoints) return `${points} points`;
  if (!(sweep.stepHz > 0 && Number.isFinite(sweep.stepHz))) return `step ${sweep.stepHz}`;
  const stopHz = sweep.startHz + (points - 1) * sweep.stepHz;
  if (!(sweep.startHz >= LIMITS.frequencyHz.min && stopHz <= LIMITS.frequencyHz.max)) return `${sweep.startHz} Hz`;
  if (!sweep.powers.every((level) => Math.abs(level) <= 300)) return 'a level that is no number';
  if (sweep.durationSeconds !== null && !(sweep.durationSeconds > 0)) return `duration ${sweep.durationSeconds}`;
  return sweep.rbwHz !== null && !(sweep.rbwHz > 0) ? `resolution ${sweep.rbwHz}` : null;
}

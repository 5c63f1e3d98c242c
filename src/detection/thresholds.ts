import { gammaThreshold } from '../dsp/gamma.ts';

const kept = new Map<string, number>();

/**
 * Factor over the noise floor that noise alone, averaged `averages` times, exceeds with probability `tail` a bin.
 * Kept by its arguments (three digits of `averages`): a function of nothing else.
 */
export function thresholdFactor(averages: number, tail: number): number {
  const shape = Number(averages.toPrecision(3));
  const key = `${shape} ${tail}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const factor = gammaThreshold(shape, tail);
  if (kept.size > 10_000) kept.clear();
  kept.set(key, factor);
  return factor;
}

/** The lower threshold of LAD joins the parts of one emission: one bin of noise in a hundred lies above it. */
export const LOWER_TAIL = 1e-2;

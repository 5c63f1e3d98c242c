import { gammaThreshold } from '../dsp/gamma.ts';

const kept = new Map<number, Map<number, number>>();
const MOST_KEPT = 10_000;

/**
 * Factor over the noise floor that noise alone, averaged `averages` times, exceeds with probability `tail` a bin.
 * Kept by its arguments (three digits of `averages`): a function of nothing else.
 */
export function thresholdFactor(averages: number, tail: number): number {
  let ofTail = kept.get(tail);
  if (!ofTail) {
    if (kept.size > 1_000) kept.clear();
    ofTail = new Map();
    kept.set(tail, ofTail);
  }
  const known = ofTail.get(averages);
  if (known !== undefined) return known;
  const factor = gammaThreshold(Number(averages.toPrecision(3)), tail);
  if (ofTail.size > MOST_KEPT) ofTail.clear();
  ofTail.set(averages, factor);
  return factor;
}

/** The lower threshold of LAD joins the parts of one emission: one bin of noise in a hundred lies above it. */
export const LOWER_TAIL = 1e-2;

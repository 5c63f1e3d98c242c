import { gammaThreshold } from '../dsp/gamma.ts';

const kept = new Map<number, Map<number, number>>();
const MOST_KEPT = 10_000;

/**
 * Factor over the noise floor that noise alone, averaged `averages` times, exceeds with probability `tail` a bin.
 * Kept by its arguments (nine bits of `averages`): a function of nothing else.
 */
export function thresholdFactor(averages: number, tail: number): number {
  let ofTail = kept.get(tail);
  if (!ofTail) {
    if (kept.size > 1_000) kept.clear();
    ofTail = new Map();
    kept.set(tail, ofTail);
  }
  const step = 2 ** (Math.floor(Math.log2(averages)) - 8);
  const shape = Math.round(averages / step) * step;
  const known = ofTail.get(shape);
  if (known !== undefined) return known;
  const factor = gammaThreshold(shape, tail);
  if (ofTail.size > MOST_KEPT) ofTail.clear();
  ofTail.set(shape, factor);
  return factor;
}

/** The lower threshold of LAD joins the parts of one emission: one bin of noise in a hundred lies above it. */
export const LOWER_TAIL = 1e-2;

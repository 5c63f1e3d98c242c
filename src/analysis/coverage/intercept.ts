import type { CoverageGap } from '../../core/coverage.ts';

/**
 * Chance that a single transmission of `seconds`, begun at any time of the period, is caught at least in part:
 *
 *     continuous:  1 − Σ max(0, gᵢ − d) / T           it is missed only where it lies within one gap
 *     scanning:    min(1, (d + dwell) / revisit)      for a strictly periodic scan
 *
 * and both together as a product. A catch of the last moment is counted as one: it is an upper bound.
 */
export function interceptProbability(
  seconds: number,
  observed: {
    readonly periodSeconds: number;
    readonly gaps: readonly Pick<CoverageGap, 'fromMs' | 'toMs'>[];
    readonly revisitSeconds: number | null;
    readonly dwellSeconds: number | null;
  },
): number {
  const { periodSeconds, gaps, revisitSeconds, dwellSeconds } = observed;
  const hiding = gaps.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, (toMs - fromMs) / 1000 - seconds), 0);
  const continuous = periodSeconds > 0 ? Math.max(0, 1 - hiding / periodSeconds) : 0;
  const scanning = revisitSeconds === null ? 1 : Math.min(1, (seconds + (dwellSeconds ?? 0)) / revisitSeconds);
  return continuous * scanning;
}

/**
 * Channel and band occupancy, ITU-R SM.1880 and Report SM.2256: the frequency channel occupancy is the share of the
 * samples in which a channel was occupied, FCO = N_O/N; the frequency band occupancy that of all bins of a band.
 */
export interface OccupancyCounts {
  readonly samples: number;
  readonly occupied: number;
  /** Changes free → occupied and occupied → free between neighbouring samples. */
  readonly rises: number;
  readonly falls: number;
}

export const NOTHING_COUNTED: OccupancyCounts = { samples: 0, occupied: 0, rises: 0, falls: 0 };

/** Adds a sample. @param before the sample before it, null where that is missing: a gap is neither free nor occupied */
export function counted(counts: OccupancyCounts, is: boolean, before: boolean | null): OccupancyCounts {
  return {
    samples: counts.samples + 1,
    occupied: counts.occupied + (is ? 1 : 0),
    rises: counts.rises + (is && before === false ? 1 : 0),
    falls: counts.falls + (!is && before === true ? 1 : 0),
  };
}

export interface OccupancyEstimate {
  /** 0–1. */
  readonly occupancy: number;
  /** Between these it lies with the confidence asked for. */
  readonly low: number;
  readonly high: number;
  /** As many independent samples would tell as much. */
  readonly effectiveSamples: number;
}

/** 97.5 % of the normal distribution: an interval that holds in 95 of 100. */
export const Z_95 = 1.959963985;

/**
 * Occupancy with Wilson's interval. Neighbouring samples of a channel are alike: for a chain of two states with
 * p01 = P(free → occupied) and p10 = P(occupied → free) their correlation is ρ = 1 − p01 − p10, and N samples are worth
 * n = N·(1 − ρ)/(1 + ρ) independent ones. Half a change is added to each, so that a channel that never changed is not
 * taken for certain. null without samples.
 */
export function estimateOccupancy(counts: OccupancyCounts, z = Z_95): OccupancyEstimate | null {
  const { samples, occupied, rises, falls } = counts;
  if (samples === 0) return null;
  const free = samples - occupied;
  const p01 = Math.min(1, (rises + 0.5) / (free + 1));
  const p10 = Math.min(1, (falls + 0.5) / (occupied + 1));
  const correlation = Math.max(0, 1 - p01 - p10);
  const n = Math.max(1, (samples * (1 - correlation)) / (1 + correlation));
  const p = occupied / samples;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z / (2 * n)) ** 2);
  return {
    occupancy: p,
    low: Math.max(0, Math.min(p, middle - half)),
    high: Math.min(1, Math.max(p, middle + half)),
    effectiveSamples: n,
  };
}

/** Independent samples for a relative error of `share` at the confidence of `z`: z²·(1 − p)/(p·share²). */
export function samplesNeeded(occupancy: number, share: number, z = Z_95): number {
  return (z ** 2 * (1 - occupancy)) / (occupancy * share ** 2);
}

/** Share of the time from…to (seconds) that the stretches, which do not overlap, take. */
export function timeOccupancy(
  active: readonly { readonly startSeconds: number; readonly stopSeconds: number }[],
  fromSeconds: number,
  toSeconds: number,
): number {
  const on = active.reduce((sum, { startSeconds, stopSeconds }) => {
    return sum + Math.max(0, Math.min(stopSeconds, toSeconds) - Math.max(startSeconds, fromSeconds));
  }, 0);
  return toSeconds > fromSeconds ? on / (toSeconds - fromSeconds) : 0;
}

/** Share of a band's width that the bands within it take together; where they overlap it counts once. */
export function bandShare(
  parts: readonly { readonly lowHz: number; readonly highHz: number }[],
  lowHz: number,
  highHz: number,
): number {
  let reached = lowHz;
  let width = 0;
  for (const part of [...parts].sort((a, b) => a.lowHz - b.lowHz)) {
    const from = Math.max(reached, part.lowHz);
    const to = Math.min(highHz, part.highHz);
    if (to <= from) continue;
    width += to - from;
    reached = to;
  }
  return highHz > lowHz ? width / (highHz - lowHz) : 0;
}

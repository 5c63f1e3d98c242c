/** Edges of an occupied band, in bins (fractions: linear within a bin, bin k covering k ± ½). */
export interface BandEdges {
  readonly lowBin: number;
  readonly highBin: number;
}

/**
 * Occupied bandwidth by the β/2 method (ITU-R SM.443, Annex 1): below the lower and above the upper edge lies β/2 of
 * the mean power each. `power` is linear; `noise` of each bin is taken off first, without which the result would widen
 * towards the span; what is then negative stays so, or noise would add up. Bins first…last inclusive. null where nothing
 * is left above the noise.
 */
export function occupiedBand(
  power: ArrayLike<number>,
  noise: ArrayLike<number>,
  first: number,
  last: number,
  beta = 0.01,
): BandEdges | null {
  let total = 0;
  for (let k = first; k <= last; k++) total += power[k] - noise[k];
  if (!(total > 0)) return null;
  const wanted = (total * beta) / 2;
  return {
    lowBin: edgeFrom(power, noise, first, 1, wanted),
    highBin: edgeFrom(power, noise, last, -1, wanted),
  };
}

/** Position where the power summed from bin `start` in direction `step` reaches `wanted`. */
function edgeFrom(power: ArrayLike<number>, noise: ArrayLike<number>, start: number, step: 1 | -1, wanted: number) {
  let sum = 0;
  for (let k = start; ; k += step) {
    const part = power[k] - noise[k];
    if (sum + part >= wanted) return k - step / 2 + (step * (wanted - sum)) / part;
    sum += part;
  }
}

import type { Detection } from '../core/emission.ts';

/** A spectrum to be cut into clusters, with what noise alone would do in it. */
export interface ClusterInput {
  readonly power: Float32Array;
  readonly floor: Float32Array;
  /** Bins that exceed the upper threshold, in order … */
  readonly places: Int32Array;
  /** … and the bins around that exceed this factor over the floor belong to them (LAD). */
  readonly lower: number;
  /** Bins under the lower threshold that still join two parts. */
  readonly gapBins: number;
  readonly by: Detection['by'];
}

/** Localisation by double thresholding (LAD with adjacent cluster combining): bands that stand out of the noise. */
export function findClusters(input: ClusterInput): Detection[] {
  const { power, floor, places, by } = input;
  const found: Detection[] = [];
  let highBin = -1;
  for (const place of places) {
    if (place <= highBin) continue;
    const lowBin = reach(input, place, -1);
    highBin = reach(input, place, 1);
    found.push({ lowBin, highBin, ...peakOf(power, floor, lowBin, highBin), peakPower: 0, by });
  }
  return found;
}

/** The last bin of the cluster around `place` in the direction `step`. */
function reach({ power, floor, lower, gapBins }: ClusterInput, place: number, step: 1 | -1): number {
  let end = place;
  for (let k = place + step; k >= 0 && k < power.length && Math.abs(k - end) <= gapBins + 1; k += step) {
    if (power[k] >= lower * floor[k]) end = k;
  }
  return end;
}

function peakOf(power: Float32Array, floor: Float32Array, lowBin: number, highBin: number) {
  let peakBin = lowBin;
  let peakRatio = 0;
  for (let k = lowBin; k <= highBin; k++) {
    const ratio = power[k] / floor[k];
    if (ratio <= peakRatio) continue;
    peakRatio = ratio;
    peakBin = k;
  }
  return { peakBin, peakRatio };
}

/** A valley this deep under the lower of two peaks, and 8 bins or more between them, parts two emissions. */
const VALLEY_DB = 18;
const MEAN_VALLEY_DB = 12;
const SMALLEST_SEPARATION_BINS = 8;

/**
 * Parts clusters whose skirts merely touch: where the smoothed spectrum has a deep valley between two peaks.
 * Parts of one emission that this separates (the tones of an FSK signal) join again by their common timing.
 */
export function splitAtValleys(clusters: readonly Detection[], power: Float32Array, floor: Float32Array): Detection[] {
  const depth = 10 ** (VALLEY_DB / 10);
  return clusters.flatMap((cluster) => splitOne(cluster, power, floor, depth, 5));
}

/** The same on the mean over a look, which fluctuates less: two channels side by side whose skirts cross. */
export function splitAtMeanValleys(
  clusters: readonly Detection[],
  power: Float32Array,
  floor: Float32Array,
): Detection[] {
  const depth = 10 ** (MEAN_VALLEY_DB / 10);
  return clusters.flatMap((cluster) => splitOne(cluster, power, floor, depth, 6));
}

/** @param fineness the spectrum is smoothed over 2^−fineness of the width to each side */
function splitOne(
  cluster: Detection,
  power: Float32Array,
  floor: Float32Array,
  depth: number,
  fineness: number,
): Detection[] {
  const { lowBin, highBin } = cluster;
  const width = highBin - lowBin + 1;
  if (width < 2 * SMALLEST_SEPARATION_BINS || cluster.peakRatio < depth) return [cluster];
  if (!hasDrop(cluster, power, floor, depth)) return [cluster];
  const ratio = power.subarray(lowBin, highBin + 1).map((value, i) => value / floor[lowBin + i]);
  const valley = deepestValley(smoothed(ratio, Math.max(1, width >> fineness)), depth);
  if (valley < 0) return [cluster];
  const at = lowBin + valley;
  return [part(lowBin, at - 1), part(at, highBin)].flatMap((one) => splitOne(one, power, floor, depth, fineness));

  function part(low: number, high: number): Detection {
    return { ...cluster, lowBin: low, highBin: high, ...peakOf(power, floor, low, high) };
  }
}

/** Somewhere it falls by `depth` and rises by that again; smoothing makes valleys no deeper: most clusters end here. */
function hasDrop({ lowBin, highBin }: Detection, power: Float32Array, floor: Float32Array, depth: number): boolean {
  let highest = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let k = lowBin; k <= highBin; k++) {
    const ratio = power[k] / floor[k];
    if (ratio > highest) highest = ratio;
    if (ratio * depth < highest && ratio < lowest) lowest = ratio;
    if (ratio > lowest * depth) return true;
  }
  return false;
}

function smoothed(ratio: Float32Array, radius: number): Float32Array {
  return ratio.map((_, k) => {
    const from = Math.max(0, k - radius);
    const to = Math.min(ratio.length - 1, k + radius);
    let sum = 0;
    for (let j = from; j <= to; j++) sum += ratio[j];
    return sum / (to - from + 1);
  });
}

/** Position of the valley that is deepest against the lower of the highest values on its sides; −1 for none. */
function deepestValley(values: Float32Array, depth: number): number {
  const best = { at: -1, depth };
  const highestRight = new Float32Array(values.length + 1);
  for (let k = values.length - 1; k >= 0; k--) highestRight[k] = Math.max(values[k], highestRight[k + 1]);
  let highestLeft = 0;
  let leftAt = 0;
  for (let k = 0; k < values.length; k++) {
    if (values[k] > highestLeft) {
      highestLeft = values[k];
      leftAt = k;
    }
    const ratio = Math.min(highestLeft, highestRight[k]) / values[k];
    if (ratio > best.depth && k - leftAt >= SMALLEST_SEPARATION_BINS / 2) {
      best.at = k;
      best.depth = ratio;
    }
  }
  return best.at;
}

/** Joins clusters that overlap or touch; the stronger gives peak and statistic. */
export function uniteClusters(clusters: readonly Detection[], gapBins = 0): Detection[] {
  const sorted = [...clusters].sort((a, b) => a.lowBin - b.lowBin || a.highBin - b.highBin);
  const united: Detection[] = [];
  for (const next of sorted) {
    const last = united.at(-1);
    if (!last || next.lowBin > last.highBin + 1 + gapBins) {
      united.push(next);
      continue;
    }
    const stronger = next.peakRatio > last.peakRatio ? next : last;
    united[united.length - 1] = {
      ...stronger,
      lowBin: last.lowBin,
      highBin: Math.max(last.highBin, next.highBin),
    };
  }
  return united;
}

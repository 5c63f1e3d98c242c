import type { Detection } from '../core/emission.ts';

/** A spectrum to be cut into clusters, with what noise alone would do in it. */
export interface ClusterInput {
  /** Power over noise floor, linear, one a bin. */
  readonly ratio: Float32Array;
  /** Some bin must exceed this … */
  readonly upper: number;
  /** … and the bins around that exceed this belong to it (LAD). */
  readonly lower: number;
  /** Bins under the lower threshold that still join two parts. */
  readonly gapBins: number;
  readonly by: Detection['by'];
}

/** Localisation by double thresholding (LAD with adjacent cluster combining): bands that stand out of the noise. */
export function findClusters(input: ClusterInput): Detection[] {
  const { ratio, upper, lower, gapBins } = input;
  const found: Detection[] = [];
  let k = 0;
  while (k < ratio.length) {
    if (ratio[k] < lower) {
      k++;
      continue;
    }
    const low = k;
    let high = k;
    let peak = k;
    for (let gap = 0; k < ratio.length && gap <= gapBins; k++) {
      if (ratio[k] < lower) {
        gap++;
        continue;
      }
      gap = 0;
      high = k;
      if (ratio[k] > ratio[peak]) peak = k;
    }
    k = high + gapBins + 1;
    if (ratio[peak] >= upper) {
      found.push({ lowBin: low, highBin: high, peakBin: peak, peakPower: 0, peakRatio: ratio[peak], by: input.by });
    }
  }
  return found;
}

/** A valley this deep under the lower of two peaks, and 8 bins or more between them, parts two emissions. */
const VALLEY_DB = 18;
const SMALLEST_SEPARATION_BINS = 8;

/**
 * Parts clusters whose skirts merely touch: where the smoothed spectrum has a deep valley between two peaks.
 * Parts of one emission that this separates (the tones of an FSK signal) join again by their common timing.
 */
export function splitAtValleys(clusters: readonly Detection[], ratio: Float32Array): Detection[] {
  const depth = 10 ** (VALLEY_DB / 10);
  return clusters.flatMap((cluster) => splitOne(cluster, ratio, depth));
}

function splitOne(cluster: Detection, ratio: Float32Array, depth: number): Detection[] {
  const width = cluster.highBin - cluster.lowBin + 1;
  if (width < 2 * SMALLEST_SEPARATION_BINS || cluster.peakRatio < depth) return [cluster];
  const smooth = smoothed(ratio, cluster.lowBin, cluster.highBin, Math.max(1, width >> 5));
  const valley = deepestValley(smooth, depth);
  if (valley < 0) return [cluster];
  const at = cluster.lowBin + valley;
  const left = part(cluster, ratio, cluster.lowBin, at - 1);
  const right = part(cluster, ratio, at, cluster.highBin);
  return [...splitOne(left, ratio, depth), ...splitOne(right, ratio, depth)];
}

function part(cluster: Detection, ratio: Float32Array, lowBin: number, highBin: number): Detection {
  let peak = lowBin;
  for (let k = lowBin; k <= highBin; k++) if (ratio[k] > ratio[peak]) peak = k;
  return { ...cluster, lowBin, highBin, peakBin: peak, peakRatio: ratio[peak] };
}

function smoothed(ratio: Float32Array, low: number, high: number, radius: number): Float32Array {
  const result = new Float32Array(high - low + 1);
  for (let k = low; k <= high; k++) {
    const from = Math.max(low, k - radius);
    const to = Math.min(high, k + radius);
    let sum = 0;
    for (let j = from; j <= to; j++) sum += ratio[j];
    result[k - low] = sum / (to - from + 1);
  }
  return result;
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

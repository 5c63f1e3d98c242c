import type { Detection } from '../core/emission.ts';
import { thresholdFactor } from './thresholds.ts';

/** The rows that clusters were found in, and what noise does in one of them. */
export interface RowsOfLook {
  readonly rows: Float32Array;
  readonly floor: Float32Array;
  readonly rowAverages: number;
}

/** Blocks of the band that are compared: at least so many bins each, and at most so many. */
const LEAST_BLOCK_BINS = 4;
const MOST_BLOCKS = 64;
/** A row is on in a block where noise is as strong once in 10^4, and within 13 dB of the block's strongest row. */
const ON_TAIL = 1e-4;
const ON_SHARE = 0.05;
/** Neighbours are one emission when this share of the rows of the rarer one are on in both. */
const COMMON_SHARE = 0.25;
/** Blocks that stand no further than 6 dB out of the noise flicker by chance: they tell nothing. */
const LEAST_RATIO = 4;
/** Neighbouring bins under a window count half. */
const CORRELATED_BINS = 2;

/**
 * Parts clusters by time: what lies side by side and is on the air in other rows of the look are two transmissions, such as
 * two hops, or a burst beside another. A band of which a part is on less often than the rest stays whole.
 */
export function splitInTime(clusters: readonly Detection[], look: RowsOfLook, highest: Float32Array): Detection[] {
  const bins = look.floor.length;
  if (look.rows.length <= bins) return [...clusters];
  return clusters.flatMap((cluster) => {
    const places = boundaries(cluster, look);
    if (places.length === 0) return [cluster];
    const ends = [...places, cluster.highBin + 1];
    return ends.map((end, i) => partOf(cluster, i === 0 ? cluster.lowBin : ends[i - 1], end - 1, highest, look.floor));
  });
}

/** First bins of the parts but the first. */
function boundaries({ lowBin, highBin }: Detection, look: RowsOfLook): number[] {
  const width = highBin - lowBin + 1;
  if (width < 2 * LEAST_BLOCK_BINS) return [];
  const blocks = Math.min(MOST_BLOCKS, Math.floor(width / LEAST_BLOCK_BINS));
  const startOf = (block: number) => lowBin + Math.floor((block * width) / blocks);
  const found: number[] = [];
  let last: { readonly on: readonly boolean[]; readonly count: number; readonly end: number } | null = null;
  for (let block = 0; block < blocks; block++) {
    const [from, end] = [startOf(block), startOf(block + 1)];
    const on = onRows(look, from, end);
    const count = on.filter((is) => is).length;
    if (count === 0) continue;
    if (last) {
      const { on: before } = last;
      const common = on.filter((is, row) => is && before[row]).length;
      if (common < COMMON_SHARE * Math.min(count, last.count)) found.push(Math.round((last.end + from) / 2));
    }
    last = { on, count, end };
  }
  return found;
}

function onRows({ rows, floor, rowAverages }: RowsOfLook, from: number, end: number): boolean[] {
  const bins = floor.length;
  const powers: number[] = [];
  for (let at = from; at < rows.length; at += bins) {
    let sum = 0;
    for (let k = 0; k < end - from; k++) sum += rows[at + k];
    powers.push(sum);
  }
  let noise = 0;
  for (let k = from; k < end; k++) noise += floor[k];
  const least = noise * thresholdFactor(Math.max(1, (rowAverages * (end - from)) / CORRELATED_BINS), ON_TAIL);
  const most = powers.reduce((largest, power) => Math.max(largest, power), 0);
  if (most < noise * LEAST_RATIO) return powers.map(() => false);
  const limit = Math.max(least, noise + (most - noise) * ON_SHARE);
  return powers.map((power) => power > limit);
}

/** What lies this far under a cluster's peak at its ends are skirts of its keying and of the window. */
const SKIRT_DB = 30;

/** Takes the skirts off clusters: they hold no power to speak of, and hide what lies there. */
export function trimSkirts(clusters: readonly Detection[], power: Float32Array): Detection[] {
  const share = 10 ** (-SKIRT_DB / 10);
  return clusters.map((cluster) => {
    let { lowBin, highBin } = cluster;
    let peak = 0;
    for (let k = lowBin; k <= highBin; k++) peak = Math.max(peak, power[k]);
    while (lowBin < highBin && power[lowBin] < peak * share) lowBin++;
    while (highBin > lowBin && power[highBin] < peak * share) highBin--;
    return { ...cluster, lowBin, highBin };
  });
}

function partOf(
  cluster: Detection,
  lowBin: number,
  highBin: number,
  power: Float32Array,
  floor: Float32Array,
): Detection {
  let peak = lowBin;
  for (let k = lowBin; k <= highBin; k++) if (power[k] / floor[k] > power[peak] / floor[peak]) peak = k;
  return { ...cluster, lowBin, highBin, peakBin: peak, peakRatio: power[peak] / floor[peak] };
}

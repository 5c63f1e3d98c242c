import type { Levels } from './level-history.ts';

/** A band that may be a product or a parent of one. */
export interface Tone {
  readonly lowBin: number;
  readonly highBin: number;
  readonly levels: Levels;
}

/**
 * Third-order products of strong emissions in one receiver. With y = x − c·|x|²·x the tones at f₁, f₂, f₃ make others at
 *
 *     2·f₁ − f₂   level 2·L₁ + L₂ + const      and      f₁ + f₂ − f₃   level L₁ + L₂ + L₃ + const   (dB)
 *
 * A frequency alone is no evidence: of n channels on a raster nearly every one lies on a product of two others. One of
 * these must be seen as well, over the last looks, and nothing may speak against it:
 *
 * - The level follows the sum of the parents' with a slope of one (so by 2 or 3 dB for a dB of one parent). What merely
 *   fades together with them, on one path, has a slope of 1/3; what is apart has none.
 * - It is there while all parents are, and is not while either of two of them is silent, each seen for LEAST_ALONE looks.
 *
 * Steady parents that never pause show neither, and the product stays an emission. A transmitter that keys as the AND
 * of two others, on the very frequency, would be taken for a product.
 */
export function isIntermodulation(product: Tone, others: readonly Tone[]): boolean {
  const parents = others.filter((tone) => tone !== product && isMuchStronger(tone, product)).slice(0, MOST_PARENTS);
  for (const [i, first] of parents.entries()) {
    for (const second of parents.slice(i)) {
      for (const third of parents) {
        if (third === first || third === second || !liesOn(product, first, second, third)) continue;
        if (isProductOf(product, first, second, third)) return true;
      }
    }
  }
  return false;
}

const MOST_PARENTS = 8;
/** A product stands so far under the weakest parent at the least: nearer, the receiver would be beyond its range. */
const LEAST_UNDER_DB = 10;
const LEAST_LOOKS = 8;
const LEAST_ALONE = 3;
/** The sum of the parents' levels must vary by this (standard deviation) to show a slope. */
const LEAST_SPREAD_DB = 1;
const SLOPE = { least: 0.7, most: 1.4 };
/** Levels of 8 looks that have nothing to do with each other correlate so strongly less than once in 1,000 times (t, 6 degrees). */
const LEAST_CORRELATION = 0.92;
const PRESENT_SHARE = 0.9;

function isMuchStronger(tone: Tone, product: Tone): boolean {
  return highest(tone.levels) >= highest(product.levels) + LEAST_UNDER_DB;
}

function highest(levels: Levels): number {
  return levels.reduce((most, level) => Math.max(most, level), Number.NEGATIVE_INFINITY);
}

/** Within a bin and a half, and what modulation widens. */
function liesOn(product: Tone, first: Tone, second: Tone, third: Tone): boolean {
  const middle = ({ lowBin, highBin }: Tone) => (lowBin + highBin) / 2;
  const width = ({ lowBin, highBin }: Tone) => highBin - lowBin + 1;
  const apart = Math.abs(middle(first) + middle(second) - middle(third) - middle(product));
  return apart <= 1.5 + 0.1 * (width(first) + width(second) + width(third));
}

function isProductOf(product: Tone, first: Tone, second: Tone, third: Tone): boolean {
  const parents = [...new Set([first, second, third])];
  const isOn = (tone: Tone, look: number) => tone.levels[look] > Number.NEGATIVE_INFINITY;
  const looks = Array.from(product.levels, (_, look) => look);
  const together = looks.filter((look) => parents.every((tone) => isOn(tone, look)));
  const heard = looks.filter((look) => isOn(product, look));
  // A look at an edge holds both.
  const alone = heard.filter((look) => !together.includes(look));
  const steady = (look: number) => together.includes(look - 1) || together.includes(look + 1);
  if (alone.some((look) => !steady(look)) || heard.length < LEAST_LOOKS) return false;
  const both = heard.filter((look) => together.includes(look - 1) && together.includes(look + 1));
  return (
    followsLevels(product, [first, second, third], both) || followsKeying(parents, together, heard, looks.length, isOn)
  );
}

function followsLevels({ levels }: Tone, parents: readonly Tone[], looks: readonly number[]): boolean {
  if (looks.length < LEAST_LOOKS) return false;
  const x = looks.map((look) => parents.reduce((sum, parent) => sum + parent.levels[look], 0));
  const y = looks.map((look) => levels[look]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  if (Math.sqrt(xx / x.length) < LEAST_SPREAD_DB) return false;
  const slope = xy / xx;
  return xy / Math.sqrt(xx * yy) >= LEAST_CORRELATION && slope >= SLOPE.least && slope <= SLOPE.most;
}

/** Two parents at least were heard without the others, and the product not. */
function followsKeying(
  parents: readonly Tone[],
  together: readonly number[],
  heard: readonly number[],
  count: number,
  isOn: (tone: Tone, look: number) => boolean,
): boolean {
  if (together.length < LEAST_LOOKS || heard.length < PRESENT_SHARE * together.length) return false;
  const missed = parents.filter((parent) => {
    let looks = 0;
    for (let look = 0; look < count; look++) {
      if (!isOn(parent, look) && parents.some((other) => other !== parent && isOn(other, look))) looks++;
    }
    return looks >= LEAST_ALONE;
  });
  return missed.length >= 2;
}

import type { Levels } from './level-history.ts';

/**
 * An image about the receiver's centre is its original, weaker by a ratio that is the receiver's own and stays: with
 * y = μ·x + ν·x* it is |ν|²/|μ|². grouping.ts takes for one what is mirrored to the bin or fluctuates like the original
 * (power-correlation.ts); of n strong narrow emissions in N bins a transmitter lies on a mirror by chance with n·5/N,
 * so it must be able to show that it is none:
 *
 * - it is heard for LEAST_ALONE looks in which the original is not;
 * - strong enough to be heard always, it pauses for LEAST_ALONE looks, and is heard again, while the original stays;
 * - the ratio of the two levels varies by REFUTING_DB (standard deviation) over LEAST_LOOKS looks: one fades or is tuned
 *   and the other is not.
 *
 * @param isClear the image stands so far out of the noise that it is not missed by chance
 * @returns whether the levels speak against an image
 */
export function refutesImage(image: Levels, original: Levels, isClear: boolean): boolean {
  const looks = Array.from(image, (_, look) => look);
  const isOn = (levels: Levels, look: number) => levels[look] > Number.NEGATIVE_INFINITY;
  const alone = looks.filter((look) => isOn(image, look) && !isOn(original, look));
  if (alone.length >= LEAST_ALONE) return true;
  if (isClear && pauses(image, original)) return true;
  const both = looks.filter((look) => [look - 1, look, look + 1].every((at) => isOn(image, at) && isOn(original, at)));
  if (both.length < LEAST_LOOKS) return false;
  return deviation(both.map((look) => image[look] - original[look])) >= REFUTING_DB;
}

/** It was heard, then not for some looks, then again, with the original at the same level throughout. */
function pauses(image: Levels, original: Levels): boolean {
  const on = (look: number) => image[look] > Number.NEGATIVE_INFINITY;
  for (let from = 1; from < image.length; from++) {
    if (!on(from - 1) || on(from)) continue;
    let to = from;
    while (to < image.length && !on(to)) to++;
    if (to === image.length || to - from < LEAST_ALONE) continue;
    const least = Math.min(...original.subarray(from - 1, to + 1));
    if (least >= original[from - 1] - SAME_DB) return true;
  }
  return false;
}

const SAME_DB = 3;
const LEAST_ALONE = 3;
const LEAST_LOOKS = 16;
/** The ratio of a true image varies with the noise it is measured in: by 2 dB where it is no stronger than that. */
const REFUTING_DB = 4;

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

import { hashOf, Random } from '../random.ts';
import type { Transmission } from '../schedule.ts';

/** The script of incidents repeats after this time. */
export const SCRIPT_SECONDS = 600;

/** When an emitter of the city is on the air; every case is a pure function of the time, so any moment can be asked for. */
export type Activity =
  | 'always'
  /** Windows within each run of the script, in seconds since its start; ascending, none beyond SCRIPT_SECONDS. */
  | { readonly script: readonly (readonly [startSeconds: number, stopSeconds: number])[] }
  /** In each slot of `slotSeconds`, with `probability`, one transmission of a length between the two. */
  | {
      readonly slotSeconds: number;
      readonly probability: number;
      readonly shortestSeconds: number;
      readonly longestSeconds: number;
    };

/** A transmission with a number that stays its own: the seed of what it says. */
export interface CityTransmission extends Transmission {
  readonly number: number;
}

/** The transmissions that touch [from, to), in order; not cut. */
export function transmissionsBetween(
  activity: Activity,
  seed: number,
  fromSeconds: number,
  toSeconds: number,
): CityTransmission[] {
  if (activity === 'always') return [{ startSeconds: 0, stopSeconds: Number.POSITIVE_INFINITY, number: 0 }];
  const periodSeconds = 'script' in activity ? SCRIPT_SECONDS : activity.slotSeconds;
  const found: CityTransmission[] = [];
  const last = Math.floor(toSeconds / periodSeconds);
  for (let period = Math.max(0, Math.floor(fromSeconds / periodSeconds)); period <= last; period++) {
    for (const transmission of within(activity, seed, period)) {
      if (transmission.startSeconds < toSeconds && transmission.stopSeconds > fromSeconds) found.push(transmission);
    }
  }
  return found;
}

function within(activity: Exclude<Activity, 'always'>, seed: number, period: number): CityTransmission[] {
  if ('script' in activity) {
    return activity.script.map(([start, stop], index) => ({
      startSeconds: period * SCRIPT_SECONDS + start,
      stopSeconds: period * SCRIPT_SECONDS + stop,
      number: period * activity.script.length + index,
    }));
  }
  const random = new Random(hashOf(seed, period));
  if (random.uniform() >= activity.probability) return [];
  const lengthSeconds = random.between(activity.shortestSeconds, activity.longestSeconds);
  const startSeconds = period * activity.slotSeconds + random.between(0, activity.slotSeconds - lengthSeconds);
  return [{ startSeconds, stopSeconds: startSeconds + lengthSeconds, number: period }];
}

/** Share of [from, to) during which it is on the air. */
export function onShare(activity: Activity, seed: number, fromSeconds: number, toSeconds: number): number {
  let seconds = 0;
  for (const { startSeconds, stopSeconds } of transmissionsBetween(activity, seed, fromSeconds, toSeconds)) {
    seconds += Math.min(stopSeconds, toSeconds) - Math.max(startSeconds, fromSeconds);
  }
  return seconds / (toSeconds - fromSeconds);
}

import type { Sweep } from '../../core/frames.ts';
import type { ReceiverInfo } from '../../core/records.ts';
import { dbFromPower, type LevelUnit, powerFromDb } from '../../core/units.ts';
import { hashOf, hashOfText } from '../random.ts';
import { onShare, transmissionsBetween } from './activity.ts';
import { type CityEmitter, type CityReceiverId, passingGain } from './emitter.ts';
import { PowerDraws, type PowerLines, powerLinesOf } from './lines.ts';

export interface SweepReceiverPlan {
  readonly id: CityReceiverId;
  readonly info: ReceiverInfo;
  readonly startHz: number;
  readonly stepHz: number;
  readonly points: number;
  readonly rbwHz: number;
  readonly sweepSeconds: number;
  /** Time that the receiver spends at each frequency. */
  readonly dwellSeconds: number;
  /** Mean noise level of a point. */
  readonly noiseLevel: number;
  readonly unit: LevelUnit;
  /** Periodograms that a point is the mean of. */
  readonly averages: number;
  readonly gainDb: number | null;
}

/** Weights below this much of the filter's top are left out. */
const FILTER_FLOOR = 1e-9;

interface Carrier {
  readonly emitter: CityEmitter;
  readonly seed: number;
  readonly power: number;
  /** A moment of modulation each: the points that it reaches, with the share of its power there. */
  readonly moments: readonly PointWeights[];
  readonly isTone: boolean;
}

interface PointWeights {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * A receiver that sweeps by itself. A point is the mean of `averages` powers behind a Gaussian filter of 3 dB width
 * `rbwHz`: noise and modulated emissions are gamma distributed, a steady carrier of amplitude a in noise of power p is
 * |a|² + 2·a·√(p/2N)·g + p·gamma. Sweep k is a function of the seed and k alone.
 */
export class SweepReceiver {
  readonly plan: SweepReceiverPlan;
  readonly #carriers: readonly Carrier[];
  readonly #draws: PowerDraws;
  readonly #seed: number;
  readonly #noiseLike: Float64Array;
  readonly #tones: Float64Array;

  constructor(plan: SweepReceiverPlan, emitters: readonly CityEmitter[], seed: number) {
    this.plan = plan;
    this.#seed = hashOf(seed, hashOfText(plan.id));
    this.#draws = new PowerDraws(plan.averages, this.#seed);
    this.#noiseLike = new Float64Array(plan.points);
    this.#tones = new Float64Array(plan.points);
    this.#carriers = emitters
      .filter(({ levels }) => levels[plan.id] !== undefined)
      .map((emitter) => {
        const own = hashOf(seed, hashOfText(emitter.name));
        return {
          emitter,
          seed: own,
          power: powerFromDb(emitter.levels[plan.id]!),
          moments: powerLinesOf(emitter.signal, own).map((lines) => pointWeights(lines, emitter.centerHz, plan)),
          isTone: emitter.signal.kind === 'cw' || emitter.signal.kind === 'am',
        };
      });
  }

  get frameSeconds(): number {
    return this.plan.sweepSeconds;
  }

  /** Sweep number `index` of a city that started at `startNs`. */
  frame(index: number, startNs: bigint): Sweep {
    const { id, startHz, stepHz, rbwHz, sweepSeconds, unit, gainDb } = this.plan;
    return {
      kind: 'sweep',
      receiver: id,
      sequence: index,
      timeNs: startNs + BigInt(Math.round(index * sweepSeconds * 1e9)),
      durationSeconds: sweepSeconds,
      startHz,
      stepHz,
      rbwHz,
      unit,
      powers: this.#levels(index),
      gainDb,
      flags: [],
    };
  }

  #levels(index: number): Float32Array {
    const { points, averages, noiseLevel } = this.plan;
    const noise = powerFromDb(noiseLevel);
    this.#noiseLike.fill(noise);
    this.#tones.fill(0);
    for (const carrier of this.#carriers) this.#add(carrier, index);
    const { powers, normals } = this.#draws;
    const first = hashOf(this.#seed, 5, index);
    const second = hashOf(this.#seed, 6, index);
    const levels = new Float32Array(points);
    for (let i = 0; i < points; i++) {
      const noiseLike = this.#noiseLike[i];
      const tone = this.#tones[i];
      let power = noiseLike * powers[(first + i) & PowerDraws.mask];
      if (tone > 0) {
        power += tone + 2 * Math.sqrt((tone * noiseLike) / (2 * averages)) * normals[(second + i) & PowerDraws.mask];
      }
      levels[i] = dbFromPower(Math.max(power, noise / 100));
    }
    return levels;
  }

  #add({ emitter, seed, power, moments, isTone }: Carrier, index: number): void {
    const { startHz, stepHz, points, sweepSeconds, dwellSeconds } = this.plan;
    const share = (emitter.centerHz - startHz) / (points * stepHz);
    const at = (index + share) * sweepSeconds;
    const on = onShare(emitter.activity, seed, Math.max(0, at - dwellSeconds / 2), at + dwellSeconds / 2);
    if (on <= 0) return;
    const gain = emitter.passing ? this.#passingGain(emitter, seed, at) : 1;
    const { first, weights } = moments[hashOf(seed, 4, index) % moments.length];
    const into = isTone ? this.#tones : this.#noiseLike;
    for (let i = 0; i < weights.length; i++) into[first + i] += on * gain * power * weights[i];
  }

  #passingGain({ activity, passing }: CityEmitter, seed: number, at: number): number {
    const [transmission] = transmissionsBetween(activity, seed, at, at);
    if (transmission === undefined || passing === undefined) return 1;
    return passingGain(passing, at - (transmission.startSeconds + transmission.stopSeconds) / 2);
  }
}

/** Share of the power that each point reads: |H(f)|² = exp(−4·ln 2·(f/rbw)²), 1 at the middle. */
function pointWeights(lines: PowerLines, centerHz: number, plan: SweepReceiverPlan): PointWeights {
  const { startHz, stepHz, points, rbwHz } = plan;
  const reachHz = rbwHz * Math.sqrt(-Math.log(FILTER_FLOOR) / (4 * Math.LN2));
  const lowHz = centerHz + Math.min(...lines.offsetsHz) - reachHz;
  const highHz = centerHz + Math.max(...lines.offsetsHz) + reachHz;
  const first = Math.max(0, Math.ceil((lowHz - startHz) / stepHz));
  const last = Math.min(points - 1, Math.floor((highHz - startHz) / stepHz));
  const weights = new Float64Array(Math.max(0, last - first + 1));
  for (let i = 0; i < weights.length; i++) {
    const pointHz = startHz + (first + i) * stepHz - centerHz;
    for (let k = 0; k < lines.shares.length; k++) {
      const x = (pointHz - lines.offsetsHz[k]) / rbwHz;
      weights[i] += lines.shares[k] * Math.exp(-4 * Math.LN2 * x * x);
    }
  }
  return { first, weights };
}

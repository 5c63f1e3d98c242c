/**
 * Scenes: what a receiver would hear, and the truth of it.
 *
 *     const scene: Scene = {
 *       seed: 1,
 *       receiver: { sampleRateHz: 250_000, centerHz: 433_920_000, format: 'cu8', noiseDbfs: -40, dcSpikeDbfs: -45 },
 *       emitters: [
 *         { name: 'handheld', signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
 *           centerHz: 433_945_000, powerDbfs: -20, schedule: [[0.2, 0.9]] },
 *         { name: 'key fob', signal: { kind: 'ook', bitRateHz: 2_000 },
 *           centerHz: 433_900_000, snrDb: 25, schedule: { periodSeconds: 0.4, onSeconds: 0.05 } },
 *       ],
 *     };
 *     const { samples, truth, clipped } = renderScene(scene, 1.0);   // 250,000 pairs of cu8, and what is in them
 *     const stream = new SceneRenderer(scene);                       // or piece by piece, for ever:
 *     stream.read(4096);                                             // the same samples, whatever the block size
 *
 * Levels are dBFS of mean power while on the air (a tone of amplitude 1 is 0 dBFS); `snrDb` is against the noise
 * in the emission's occupied bandwidth. The noise is true Gaussian (polar method), the seed decides everything.
 */
import type { SampleFormat } from '../core/frames.ts';
import { powerFromDb } from '../core/units.ts';
import type { Fading } from './fading.ts';
import { Oscillator } from './oscillator.ts';
import { quantise } from './quantise.ts';
import {
  actualTuning,
  applyFrontEnd,
  applyNonlinearity,
  NoiseFloor,
  type ReceiverModel,
  rollOffMagnitude,
  SHAPE_TAPS,
  ShapeFilter,
  shapeTaps,
} from './receiver-model.ts';
import type { Schedule } from './schedule.ts';
import type { Signal } from './signal.ts';
import { Transmitter } from './transmitter.ts';
import { type SceneTruth, truthOf } from './truth.ts';

export interface Emitter {
  readonly name: string;
  readonly signal: Signal;
  /** Centre of the emission, Hz, as it really is. */
  readonly centerHz: number;
  /** Mean power on the air: one of the two. */
  readonly powerDbfs?: number;
  readonly snrDb?: number;
  /** `always` unless given. */
  readonly schedule?: Schedule;
  readonly fading?: Fading;
  /** Steady drift of the centre from the start of the scene on. */
  readonly driftHzPerSecond?: number;
  /** Time over which a transmission rises and falls (raised cosine, within its times); 1 ms, or a 20th of it. */
  readonly rampSeconds?: number;
}

export interface Scene {
  readonly seed: number;
  readonly receiver: ReceiverModel;
  readonly emitters: readonly Emitter[];
}

export interface RenderedScene {
  /** As the receiver would send them. */
  readonly samples: Uint8Array;
  readonly format: SampleFormat;
  readonly pairs: number;
  /** Values held at the end of the converter's range. */
  readonly clipped: number;
  readonly truth: SceneTruth;
}

export function renderScene(scene: Scene, durationSeconds: number): RenderedScene {
  const pairs = Math.round(durationSeconds * scene.receiver.sampleRateHz);
  const { samples, clipped } = new SceneRenderer(scene).read(pairs);
  return { samples, format: scene.receiver.format, pairs, clipped, truth: truthOf(scene, durationSeconds) };
}

/** Rendering happens in grains of this many pairs from sample 0, so block sizes cannot matter. */
const GRAIN = 1024;

/** A scene as an endless stream of samples. */
export class SceneRenderer {
  readonly #scene: Scene;
  readonly #noise: NoiseFloor;
  readonly #transmitters: readonly Transmitter[];
  readonly #spurs: readonly { readonly oscillator: Oscillator; readonly amplitude: number }[];
  readonly #antiAlias: ShapeFilter | null;
  readonly #grain = new Float64Array(2 * GRAIN);
  readonly #scratch = new Float64Array(2 * GRAIN);
  /** Pairs of the present grain that have been given out. */
  #used = GRAIN;
  #rendered = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    const { receiver } = scene;
    const tuning = actualTuning(receiver);
    this.#noise = new NoiseFloor(receiver, scene.seed);
    this.#transmitters = scene.emitters.map((emitter) => new Transmitter(scene, emitter, tuning));
    this.#spurs = (receiver.spurs ?? []).map(({ offsetHz, levelDbfs }) => ({
      oscillator: new Oscillator(offsetHz / receiver.sampleRateHz),
      amplitude: Math.sqrt(powerFromDb(levelDbfs)),
    }));
    this.#antiAlias = receiver.rollOffShare
      ? new ShapeFilter(shapeTaps(rollOffMagnitude(receiver.rollOffShare)))
      : null;
    if (this.#antiAlias !== null) {
      // The filter's delay is taken out: what comes first is the answer to sample 0.
      this.#renderGrain();
      this.#used = (SHAPE_TAPS - 1) / 2;
    }
  }

  /** The next `pairs` samples in the receiver's format, and how many values were clipped. */
  read(pairs: number): { readonly samples: Uint8Array; readonly clipped: number } {
    return quantise(this.#scene.receiver.format, this.readValues(pairs), pairs);
  }

  /** The next `pairs` samples before the converter: interleaved, full scale ±1. */
  readValues(pairs: number): Float64Array {
    const values = new Float64Array(2 * pairs);
    for (let done = 0; done < pairs; ) {
      if (this.#used === GRAIN) {
        this.#renderGrain();
        this.#used = 0;
      }
      const count = Math.min(GRAIN - this.#used, pairs - done);
      values.set(this.#grain.subarray(2 * this.#used, 2 * (this.#used + count)), 2 * done);
      this.#used += count;
      done += count;
    }
    return values;
  }

  #renderGrain(): void {
    const grain = this.#grain;
    const scratch = this.#scratch;
    this.#noise.fill(grain, GRAIN);
    for (const transmitter of this.#transmitters) transmitter.addTo(grain, scratch, this.#rendered, GRAIN);
    this.#antiAlias?.run(grain, GRAIN);
    applyNonlinearity(this.#scene.receiver, grain, GRAIN);
    applyFrontEnd(this.#scene.receiver, grain, GRAIN);
    for (const { oscillator, amplitude } of this.#spurs) {
      oscillator.fill(scratch, 0, GRAIN);
      for (let i = 0; i < 2 * GRAIN; i++) grain[i] += amplitude * scratch[i];
    }
    this.#rendered += GRAIN;
  }
}

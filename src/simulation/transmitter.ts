import { powerFromDb } from '../core/units.ts';
import { FadingGain } from './fading.ts';
import { Oscillator } from './oscillator.ts';
import { hashOf, hashOfText } from './random.ts';
import type { Emitter, Scene } from './scene.ts';
import { type Transmission, transmissionAt } from './schedule.ts';
import type { SignalSource } from './signal.ts';
import { createSource } from './signals/create.ts';
import { emitterPowerDbfs } from './truth.ts';

const RAMP_SECONDS = 0.001;
const RAMP_SHARE = 0.05;

/** One emitter as the receiver hears it. Each of its transmissions starts its audio or data anew. */
export class Transmitter {
  readonly #emitter: Emitter;
  readonly #sampleRateHz: number;
  readonly #seed: number;
  readonly #amplitude: number;
  readonly #shift: Oscillator;
  readonly #fading: FadingGain | null;
  #carrier = new Float64Array(0);
  #index = -1;
  #source: SignalSource | null = null;
  /** First sample of the present transmission and of the silence after it; its ramps, samples. */
  #start = 0;
  #stop = 0;
  #ramp = 0;

  constructor(scene: Scene, emitter: Emitter, tuning: { readonly centerHz: number; readonly sampleRateHz: number }) {
    this.#emitter = emitter;
    this.#sampleRateHz = tuning.sampleRateHz;
    this.#seed = hashOf(scene.seed, hashOfText(emitter.name));
    this.#amplitude = Math.sqrt(powerFromDb(emitterPowerDbfs(emitter, scene.receiver)));
    this.#shift = new Oscillator((emitter.centerHz - tuning.centerHz) / tuning.sampleRateHz, this.#seed / 2 ** 32);
    this.#fading = emitter.fading ? new FadingGain(emitter.fading, tuning.sampleRateHz, this.#seed) : null;
    this.#next();
  }

  /** Adds the `pairs` samples from sample `from` of the scene on; calls follow each other without a gap. */
  addTo(grain: Float64Array, scratch: Float64Array, from: number, pairs: number): void {
    while (this.#source !== null && this.#start < from + pairs) {
      const begin = Math.max(this.#start, from);
      const end = Math.min(this.#stop, from + pairs);
      if (end > begin) this.#addRun(grain, scratch, from, begin, end);
      if (this.#stop > from + pairs) return;
      this.#next();
    }
  }

  #addRun(grain: Float64Array, scratch: Float64Array, from: number, begin: number, end: number): void {
    const first = begin - from;
    const pairs = end - begin;
    this.#source!.fill(scratch, first, pairs);
    this.#fading?.apply(scratch, first, pairs, begin);
    if (this.#ramp > 0) this.#applyRamp(scratch, first, begin, end);
    if (this.#emitter.driftHzPerSecond) this.#applyDrift(scratch, first, begin, end);
    if (this.#carrier.length < 2 * pairs) this.#carrier = new Float64Array(2 * pairs);
    const carrier = this.#carrier;
    this.#shift.seek(begin);
    this.#shift.fill(carrier, 0, pairs);
    for (let n = 0; n < pairs; n++) {
      const at = 2 * (first + n);
      const re = this.#amplitude * carrier[2 * n];
      const im = this.#amplitude * carrier[2 * n + 1];
      grain[at] += scratch[at] * re - scratch[at + 1] * im;
      grain[at + 1] += scratch[at] * im + scratch[at + 1] * re;
    }
  }

  #applyRamp(data: Float64Array, first: number, begin: number, end: number): void {
    for (let n = begin; n < end; n++) {
      const edge = Math.min(n - this.#start + 0.5, this.#stop - n - 0.5);
      if (edge >= this.#ramp) continue;
      const gain = 0.5 - 0.5 * Math.cos((Math.PI * edge) / this.#ramp);
      const at = 2 * (first + n - begin);
      data[at] *= gain;
      data[at + 1] *= gain;
    }
  }

  /** Turns by ½·k·t² cycles: the frequency then rises by k Hz a second. */
  #applyDrift(data: Float64Array, first: number, begin: number, end: number): void {
    for (let n = begin; n < end; n++) {
      const t = n / this.#sampleRateHz;
      const cycles = 0.5 * this.#emitter.driftHzPerSecond! * t * t;
      const angle = 2 * Math.PI * (cycles - Math.floor(cycles));
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const at = 2 * (first + n - begin);
      const re = data[at];
      data[at] = re * cos - data[at + 1] * sin;
      data[at + 1] = re * sin + data[at + 1] * cos;
    }
  }

  #next(): void {
    this.#index++;
    const next = transmissionAt(this.#emitter.schedule ?? 'always', this.#index);
    if (next === null) {
      this.#source = null;
      return;
    }
    this.#start = Math.round(next.startSeconds * this.#sampleRateHz);
    this.#stop = Math.round(next.stopSeconds * this.#sampleRateHz);
    this.#ramp = Math.round(rampSeconds(this.#emitter, next) * this.#sampleRateHz);
    this.#source = createSource(this.#emitter.signal, this.#sampleRateHz, hashOf(this.#seed, this.#index));
  }
}

function rampSeconds(emitter: Emitter, transmission: Transmission): number {
  if (transmission.stopSeconds === Number.POSITIVE_INFINITY) return 0;
  const durationSeconds = transmission.stopSeconds - transmission.startSeconds;
  return emitter.rampSeconds ?? Math.min(RAMP_SECONDS, RAMP_SHARE * durationSeconds);
}

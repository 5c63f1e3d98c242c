import type { IqBlock } from '../../core/frames.ts';
import type { ReceiverInfo } from '../../core/records.ts';
import { powerFromDb } from '../../core/units.ts';
import { Oscillator } from '../oscillator.ts';
import { hashOf, hashOfText } from '../random.ts';
import type { IqImbalance } from '../receiver-model.ts';
import { type CityTransmission, transmissionsBetween } from './activity.ts';
import { type CityEmitter, type CityReceiverId, passingGain } from './emitter.ts';
import { type Loop, renderLoop } from './loops.ts';
import { NOISE_CHUNK_PAIRS, NoiseTable } from './noise-table.ts';

export interface IqReceiverPlan {
  readonly id: CityReceiverId;
  readonly info: ReceiverInfo;
  readonly centerHz: number;
  readonly sampleRateHz: number;
  readonly pairsPerBlock: number;
  readonly gainDb: number;
  readonly noiseDbfs: number;
  readonly dcSpikeDbfs: number;
  readonly iqImbalance: IqImbalance;
  /** Length of the loops of signal; shorter ones are made sooner, for a receiver that is tuned to and fro. */
  readonly loopSeconds?: number;
  /** Its reference oscillator runs fast by so many millionths: it is tuned that much too high and believes otherwise. */
  readonly clockErrorPpm?: number;
}

/** −3 dB of the anti-alias filter, as a share of the sample rate. */
const ROLL_OFF_SHARE = 0.475;
/** Length of the loops of signal: at every rate and raster of the city a whole number of cycles of every offset. */
const LOOP_SECONDS = 2.048;
const VOICE_LOOPS = 4;
const RAMP_SECONDS = 0.002;
const BURST_RAMP_SECONDS = 0.000_05;

interface Voice {
  readonly emitter: CityEmitter;
  readonly seed: number;
  readonly loop: Loop;
  readonly shift: Oscillator;
  readonly amplitude: number;
}

/** A receiver that sends cu8 samples. Block k is a function of the seed and k alone. */
export class IqReceiver {
  readonly plan: IqReceiverPlan;
  readonly #noise: NoiseTable;
  readonly #bed: Loop;
  readonly #voices: readonly Voice[];
  readonly #work: Float32Array;
  readonly #carrier: Float64Array;

  /** `like`: the same receiver at another tuning, whose noise is its own. */
  constructor(plan: IqReceiverPlan, emitters: readonly CityEmitter[], seed: number, like?: IqReceiver) {
    this.plan = plan;
    const own = hashOf(seed, hashOfText(plan.id));
    const sigma = Math.sqrt(powerFromDb(plan.noiseDbfs) / 2);
    this.#noise = like === undefined ? new NoiseTable(own, sigma, ROLL_OFF_SHARE) : like.#noise;
    this.#work = new Float32Array(2 * plan.pairsPerBlock);
    this.#carrier = new Float64Array(2 * plan.pairsPerBlock);
    const heard = emitters.filter(({ levels }) => levels[plan.id] !== undefined);
    this.#bed = this.#makeBed(heard.filter(({ activity }) => activity === 'always'));
    const loops = new Map<string, Loop>();
    this.#voices = heard
      .filter(({ activity }) => activity !== 'always')
      .map((emitter) => {
        const key = JSON.stringify(emitter.signal);
        const loop = loops.get(key) ?? this.#makeLoop(emitter, own);
        loops.set(key, loop);
        return {
          emitter,
          seed: hashOf(seed, hashOfText(emitter.name)),
          loop,
          shift: new Oscillator(offsetHz(emitter, plan) / plan.sampleRateHz),
          amplitude: amplitudeOf(emitter, plan.id),
        };
      });
  }

  get frameSeconds(): number {
    return this.plan.pairsPerBlock / this.plan.sampleRateHz;
  }

  /** Block number `index` of a city that started at `startNs`. The samples are new and belong to the caller. */
  frame(index: number, startNs: bigint): IqBlock {
    const { id, centerHz, sampleRateHz, pairsPerBlock, gainDb } = this.plan;
    const { samples, clipped } = this.#render(index * pairsPerBlock);
    return {
      kind: 'iq',
      receiver: id,
      sequence: index % 2 ** 32,
      timeNs: startNs + BigInt(Math.round(index * this.frameSeconds * 1e9)),
      centerHz,
      sampleRateHz,
      format: 'cu8',
      samples,
      pairs: pairsPerBlock,
      gainDb,
      gnssTime: false,
      lostBefore: false,
      overload: clipped > pairsPerBlock / 1000,
    };
  }

  #render(start: number): { samples: Uint8Array; clipped: number } {
    const work = this.#work;
    const pairs = this.plan.pairsPerBlock;
    for (let at = 0; at < pairs; at += NOISE_CHUNK_PAIRS) {
      this.#noise.fill(work, 2 * at, (start + at) / NOISE_CHUNK_PAIRS);
    }
    const bed = this.#bed.values;
    for (let i = 0, at = (2 * start) % bed.length; i < work.length; i++) {
      work[i] += bed[at];
      at = at + 1 === bed.length ? 0 : at + 1;
    }
    for (const voice of this.#voices) this.#addVoice(voice, start);
    return quantiseCu8(work, this.plan);
  }

  #addVoice(voice: Voice, start: number): void {
    const { sampleRateHz, pairsPerBlock } = this.plan;
    const from = start / sampleRateHz;
    const to = (start + pairsPerBlock) / sampleRateHz;
    for (const transmission of transmissionsBetween(voice.emitter.activity, voice.seed, from, to)) {
      this.#addTransmission(voice, transmission, start);
    }
  }

  #addTransmission(voice: Voice, transmission: CityTransmission, start: number): void {
    const { sampleRateHz, pairsPerBlock } = this.plan;
    const on = Math.round(transmission.startSeconds * sampleRateHz);
    const off = Math.round(transmission.stopSeconds * sampleRateHz);
    const begin = Math.max(on, start);
    const end = Math.min(off, start + pairsPerBlock);
    if (end <= begin) return;
    const rampSeconds = transmission.stopSeconds - transmission.startSeconds < 1 ? BURST_RAMP_SECONDS : RAMP_SECONDS;
    const ramp = rampSeconds * sampleRateHz;
    voice.shift.seek(begin);
    voice.shift.fill(this.#carrier, 0, end - begin);
    const work = this.#work;
    const carrier = this.#carrier;
    const { values, pairs } = voice.loop;
    const { passing } = voice.emitter;
    const sinceClosest = begin / sampleRateHz - (transmission.startSeconds + transmission.stopSeconds) / 2;
    const amplitude = voice.amplitude * (passing ? Math.sqrt(passingGain(passing, sinceClosest)) : 1);
    // Every transmission says something else: it starts at its own place of the loop.
    let at = 2 * ((begin - on + (hashOf(voice.seed, transmission.number) % pairs)) % pairs);
    for (let n = begin; n < end; n++) {
      const edge = Math.min(n - on + 0.5, off - n - 0.5) / ramp;
      const gain = edge >= 1 ? amplitude : amplitude * (0.5 - 0.5 * Math.cos(Math.PI * edge));
      const re = gain * carrier[2 * (n - begin)];
      const im = gain * carrier[2 * (n - begin) + 1];
      work[2 * (n - start)] += values[at] * re - values[at + 1] * im;
      work[2 * (n - start) + 1] += values[at] * im + values[at + 1] * re;
      at = at + 2 === values.length ? 0 : at + 2;
    }
  }

  #makeLoop({ name, signal }: CityEmitter, seed: number): Loop {
    const { loopSeconds = LOOP_SECONDS } = this.plan;
    const seconds = signal.kind === 'nfm' ? VOICE_LOOPS * loopSeconds : loopSeconds;
    const pairs = Math.round(seconds * this.plan.sampleRateHz);
    return renderLoop(signal, this.plan.sampleRateHz, pairs, hashOf(seed, hashOfText(name)));
  }

  /** All that is always on the air, at its place in the span, as one loop. */
  #makeBed(emitters: readonly CityEmitter[]): Loop {
    const { id, sampleRateHz, loopSeconds = LOOP_SECONDS } = this.plan;
    const pairs = emitters.length === 0 ? 1 : Math.round(loopSeconds * sampleRateHz);
    const values = new Float32Array(2 * pairs);
    const carrier = new Float64Array(2 * pairs);
    for (const emitter of emitters) {
      const loop = this.#makeLoop(emitter, hashOf(hashOfText(id)));
      const shift = new Oscillator(offsetHz(emitter, this.plan) / sampleRateHz);
      const amplitude = amplitudeOf(emitter, id);
      shift.fill(carrier, 0, pairs);
      for (let i = 0; i < 2 * pairs; i += 2) {
        values[i] += amplitude * (loop.values[i] * carrier[i] - loop.values[i + 1] * carrier[i + 1]);
        values[i + 1] += amplitude * (loop.values[i] * carrier[i + 1] + loop.values[i + 1] * carrier[i]);
      }
    }
    return { values, pairs };
  }
}

/** Where the receiver sees an emitter, from its centre: a whole number of cycles a loop, half a hertz at most from the truth. */
function offsetHz(
  emitter: CityEmitter,
  { centerHz, clockErrorPpm = 0, loopSeconds = LOOP_SECONDS }: IqReceiverPlan,
): number {
  const factor = 1 + clockErrorPpm * 1e-6;
  return Math.round((emitter.centerHz / factor - centerHz) * loopSeconds) / loopSeconds;
}

function amplitudeOf(emitter: CityEmitter, receiver: CityReceiverId): number {
  return Math.sqrt(powerFromDb(emitter.levels[receiver]!));
}

/** Imbalance, DC offset and the 8-bit converter in one pass. */
function quantiseCu8(work: Float32Array, plan: IqReceiverPlan): { samples: Uint8Array; clipped: number } {
  const samples = new Uint8Array(work.length);
  const dc = Math.sqrt(powerFromDb(plan.dcSpikeDbfs) / 2) * 127.5 + 128;
  const g = 10 ** (plan.iqImbalance.gainDb / 20);
  const phase = (plan.iqImbalance.phaseDegrees * Math.PI) / 180;
  const fromQ = 127.5 * g * Math.cos(phase);
  const fromI = 127.5 * g * Math.sin(phase);
  let clipped = 0;
  for (let i = 0; i < work.length; i += 2) {
    let inPhase = Math.floor(127.5 * work[i] + dc);
    let quadrature = Math.floor(fromQ * work[i + 1] + fromI * work[i] + dc);
    if (inPhase < 0 || inPhase > 255) {
      clipped++;
      inPhase = inPhase < 0 ? 0 : 255;
    }
    if (quadrature < 0 || quadrature > 255) {
      clipped++;
      quadrature = quadrature < 0 ? 0 : 255;
    }
    samples[i] = inPhase;
    samples[i + 1] = quadrature;
  }
  return { samples, clipped };
}

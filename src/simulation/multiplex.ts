import { type AudioSource, type AudioSpec, audioSource } from './audio.ts';
import { RdsBits } from './rds.ts';
import type { RdsService } from './signal.ts';

/** Shares of the full deviation (ITU-R BS.450): pilot 8–10 %, RDS 1–10 %, the sound the rest. */
const PILOT_SHARE = 0.09;
const RDS_SHARE = 0.04;
const PILOT_HZ = 19_000;
/** 57 kHz / 48: a bit of RDS (IEC 62106). */
const RDS_BITS_PER_PILOT_CYCLE = 1 / 16;

/**
 * Stereo multiplex of FM broadcasting, full scale 1:
 *
 *     m = s·[(L+R)/2 + (L−R)/2·sin 2θ] + 0.09·sin θ + 0.04·b(t)·sin 3θ,   θ = 2π·19 kHz·t
 *
 * b(t) is the biphase data of RDS, here with half-sine symbols (a near relative of the cosine filter of IEC 62106).
 */
export class MultiplexSource implements AudioSource {
  readonly #left: AudioSource;
  readonly #right: AudioSource | null;
  readonly #rds: RdsBits | null;
  readonly #pilotCyclesPerSample: number;
  readonly #soundShare: number;
  #sample = 0;
  #bitNumber = -1;
  #bitSign = 1;

  constructor(audio: AudioSpec, stereo: boolean, rds: RdsService | null, sampleRateHz: number, seed: number) {
    this.#left = audioSource(audio, sampleRateHz, seed, 1);
    this.#right = stereo ? audioSource(audio, sampleRateHz, seed, 2) : null;
    this.#rds = rds === null ? null : new RdsBits(rds);
    this.#pilotCyclesPerSample = PILOT_HZ / sampleRateHz;
    this.#soundShare = 1 - (stereo ? PILOT_SHARE : 0) - (rds === null ? 0 : RDS_SHARE);
  }

  next(): number {
    const pilotCycles = this.#pilotCyclesPerSample * this.#sample++;
    const left = this.#left.next();
    if (this.#right === null && this.#rds === null) return left;
    const theta = 2 * Math.PI * (pilotCycles - Math.floor(pilotCycles));
    const sin = Math.sin(theta);
    let value = this.#soundShare * left;
    if (this.#right !== null) {
      // Left and right of a programme have most of their sound in common.
      const side = 0.3 * this.#right.next();
      value = this.#soundShare * ((left + side * Math.sin(2 * theta)) / 1.3) + PILOT_SHARE * sin;
    }
    if (this.#rds !== null) value += RDS_SHARE * this.#biphase(pilotCycles) * sin * (3 - 4 * sin * sin);
    return value;
  }

  #biphase(pilotCycles: number): number {
    const bits = pilotCycles * RDS_BITS_PER_PILOT_CYCLE;
    const number = Math.floor(bits);
    while (this.#bitNumber < number) {
      this.#bitNumber++;
      if (this.#rds!.next() === 1) this.#bitSign = -this.#bitSign;
    }
    return this.#bitSign * Math.sin(2 * Math.PI * (bits - number));
  }
}

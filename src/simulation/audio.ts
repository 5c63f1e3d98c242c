import { type Biquad, biquad, butterworth } from './fir.ts';
import { Random } from './random.ts';

/** What modulates: `voice` and `programme` are random and limited to ±1; a tone is a sine of peak 1. */
export type AudioSpec = 'voice' | 'programme' | 'silence' | { readonly toneHz: number };

/** One audio sample in [−1, 1] for each sample of the signal. */
export interface AudioSource {
  next(): number;
}

/** Root mean square of a source: for the mean power of an AM emission. That of speech is its long-time value. */
export function audioRms(audio: AudioSpec): number {
  if (audio === 'silence') return 0;
  if (audio === 'voice') return VOICE_RMS;
  return audio === 'programme' ? PROGRAMME_RMS : Math.SQRT1_2;
}

export const VOICE_RMS = 0.2;
export const PROGRAMME_RMS = 0.3;
/** Highest audio frequency, Hz: telephony of ITU-R SM.1138 rounded up, and FM broadcasting. */
export const VOICE_TOP_HZ = 3_000;
export const PROGRAMME_TOP_HZ = 15_000;

export function audioTopHz(audio: AudioSpec): number {
  if (audio === 'silence') return 0;
  if (audio === 'voice') return VOICE_TOP_HZ;
  return audio === 'programme' ? PROGRAMME_TOP_HZ : audio.toneHz;
}

export function audioSource(audio: AudioSpec, sampleRateHz: number, ...seed: readonly number[]): AudioSource {
  if (audio === 'silence') return { next: () => 0 };
  if (audio === 'voice') return new Interpolated(voice(new Random(...seed)), VOICE_RATE_HZ / sampleRateHz);
  if (audio === 'programme') return new Interpolated(programme(new Random(...seed)), PROGRAMME_RATE_HZ / sampleRateHz);
  return tone(audio.toneHz / sampleRateHz);
}

/** Sine without drift: the phase is n·f/fs of an integer n, taken modulo 1 before it is used. */
function tone(cyclesPerSample: number): AudioSource {
  let n = 0;
  return {
    next: () => {
      const cycles = cyclesPerSample * n++;
      return Math.sin(2 * Math.PI * (cycles - Math.floor(cycles)));
    },
  };
}

/** Reads a slow source at a higher rate: cubic (Catmull-Rom) through four of its samples. */
export class Interpolated implements AudioSource {
  readonly #slow: () => number;
  readonly #ratio: number;
  #position = 0;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(slow: () => number, ratio: number) {
    this.#slow = slow;
    this.#ratio = ratio;
    this.#b = slow();
    this.#c = slow();
    this.#d = slow();
  }

  next(): number {
    while (this.#position >= 1) {
      this.#position -= 1;
      this.#a = this.#b;
      this.#b = this.#c;
      this.#c = this.#d;
      this.#d = this.#slow();
    }
    const t = this.#position;
    const b = this.#b;
    const cubic = 3 * (b - this.#c) + this.#d - this.#a;
    const square = 2 * this.#a - 5 * b + 4 * this.#c - this.#d;
    this.#position += this.#ratio;
    return b + 0.5 * t * (this.#c - this.#a + t * (square + t * cubic));
  }
}

export const VOICE_RATE_HZ = 24_000;

/**
 * Speech-like sound: a glottal pulse train (or breath) through three formants that change with each syllable,
 * about four syllables a second with pauses, limited, 300–3000 Hz.
 */
function voice(random: Random): () => number {
  const shape = [
    ...butterworth('high', 300 / VOICE_RATE_HZ, 2),
    ...butterworth('low', VOICE_TOP_HZ / VOICE_RATE_HZ, 8),
  ];
  let left = 0;
  let length = 1;
  let loudness = 0;
  let pitchHz = 120;
  let voiced = true;
  let cycle = 0;
  let formants: Biquad[] = [];
  const syllable = (): void => {
    length = Math.round(VOICE_RATE_HZ * random.between(0.12, 0.32));
    left = length;
    loudness = random.uniform() < 0.15 ? 0 : random.between(0.6, 1);
    voiced = random.uniform() < 0.8;
    pitchHz = random.between(95, 190);
    formants = [random.between(350, 800), random.between(900, 1900), random.between(2200, 2900)].map((hz) =>
      biquad('low', hz / VOICE_RATE_HZ, 4),
    );
  };
  return () => {
    if (left === 0) syllable();
    left--;
    cycle += pitchHz / VOICE_RATE_HZ;
    const pulse = cycle >= 1;
    if (pulse) cycle -= 1;
    const excitation = voiced ? (pulse ? 12 : 0) + 0.05 * random.gaussian() : 0.7 * random.gaussian();
    let sound = 0;
    for (const formant of formants) sound += formant.next(excitation);
    const envelope = loudness * Math.sin((Math.PI * (length - left)) / length);
    let value = 0.95 * Math.tanh(0.55 * envelope * sound);
    for (const section of shape) value = section.next(value);
    return limited(value);
  };
}

const PROGRAMME_RATE_HZ = 64_000;

/**
 * Music-like programme: the coloured noise with which broadcast measurements are made (falling from 100 Hz to
 * 15 kHz, in the manner of ITU-R BS.559) under a beat and slow changes of loudness, 50 µs pre-emphasis, limited.
 */
function programme(random: Random): () => number {
  const low = biquad('high', 40 / PROGRAMME_RATE_HZ, Math.SQRT1_2);
  const warm = biquad('low', 900 / PROGRAMME_RATE_HZ, 0.5);
  const bright = biquad('low', 5_000 / PROGRAMME_RATE_HZ, 0.5);
  const top = butterworth('low', (PROGRAMME_TOP_HZ * 0.9) / PROGRAMME_RATE_HZ, 8);
  const emphasis = 50e-6 * PROGRAMME_RATE_HZ;
  const beatSamples = PROGRAMME_RATE_HZ / 2;
  let at = 0;
  let loudness = 0.8;
  let before = 0;
  return () => {
    if (at === beatSamples) {
      at = 0;
      loudness = random.between(0.6, 1);
    }
    const beat = 0.55 + 0.45 * Math.exp((-3 * at++) / beatSamples);
    const white = low.next(random.gaussian());
    const coloured = 2.6 * warm.next(white) + 0.35 * bright.next(white);
    // First-order pre-emphasis 1 + s·τ as a difference, before the limiter as in a broadcast processor.
    const emphasised = coloured + emphasis * 0.5 * (coloured - before);
    before = coloured;
    let value = 0.9 * Math.tanh(1.5 * loudness * beat * emphasised);
    for (const section of top) value = section.next(value);
    return limited(value);
  };
}

function limited(value: number): number {
  return value > 1 ? 1 : value < -1 ? -1 : value;
}

import { Random } from './random.ts';

/** Flat fading of mean power gain 1: Rayleigh, or Rician with a direct path `kDb` over the scattered power. */
export interface Fading {
  readonly dopplerHz: number;
  readonly kDb?: number;
}

/** Scattered paths: enough for the envelope to be Rayleigh within a per cent or two. */
const PATHS = 24;
/** The gain is worked out at least this often in a period of the Doppler shift, and drawn straight between. */
const STEPS_PER_PERIOD = 100;
const STEP_MAX = 256;

/**
 * Sum of paths that arrive from all round (Clarke's model): g(t) = Σ e^(j(2π·f_d·cos α_i·t + φ_i))/√P,
 * angles α spread evenly from a quarter step on, so that no two Doppler shifts are equal, phases φ random.
 */
export class FadingGain {
  readonly #cyclesPerSample: Float64Array;
  readonly #phases: Float64Array;
  readonly #scattered: number;
  readonly #direct: number;
  /** Samples from one point of the gain to the next. */
  readonly #step: number;

  constructor(fading: Fading, sampleRateHz: number, seed: number) {
    const random = new Random(seed, 3);
    this.#cyclesPerSample = Float64Array.from(
      { length: PATHS },
      (_, i) => (fading.dopplerHz / sampleRateHz) * Math.cos((2 * Math.PI * (i + 0.25)) / PATHS),
    );
    const wanted = Math.floor(sampleRateHz / (STEPS_PER_PERIOD * fading.dopplerHz));
    this.#step = Math.max(1, Math.min(STEP_MAX, wanted));
    this.#phases = Float64Array.from({ length: PATHS }, () => random.uniform());
    const k = fading.kDb === undefined ? 0 : 10 ** (fading.kDb / 10);
    this.#direct = Math.sqrt(k / (k + 1));
    this.#scattered = 1 / Math.sqrt((k + 1) * PATHS);
  }

  /** Multiplies `pairs` samples, which begin at sample `start` of the scene, in place. */
  apply(data: Float64Array, first: number, pairs: number, start: number): void {
    let n = 0;
    while (n < pairs) {
      const stepStart = Math.floor((start + n) / this.#step) * this.#step;
      const [re0, im0] = this.#gainAt(stepStart);
      const [re1, im1] = this.#gainAt(stepStart + this.#step);
      for (; n < pairs && start + n < stepStart + this.#step; n++) {
        const share = (start + n - stepStart) / this.#step;
        const re = re0 + share * (re1 - re0);
        const im = im0 + share * (im1 - im0);
        const at = 2 * (first + n);
        const x = data[at];
        data[at] = x * re - data[at + 1] * im;
        data[at + 1] = x * im + data[at + 1] * re;
      }
    }
  }

  #gainAt(sample: number): [number, number] {
    let re = this.#direct;
    let im = 0;
    for (let i = 0; i < PATHS; i++) {
      const cycles = this.#cyclesPerSample[i] * sample + this.#phases[i];
      const angle = 2 * Math.PI * (cycles - Math.floor(cycles));
      re += this.#scattered * Math.cos(angle);
      im += this.#scattered * Math.sin(angle);
    }
    return [re, im];
  }
}

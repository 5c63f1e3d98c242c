/**
 * Complex oscillator e^(j·2π·f·n/fs) that never drifts.
 *
 * The frequency is an integer number of steps of fs/2^48 (3.6 nHz at 1 MS/s), and the phase of sample n is
 * (step·n + start) mod 2^48 in exact integers. Within a run of at most RUN samples the phasor is turned by a
 * complex product, whose error stays below 1e-12; every run starts from the exact phase again.
 */
const TURN = 2n ** 48n;
const TURN_NUMBER = 2 ** 48;
const RUN = 1024;

export class Oscillator {
  readonly #step: bigint;
  readonly #start: bigint;
  readonly #turnRe: number;
  readonly #turnIm: number;
  #sample = 0n;

  /** `cyclesPerSample` in (−∞, ∞), taken modulo 1; `startCycles` is the phase of sample 0. */
  constructor(cyclesPerSample: number, startCycles = 0) {
    this.#step = fraction(cyclesPerSample);
    this.#start = fraction(startCycles);
    const angle = (2 * Math.PI * Number(this.#step)) / TURN_NUMBER;
    this.#turnRe = Math.cos(angle);
    this.#turnIm = Math.sin(angle);
  }

  /** Goes to sample `n` ≥ 0. */
  seek(n: number): void {
    this.#sample = BigInt(n);
  }

  /** Writes `pairs` phasors, interleaved, from `out[2·first]` on, and goes on by as many samples. */
  fill(out: Float64Array, first: number, pairs: number): void {
    let done = 0;
    while (done < pairs) {
      // Runs end at multiples of RUN from sample 0, so the same samples come out however they are asked for.
      const intoRun = Number(this.#sample % BigInt(RUN));
      const count = Math.min(RUN - intoRun, pairs - done);
      this.#fillRun(out, first + done, count, intoRun);
      done += count;
      this.#sample += BigInt(count);
    }
  }

  #fillRun(out: Float64Array, first: number, count: number, intoRun: number): void {
    const runStart = this.#sample - BigInt(intoRun);
    const phase = (this.#start + this.#step * runStart) % TURN;
    const angle = (2 * Math.PI * Number(phase)) / TURN_NUMBER;
    let re = Math.cos(angle);
    let im = Math.sin(angle);
    const turnRe = this.#turnRe;
    const turnIm = this.#turnIm;
    for (let i = 0; i < intoRun + count; i++) {
      if (i >= intoRun) {
        const at = 2 * (first + i - intoRun);
        out[at] = re;
        out[at + 1] = im;
      }
      const next = re * turnRe - im * turnIm;
      im = re * turnIm + im * turnRe;
      re = next;
    }
  }
}

/** `cycles` mod 1 in 2^48 steps. */
function fraction(cycles: number): bigint {
  const part = cycles - Math.floor(cycles);
  return BigInt(Math.round(part * TURN_NUMBER)) % TURN;
}

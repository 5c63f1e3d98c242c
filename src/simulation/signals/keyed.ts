import { Random } from '../random.ts';
import type { Signal, SignalSource } from '../signal.ts';

type Of<K extends Signal['kind']> = Extract<Signal, { kind: K }>;

/** A Gaussian pulse reaches over this many symbols. */
const GAUSSIAN_SYMBOLS = 4;

/** Frequency pulse of a symbol, 1 in its middle: rectangular, or through a Gaussian filter of product `bt`. */
export function frequencyPulse(bt: number | undefined): (symbols: number) => number {
  if (bt === undefined) return (t) => (t >= 0 && t < 1 ? 1 : 0);
  const a = Math.PI * bt * Math.sqrt(2 / Math.LN2);
  return (t) => 0.5 * (errorFunction(a * t) - errorFunction(a * (t - 1)));
}

/** erf by Abramowitz & Stegun 7.1.26, error below 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const value = 1 - series * Math.exp(-x * x);
  return x < 0 ? -value : value;
}

/** Deviation of each sample as a share of the outer one: symbols through the frequency pulse. */
export class FskDeviation {
  readonly #random: Random;
  readonly #levels: 2 | 4;
  readonly #symbolsPerSample: number;
  readonly #pulse: (symbols: number) => number;
  readonly #reach: number;
  readonly #recent: number[];
  #preamble: number;
  #intoSymbol = 0;

  constructor(signal: Omit<Of<'fsk'>, 'kind'>, sampleRateHz: number, random: Random) {
    this.#random = random;
    this.#levels = signal.levels;
    this.#symbolsPerSample = signal.symbolRateHz / sampleRateHz;
    this.#pulse = frequencyPulse(signal.bt);
    this.#reach = signal.bt === undefined ? 1 : GAUSSIAN_SYMBOLS;
    this.#preamble = signal.preambleSymbols ?? 0;
    this.#recent = Array.from({ length: this.#reach }, () => this.#symbol());
  }

  next(): number {
    while (this.#intoSymbol >= 1) {
      this.#intoSymbol -= 1;
      this.#recent.unshift(this.#symbol());
      this.#recent.pop();
    }
    const t = this.#intoSymbol;
    this.#intoSymbol += this.#symbolsPerSample;
    if (this.#reach === 1) return this.#recent[0];
    // The pulse of the symbol k back, delayed so that it starts when that symbol came in.
    let sum = 0;
    for (let k = 0; k < this.#reach; k++) sum += this.#recent[k] * this.#pulse(t + k - (this.#reach - 1) / 2);
    return sum;
  }

  #symbol(): number {
    if (this.#preamble > 0) return this.#preamble-- % 2 === 0 ? 1 : -1;
    if (this.#levels === 2) return this.#random.bit() === 1 ? 1 : -1;
    return (2 * this.#random.index(4) - 3) / 3;
  }
}

export function fskSource(signal: Of<'fsk'>, sampleRateHz: number, seed: number): SignalSource {
  const deviation = new FskDeviation(signal, sampleRateHz, new Random(seed, 1));
  const scale = signal.deviationHz / sampleRateHz;
  let cycles = 0;
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        out[at] = Math.cos(2 * Math.PI * cycles);
        out[at + 1] = Math.sin(2 * Math.PI * cycles);
        const next = cycles + scale * deviation.next();
        cycles = next - Math.floor(next);
      }
    },
  };
}

/** Share of a half bit over which the carrier rises or falls (raised cosine). */
const OOK_EDGE = 0.15;

/**
 * Manchester: 1 is on-off, 0 is off-on. Each bit has one half on; the raised cosine of an edge has mean square 3/8,
 * so with edges of share e the mean power is A²·(1 − 2e + 2e·3/8)/2, and A makes it 1.
 */
export function ookSource(signal: Of<'ook'>, sampleRateHz: number, seed: number): SignalSource {
  const random = new Random(seed, 1);
  const halvesPerSample = (2 * signal.bitRateHz) / sampleRateHz;
  const amplitude = 1 / Math.sqrt(0.5 * (1 - 2 * OOK_EDGE + 2 * OOK_EDGE * 0.375));
  let preamble = signal.preambleBits ?? 8;
  let halves = 0;
  let bit = 1;
  const nextBit = (): number => (preamble-- > 0 ? 1 : random.bit());
  bit = nextBit();
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        while (halves >= 2) {
          halves -= 2;
          bit = nextBit();
        }
        const into = bit === 1 ? halves : halves - 1;
        out[at] = into >= 0 && into < 1 ? amplitude * edge(Math.min(into, 1 - into) / OOK_EDGE) : 0;
        out[at + 1] = 0;
        halves += halvesPerSample;
      }
    },
  };
}

function edge(share: number): number {
  return share >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * share);
}

export function hopperSource(signal: Of<'hopper'>, sampleRateHz: number, seed: number): SignalSource {
  const random = new Random(seed, 2);
  const deviation = new FskDeviation({ ...signal, levels: 2 }, sampleRateHz, new Random(seed, 1));
  const dwellSamples = Math.max(1, Math.round(signal.dwellSeconds * sampleRateHz));
  let left = 0;
  let channelCycles = 0;
  let cycles = 0;
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        if (left === 0) {
          left = dwellSamples;
          const channel = random.index(signal.channels) - (signal.channels - 1) / 2;
          channelCycles = (channel * signal.spacingHz) / sampleRateHz;
        }
        left--;
        out[at] = Math.cos(2 * Math.PI * cycles);
        out[at + 1] = Math.sin(2 * Math.PI * cycles);
        const next = cycles + channelCycles + (signal.deviationHz / sampleRateHz) * deviation.next();
        cycles = next - Math.floor(next);
      }
    },
  };
}

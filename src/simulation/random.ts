/**
 * Seeded random numbers of our own, so that a scene is the same on every machine and in every Node version.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): four 32-bit words, integer operations only,
 * period at least 2^32. Seeds are spread with the finaliser of MurmurHash3.
 */

/** Mixes integers into one 32-bit word: a seed for a named part of a scene that depends on nothing drawn before. */
export function hashOf(...words: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const word of words) {
    hash = Math.imul(hash ^ (word >>> 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x6d2b79f5;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A word for a name: FNV-1a over its UTF-16 units. */
export function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare = Number.NaN;

  constructor(...seed: readonly number[]) {
    this.#a = hashOf(1, ...seed) | 0;
    this.#b = hashOf(2, ...seed) | 0;
    this.#c = hashOf(3, ...seed) | 0;
    for (let i = 0; i < 12; i++) this.word();
  }

  /** Uniform 32-bit word. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), 32 bits deep. */
  uniform(): number {
    return this.word() / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform integer in [0, count). */
  index(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  bit(): 0 | 1 {
    return (this.word() >>> 31) as 0 | 1;
  }

  /** Standard normal, by Marsaglia's polar method. */
  gaussian(): number {
    if (!Number.isNaN(this.#spare)) {
      const value = this.#spare;
      this.#spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * scale;
      return x * scale;
    }
  }

  /** Gamma with shape `count` (an integer) and mean 1: the mean of `count` periodograms of white noise. */
  averagedPower(count: number): number {
    let logProduct = 0;
    let product = 1;
    for (let i = 0; i < count; i++) {
      product *= 1 - this.uniform();
      if (product < 1e-200) {
        logProduct += Math.log(product);
        product = 1;
      }
    }
    return -(logProduct + Math.log(product)) / count;
  }
}

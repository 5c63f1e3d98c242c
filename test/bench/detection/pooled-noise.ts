import { Random } from '../../../src/simulation/random.ts';

/**
 * White Gaussian noise by the gigabyte: the sum of two pools of it, read from places that are drawn anew for each run.
 * A sum of Gaussians is one; a run of one pool comes again only with another of the other (2^44 pairs of places), so
 * that periodograms of different runs are independent to all that a count of false alarms can tell.
 */
const POOL_PAIRS = 2 ** 21;
const LONGEST_RUN = 2 ** 19;

type Colour = (values: Float64Array, pairs: number) => void;

export class PooledNoise {
  private readonly pools: readonly [Float32Array, Float32Array];
  private readonly random: Random;

  private constructor(pools: readonly [Float32Array, Float32Array], seed: number) {
    this.pools = pools;
    this.random = new Random(seed, 0x401);
  }

  /** @param colour what the noise passes through, in place; none for white */
  static create(seed: number, colour: Colour | null = null): PooledNoise {
    return new PooledNoise([pool(1, colour), pool(2, colour)], seed);
  }

  /** The same pools, read in another order. */
  reseeded(seed: number): PooledNoise {
    return new PooledNoise(this.pools, seed);
  }

  /** Fills `out` (interleaved, up to 2^19 pairs) with noise of mean power 1. */
  fill(out: Float32Array): void {
    const a = this.pools[0].subarray(2 * this.random.index(POOL_PAIRS));
    const b = this.pools[1].subarray(2 * this.random.index(POOL_PAIRS));
    for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
  }
}

function pool(seed: number, colour: Colour | null): Float32Array {
  const random = new Random(seed, 0x9001);
  const pairs = POOL_PAIRS + LONGEST_RUN;
  const values = Float64Array.from({ length: 2 * pairs }, () => random.gaussian() / 2);
  colour?.(values, pairs);
  return Float32Array.from(values);
}

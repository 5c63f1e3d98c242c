import { describe, expect, it } from 'vitest';
import { hashOf, Random } from '../../src/simulation/random.ts';

/** sfc32 written in exact integers, after its definition in PractRand. */
function* sfc32(a: bigint, b: bigint, c: bigint, counter: bigint): Generator<number> {
  const word = 0xffff_ffffn;
  for (;;) {
    const sum = (a + b + counter) & word;
    counter = (counter + 1n) & word;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & word;
    c = (((c << 21n) | (c >> 11n)) + sum) & word;
    yield Number(sum);
  }
}

describe('random numbers', () => {
  it('give the same integers on every platform: a digest of the first 100,000 words', () => {
    const random = new Random(1);
    let digest = 0;
    for (let i = 0; i < 100_000; i++) digest = (Math.imul(digest, 31) + random.word()) | 0;
    expect(digest >>> 0).toBe(3039182006);
  });

  it('are sfc32, started from hashes of the seed and run in by twelve words', () => {
    const exact = sfc32(BigInt(hashOf(1, 7, 8)), BigInt(hashOf(2, 7, 8)), BigInt(hashOf(3, 7, 8)), 1n);
    for (let i = 0; i < 12; i++) exact.next();
    const random = new Random(7, 8);
    for (let i = 0; i < 1_000; i++) expect(random.word()).toBe(exact.next().value);
  });

  it('are uniform: mean 1/2 and variance 1/12', () => {
    const random = new Random(3);
    const n = 200_000;
    let sum = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const u = random.uniform();
      sum += u;
      square += (u - 0.5) ** 2;
    }
    expect(sum / n).toBeCloseTo(0.5, 2);
    expect(square / n).toBeCloseTo(1 / 12, 3);
  });

  it('are standard normal: variance 1, kurtosis 3, and 0.27 % beyond three sigma', () => {
    const random = new Random(4);
    const n = 500_000;
    let square = 0;
    let fourth = 0;
    let beyond = 0;
    for (let i = 0; i < n; i++) {
      const x = random.gaussian();
      square += x * x;
      fourth += x ** 4;
      if (Math.abs(x) > 3) beyond++;
    }
    expect(square / n).toBeCloseTo(1, 1.7);
    expect(fourth / n).toBeGreaterThan(2.93);
    expect(fourth / n).toBeLessThan(3.07);
    expect(beyond / n).toBeGreaterThan(0.0023);
    expect(beyond / n).toBeLessThan(0.0031);
  });

  it('average N periodograms with mean 1 and variance 1/N', () => {
    const random = new Random(5);
    const n = 50_000;
    let sum = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const power = random.averagedPower(8);
      sum += power;
      square += (power - 1) ** 2;
    }
    expect(sum / n).toBeCloseTo(1, 1.7);
    expect((square / n) * 8).toBeGreaterThan(0.95);
    expect((square / n) * 8).toBeLessThan(1.05);
  });
});

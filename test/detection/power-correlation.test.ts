import { describe, expect, it } from 'vitest';
import { bandCorrelation, mirrorCorrelation } from '../../src/detection/power-correlation.ts';
import { Random } from '../../src/simulation/random.ts';

const ROWS = 16;
const BINS = 64;

function rowsOf(value: (row: number, bin: number) => number): Float32Array {
  return Float32Array.from({ length: ROWS * BINS }, (_, at) => value(Math.floor(at / BINS), at % BINS));
}

describe('the correlation of powers', () => {
  it('is 1 for an image: every bin the mirrored one, only weaker', () => {
    const random = new Random(1);
    const original = Array.from({ length: ROWS * BINS }, () => -Math.log(1 - random.uniform()));
    const rows = rowsOf((row, bin) => (bin > 32 ? original[row * BINS + bin] : 1e-3 * original[row * BINS + 64 - bin]));
    expect(mirrorCorrelation(rows, BINS, 8, 24, 32)).toBeCloseTo(1, 5);
  });

  it('is near 0 for two that know nothing of each other, and 0 where the mirror lies outside', () => {
    const random = new Random(2);
    const rows = rowsOf(() => -Math.log(1 - random.uniform()));
    expect(Math.abs(mirrorCorrelation(rows, BINS, 8, 24, 32))).toBeLessThan(0.25);
    expect(mirrorCorrelation(rows, BINS, 2, 10, 50)).toBe(0);
  });

  it('is −1 for two tones that share one power, near 0 for two transmitters', () => {
    const random = new Random(3);
    const share = Array.from({ length: ROWS }, () => random.uniform());
    const tones = rowsOf((row, bin) => (bin === 10 ? share[row] : bin === 40 ? 1 - share[row] : 0));
    const at = (bin: number) => ({ lowBin: bin, highBin: bin });
    expect(bandCorrelation(tones, BINS, at(10), at(40))).toBeCloseTo(-1, 5);
    const apart = rowsOf(() => random.uniform());
    expect(bandCorrelation(apart, BINS, { lowBin: 5, highBin: 15 }, { lowBin: 35, highBin: 45 })).toBeGreaterThan(-0.8);
  });
});

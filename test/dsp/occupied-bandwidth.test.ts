import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occupiedBand } from '../../src/dsp/occupied-bandwidth.ts';

describe('occupied bandwidth by the β/2 method', () => {
  it('of a rectangle is 99 % of its width', () => {
    const power = new Float64Array(1000);
    power.fill(1, 300, 700);
    const band = occupiedBand(power, new Float64Array(1000), 0, 999)!;
    expect(band.highBin - band.lowBin).toBeCloseTo(396, 6);
    expect((band.highBin + band.lowBin) / 2).toBeCloseTo(499.5, 6);
  });

  it('leaves half of β of the power on each side, whatever the spectrum', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 200 }), (values) => {
        const total = values.reduce((sum, v) => sum + v, 0);
        fc.pre(total > 0.1);
        const band = occupiedBand(values, new Float64Array(values.length), 0, values.length - 1, 0.2)!;
        const below = values.reduce((sum, v, k) => sum + v * Math.max(0, Math.min(1, band.lowBin - (k - 0.5))), 0);
        const above = values.reduce((sum, v, k) => sum + v * Math.max(0, Math.min(1, k + 0.5 - band.highBin)), 0);
        expect(below).toBeCloseTo(0.1 * total, 9);
        expect(above).toBeCloseTo(0.1 * total, 9);
      }),
    );
  });

  it('is not widened by noise that is taken off, and is null where nothing is left', () => {
    const noise = new Float64Array(1000).fill(0.5);
    const power = noise.map((n, k) => n + (k >= 480 && k < 520 ? 1 : 0));
    const band = occupiedBand(power, noise, 0, 999)!;
    expect(band.highBin - band.lowBin).toBeCloseTo(39.6, 6);
    expect(occupiedBand(noise, noise, 0, 999)).toBeNull();
  });
});

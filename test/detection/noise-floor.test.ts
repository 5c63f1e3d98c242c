import { describe, expect, it } from 'vitest';
import { dbFromPower, powerFromDb } from '../../src/core/units.ts';
import { estimateAverages, estimateNoiseFloor } from '../../src/detection/noise-floor.ts';
import { createRowStatistics } from '../../src/dsp/row-statistics.ts';
import { Random } from '../../src/simulation/random.ts';

const BINS = 4096;

/** Noise averaged `averages` times over a floor of `floorDb(k)`. */
function noise(averages: number, floorDb: (k: number) => number, seed = 1): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: BINS }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < averages; i++) sum -= Math.log(1 - random.uniform());
    return (sum / averages) * powerFromDb(floorDb(k));
  });
}

function floorOf(power: Float32Array, averages: number): Float32Array {
  return estimateNoiseFloor(power, averages, createRowStatistics());
}

function worstDb(floor: Float32Array, floorDb: (k: number) => number, from = 0, to = BINS): number {
  let worst = 0;
  for (let k = from; k < to; k++) worst = Math.max(worst, Math.abs(dbFromPower(floor[k]) - floorDb(k)));
  return worst;
}

describe('the noise floor', () => {
  // A single periodogram spreads by 5.6 dB a bin: 64 bins a segment leave the floor of one look uncertain by 3 dB.
  it.each([
    [1, 3],
    [4, 1],
    [16, 0.7],
    [64, 0.5],
    [1000, 0.3],
  ])('in plain noise averaged %d times is right within %d dB everywhere', (averages, withinDb) => {
    expect(
      worstDb(
        floorOf(
          noise(averages, () => -90),
          averages,
        ),
        () => -90,
      ),
    ).toBeLessThan(withinDb);
  });

  it('survives 80 % of the band occupied by 20 broadcasters 40 dB over it', () => {
    const power = noise(32, () => -90);
    for (let k = 0; k < BINS; k++) if (k % 204 < 163) power[k] += 1e-5;
    expect(worstDb(floorOf(power, 32), () => -90)).toBeLessThan(1.5);
  });

  it('does not follow one emission over half of the span', () => {
    const power = noise(32, () => -90);
    for (let k = 1000; k < 3048; k++) power[k] += 1e-7;
    expect(worstDb(floorOf(power, 32), () => -90)).toBeLessThan(1);
  });

  it('follows a slope of 8 dB, a roll-off at the edges and a wave of 0.6 dB', () => {
    const slope = (k: number) => -90 + (8 * k) / BINS;
    expect(worstDb(floorOf(noise(64, slope), 64), slope)).toBeLessThan(1);
    const wave = (k: number) => -90 + 0.6 * Math.sin((2 * Math.PI * k) / 1500);
    expect(worstDb(floorOf(noise(64, wave), 64), wave)).toBeLessThan(0.8);
    const edge = (k: number) => -90 - 20 * Math.max(0, 1 - Math.min(k, BINS - k) / 400);
    expect(worstDb(floorOf(noise(64, edge), 64), edge, 400, BINS - 400)).toBeLessThan(1);
  });

  it.each([1, 4, 16, 64])('knows from the spectrum itself that it was averaged %d times', (averages) => {
    const power = noise(averages, (k) => -90 + k / 1000);
    for (let k = 500; k < 700; k++) power[k] += 1e-6;
    expect(estimateAverages(power) / averages).toBeGreaterThan(0.75);
    expect(estimateAverages(power) / averages).toBeLessThan(1.35);
  });
});

import { describe, expect, it } from 'vitest';
import { type IqBlock, SAMPLE_FORMATS, type SampleFormat } from '../../src/core/frames.ts';
import { WINDOWS } from '../../src/core/spectrum.ts';
import { dbFromPower } from '../../src/core/units.ts';
import { renderScene } from '../../src/simulation/scene.ts';
import { createFftJsEstimator } from '../../src/spectrum/fft-js-estimator.ts';
import { pairsPerLook, planEstimation } from '../../src/spectrum/plan.ts';

const RATE_HZ = 256_000;

function block(samples: Uint8Array, pairs: number, format: SampleFormat): IqBlock {
  return {
    kind: 'iq',
    receiver: 'r',
    sequence: 7,
    timeNs: 5n,
    centerHz: 1e6,
    sampleRateHz: RATE_HZ,
    format,
    samples,
    pairs,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  };
}

function scene(noiseDbfs: number, format: SampleFormat, tone?: { offsetHz: number; powerDbfs: number }) {
  const emitters = tone
    ? [{ name: 't', signal: { kind: 'cw' } as const, centerHz: 1e6 + tone.offsetHz, powerDbfs: tone.powerDbfs }]
    : [];
  return { seed: 3, receiver: { sampleRateHz: RATE_HZ, centerHz: 1e6, format, noiseDbfs, rollOffShare: 0 }, emitters };
}

describe('the spectrum estimator', () => {
  for (const window of WINDOWS) {
    for (const transformBins of [256, 1024, 4096]) {
      for (const overlap of [0, 0.5, 0.75]) {
        it(`reads white noise of −80 dBFS as −80 dBFS: ${window}, ${transformBins} bins, overlap ${overlap}`, () => {
          const { samples, pairs } = renderScene(scene(-80, 'cf32'), 0.5);
          const estimator = createFftJsEstimator({ window, transformBins, overlap, averages: 4 });
          const look = estimator.estimate(block(samples, pairs, 'cf32'));
          // The inner half of the span, clear of any filter: density × rate.
          let sum = 0;
          let count = 0;
          for (let row = 0; row < look.rows; row++) {
            for (let k = look.bins / 4; k < (look.bins * 3) / 4; k++) {
              sum += look.mean[row * look.bins + k];
              count++;
            }
          }
          const density = sum / count / look.rbwHz;
          expect(Math.abs(dbFromPower(density * RATE_HZ) - -80)).toBeLessThan(0.5);
        });
      }
    }
    it(`reads a full-scale tone at a bin's centre as 0 dBFS: ${window}`, () => {
      const estimator = createFftJsEstimator({ window, transformBins: 1024, overlap: 0.5, averages: 4 });
      const { samples, pairs } = renderScene(
        scene(-150, 'cf32', { offsetHz: (RATE_HZ / 1024) * 100, powerDbfs: 0 }),
        0.1,
      );
      const look = estimator.estimate(block(samples, pairs, 'cf32'));
      const row = look.mean.subarray(look.bins, 2 * look.bins);
      expect(dbFromPower(row[512 + 100])).toBeCloseTo(0, 1);
      expect(look.startHz + (512 + 100) * look.stepHz).toBeCloseTo(1e6 + 25_000, 6);
    });
  }

  it.each(SAMPLE_FORMATS)('reads a tone of −6 dBFS within 0.1 dB in %s', (format) => {
    const estimator = createFftJsEstimator({ window: 'hann', transformBins: 1024, overlap: 0.5, averages: 4 });
    const tone = { offsetHz: (RATE_HZ / 1024) * -200, powerDbfs: -6 };
    const { samples, pairs } = renderScene(scene(-60, format, tone), 0.1);
    const look = estimator.estimate(block(samples, pairs, format));
    expect(Math.abs(dbFromPower(look.mean[512 - 200]) - -6)).toBeLessThan(0.1);
  });

  it('uses every transform of the block, and its rows cover the block', () => {
    const estimator = createFftJsEstimator({ window: 'hann', transformBins: 256, overlap: 0.5, averages: 4 });
    const pairs = 8192;
    const look = estimator.estimate(block(new Uint8Array(2 * pairs), pairs, 'cu8'));
    expect(look.rows).toBe(15);
    expect(look.rows * look.rowSeconds).toBeCloseTo((63 * 128) / RATE_HZ, 12);
    expect(look.clipped).toBe(2 * pairs);
  });

  it('takes a block shorter than one transform as one row', () => {
    const estimator = createFftJsEstimator({ window: 'hann', transformBins: 256, overlap: 0.5, averages: 4 });
    const look = estimator.estimate(block(new Uint8Array(200).fill(128), 100, 'cu8'));
    expect(look.rows).toBe(1);
    expect(look.mean.every(Number.isFinite)).toBe(true);
  });

  it('takes not-a-number samples as silence', () => {
    const estimator = createFftJsEstimator({ window: 'hann', transformBins: 256, overlap: 0.5, averages: 4 });
    const samples = new Uint8Array(new Float32Array(1024).fill(Number.NaN).buffer);
    expect(estimator.estimate(block(samples, 512, 'cf32')).mean.every((p) => p === 0)).toBe(true);
  });
});

describe('the resolution', () => {
  it('is a power of two between 256 and 16384 for every rate and length', () => {
    for (const rate of [1e3, 48e3, 250e3, 1e6, 2.4e6, 19.2e6, 50e6, 1e9]) {
      for (const pairs of [null, 10, 7000, 1e6]) {
        const plan = planEstimation(rate, pairs);
        expect(Math.log2(plan.transformBins) % 1).toBe(0);
        expect(plan.transformBins).toBeGreaterThanOrEqual(256);
        expect(plan.transformBins).toBeLessThanOrEqual(16_384);
        expect(pairsPerLook(rate, plan)).toBeGreaterThanOrEqual(32 * plan.transformBins);
      }
    }
  });

  it('gives a 7 ms recording at 1 MS/s rows shorter than 1 ms', () => {
    const plan = planEstimation(1e6, 7000);
    expect((plan.transformBins * (1 - plan.overlap) * plan.averages) / 1e6).toBeLessThan(1e-3);
  });
});

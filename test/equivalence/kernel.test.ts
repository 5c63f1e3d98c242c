import { describe, expect, it } from 'vitest';
import { BYTES_PER_PAIR, type IqBlock, SAMPLE_FORMATS, type SampleFormat } from '../../src/core/frames.ts';
import { WINDOWS } from '../../src/core/spectrum.ts';
import { Kernel } from '../../src/dsp/kernel/kernel.ts';
import { LARGEST_TRANSFORM, SMALLEST_TRANSFORM } from '../../src/dsp/kernel/memory-map.ts';
import { loadKernel } from '../../src/pipeline/kernel-file.ts';
import { chooseEstimator } from '../../src/spectrum/choose-estimator.ts';
import { createFftJsEstimator } from '../../src/spectrum/fft-js-estimator.ts';
import { createKernelEstimator } from '../../src/spectrum/kernel-estimator.ts';
import type { EstimationPlan } from '../../src/spectrum/plan.ts';
import { testSignal } from '../support/test-signal.ts';

const kernel = loadKernel();
const SIZES = Array.from({ length: 11 }, (_, i) => SMALLEST_TRANSFORM << i);
const LIMIT = 1e-5;

function block(format: SampleFormat, pairs: number, seed = 1): IqBlock {
  return {
    kind: 'iq',
    receiver: 'r',
    sequence: 7,
    timeNs: 5n,
    centerHz: 1e6,
    sampleRateHz: 2.4e6,
    format,
    samples: testSignal(format, pairs, seed),
    pairs,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  };
}

/** Largest difference of any bin, in units of the largest bin. */
function difference(actual: Float32Array, expected: Float32Array): number {
  let worst = 0;
  let largest = 0;
  for (let k = 0; k < expected.length; k++) {
    largest = Math.max(largest, expected[k]);
    const off = Math.abs(actual[k] - expected[k]);
    // NaN must not pass for a small difference.
    if (!(off <= worst)) worst = off;
  }
  return worst / largest;
}

function expectEqualLooks(plan: EstimationPlan, input: IqBlock): void {
  const expected = createFftJsEstimator(plan).estimate(input);
  const actual = createKernelEstimator(plan, kernel!).estimate(input);
  expect(actual.mean).toHaveLength(expected.mean.length);
  expect(difference(actual.mean, expected.mean)).toBeLessThan(LIMIT);
  expect(difference(actual.max!, expected.max!)).toBeLessThan(LIMIT);
  const { mean: _, max: __, ...rest } = expected;
  expect(actual).toMatchObject(rest);
}

describe('the kernel', () => {
  it('was built and runs on this machine', () => {
    expect(kernel, 'run npm run build').not.toBeNull();
  });

  it('has every power of two from 256 to 262144', () => {
    expect(SIZES.at(-1)).toBe(LARGEST_TRANSFORM);
  });
});

describe.each(SIZES)('a transform of %i bins by the kernel', (transformBins) => {
  for (const format of SAMPLE_FORMATS) {
    for (const window of WINDOWS) {
      // Every overlap with every format and window; at the largest sizes each of them once.
      const overlaps = transformBins <= 16_384 ? [0, 0.5, 0.75] : [0.5];
      it(`gives every bin as fft.js does: ${format}, ${window}, overlaps ${overlaps.join(' ')}`, () => {
        const input = block(format, Math.round(transformBins * (transformBins > 16_384 ? 2.6 : 3.3)));
        for (const overlap of overlaps) {
          expectEqualLooks({ window, transformBins, overlap, averages: 2 }, input);
        }
      });
    }
  }
  for (const overlap of [0, 0.75]) {
    it(`gives every bin as fft.js does at an overlap of ${overlap}`, () => {
      expectEqualLooks({ window: 'hann', transformBins, overlap, averages: 3 }, block('cu8', 3 * transformBins));
    });
  }
});

describe('the kernel estimator', () => {
  const plan: EstimationPlan = { window: 'hann', transformBins: 1024, overlap: 0.5, averages: 4 };

  it.each(SAMPLE_FORMATS)('pads a block shorter than a transform as fft.js does: %s', (format) => {
    expectEqualLooks(plan, block(format, 700));
  });

  it('cuts a block whose length, hop and rows do not divide each other as fft.js does', () => {
    expectEqualLooks({ ...plan, overlap: 0.3 }, block('cu8', 54_321));
    expectEqualLooks({ ...plan, averages: 7 }, block('cs16', 54_321));
  });

  it('gives the same look whether a block passes at once or in parts', () => {
    // 16 MiB of cf32 do not fit its memory at once.
    expectEqualLooks({ ...plan, averages: 100 }, block('cf32', 2 ** 21));
  });

  it('reads what is no number in cf32 as 0', () => {
    const input = block('cf32', 8192);
    const values = new Float32Array(input.samples.buffer);
    values[100] = Number.NaN;
    values[5001] = Number.POSITIVE_INFINITY;
    values[9002] = Number.NEGATIVE_INFINITY;
    expectEqualLooks(plan, input);
  });

  it('leaves no trace of one block in the next, whatever their formats', () => {
    const estimator = createKernelEstimator(plan, kernel!);
    const first = estimator.estimate(block('cu8', 20_000, 1));
    const kept = { mean: first.mean.slice(), max: first.max!.slice() };
    estimator.estimate(block('cf32', 30_000, 2));
    const again = estimator.estimate(block('cu8', 20_000, 1));
    expect(first.mean).toEqual(kept.mean);
    expect(again.mean).toEqual(kept.mean);
    expect(again.max).toEqual(kept.max);
  });

  it.each(SAMPLE_FORMATS)('counts the values at full scale that fft.js counts: %s', (format) => {
    const input = block(format, 9_999);
    input.samples.fill(0xff, 40, 61);
    input.samples.fill(0x7f, 200, 217);
    input.samples.fill(0x80, 19_990);
    for (let at = 300; at < 340; at += 2) input.samples.set([0xff, 0x7f], at);
    for (let at = 400; at < 440; at += 2) input.samples.set([0x00, 0x80], at);
    const bytes = new Uint8Array(input.samples.length + 3);
    bytes.set(input.samples);
    const expected = createFftJsEstimator(plan).estimate(input).clipped;
    const longer = { ...input, samples: bytes.subarray(0, input.pairs * BYTES_PER_PAIR[format]) };
    expect(createKernelEstimator(plan, kernel!).estimate(longer).clipped).toBe(expected);
    if (format !== 'cf32') expect(expected).toBeGreaterThan(0);
  });
});

describe('the choice of an estimator', () => {
  const plan: EstimationPlan = { window: 'hann', transformBins: 1024, overlap: 0.5, averages: 4 };
  const input = block('cu8', 8192);
  const byKernel = createKernelEstimator(plan, kernel!).estimate(input).mean;
  const byFftJs = createFftJsEstimator(plan).estimate(input).mean;

  it('is the kernel where it can run', () => {
    expect(byKernel).not.toEqual(byFftJs);
    expect(chooseEstimator(plan, 'auto', kernel).estimate(input).mean).toEqual(byKernel);
    expect(chooseEstimator(plan, 'kernel', kernel).estimate(input).mean).toEqual(byKernel);
  });

  it('is fft.js where the kernel cannot run, was not wanted, or has no such length', () => {
    expect(chooseEstimator(plan, 'auto', null).estimate(input).mean).toEqual(byFftJs);
    expect(chooseEstimator(plan, 'fft.js', kernel).estimate(input).mean).toEqual(byFftJs);
    expect(chooseEstimator({ ...plan, transformBins: 128 }, 'auto', kernel).estimate(input).bins).toBe(128);
  });

  it('says what is missing where the kernel is demanded and cannot run', () => {
    expect(() => chooseEstimator(plan, 'kernel', null)).toThrow(/spectrum\.backend: .*expected auto or fft\.js/);
  });
});

describe('the planes that the kernel keeps', () => {
  const bins = 1024;
  const transforms = 400;
  const weights = new Float64Array(bins).fill(1 / bins);
  const samples = testSignal('cf32', bins * transforms, 5);
  const cuts = { format: 'cf32', samples, hop: bins, transforms } as const;

  it('give a spectral kurtosis of 1 for a carrier and 2 for noise', () => {
    const { mean, squares } = new Kernel(kernel!, weights).estimate({ ...cuts, rows: 1, kept: 'squares' });
    // SK = T·Σp²/(Σp)² (Nita and Gary 2010, before their correction for few transforms).
    const kurtosis = (k: number) => squares![k] / transforms / mean[k] ** 2;
    const carrier = bins / 2 + Math.round(0.123 * bins);
    expect(Math.abs(kurtosis(carrier) - 1)).toBeLessThan(0.02);
    let sum = 0;
    for (let k = 0; k < bins / 4; k++) sum += kurtosis(k);
    expect(Math.abs(sum / (bins / 4) - 2)).toBeLessThan(0.05);
  });

  it('do not change each other', () => {
    const kernelOf = new Kernel(kernel!, weights);
    const [sum, maximum, squares] = (['sum', 'maximum', 'squares'] as const).map((kept) =>
      kernelOf.estimate({ ...cuts, rows: 3, kept }),
    );
    expect(sum).toMatchObject({ max: null, squares: null });
    expect(maximum.mean).toEqual(sum.mean);
    expect(squares.mean).toEqual(sum.mean);
    expect(squares.max).toEqual(maximum.max);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureEmission } from '../../../src/analysis/measurement/measure-emission.ts';
import { Transforms } from '../../../src/dsp/transform.ts';
import { Random } from '../../../src/simulation/random.ts';

const transforms = new Transforms();
const RATE_HZ = 250_000;

/** Every number of a measurement, whatever it is in. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

const samples = fc.oneof(
  fc.constant('zeros' as const),
  fc.constant('tone' as const),
  fc.constant('click' as const),
  fc.constant('noise' as const),
  fc.constant('steps' as const),
);

function signalOf(kind: string, pairs: number, seed: number): Float32Array {
  const random = new Random(seed);
  const out = new Float32Array(2 * pairs);
  if (kind === 'click') out[pairs] = 1;
  for (let n = 0; n < pairs && kind !== 'zeros' && kind !== 'click'; n++) {
    const angle = 0.3 * n;
    const on = kind === 'steps' ? Number(n % 512 < 256) : 1;
    out[2 * n] = kind === 'noise' ? random.gaussian() : on * Math.cos(angle);
    out[2 * n + 1] = kind === 'noise' ? random.gaussian() : on * Math.sin(angle);
  }
  return out;
}

describe('a measurement', () => {
  it('never throws and holds finite numbers only, whatever samples, band and noise it is given', () => {
    const property = fc.property(
      samples,
      fc.integer({ min: 0, max: 20_000 }),
      fc.double({ min: -200_000, max: 200_000, noNaN: true }),
      fc.double({ min: 0, max: 300_000, noNaN: true }),
      fc.constantFrom(0, 1e-30, 1e-12, 1e-6, 1),
      (kind, pairs, middleHz, widthHz, noiseDensity) => {
        const stretch = { pieces: [signalOf(kind, pairs, pairs)], sampleRateHz: RATE_HZ, centerHz: 0 };
        const target = { lowHz: middleHz - widthHz / 2, highHz: middleHz + widthHz / 2, noiseDensity };
        const measurement = measureEmission(stretch, target, 0, transforms);
        expect(numbersOf(measurement).filter((value) => !Number.isFinite(value))).toEqual([]);
        return measurement === null || (measurement.confidence >= 0 && measurement.confidence <= 1);
      },
    );
    fc.assert(property, { numRuns: 120, seed: 7 });
  });
});

import fc from 'fast-check';
import { BYTES_PER_PAIR, type IqBlock, SAMPLE_FORMATS, type Sweep } from '../../src/core/frames.ts';

const timeNs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const float32 = (min: number, max: number) =>
  // JSON knows no −0: adding 0 makes it 0.
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);

/** Any block that a packet can carry. */
export const iqBlocks: fc.Arbitrary<IqBlock> = fc
  .record({ format: fc.constantFrom(...SAMPLE_FORMATS), pairs: fc.integer({ min: 1, max: 64 }) })
  .chain(({ format, pairs }) =>
    fc.record<IqBlock>({
      kind: fc.constant('iq' as const),
      receiver: fc.constant('rx-1'),
      sequence: fc.nat(2 ** 32 - 1),
      timeNs,
      centerHz: fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      sampleRateHz: fc.double({ min: 1e3, max: 1e9, noNaN: true }),
      format: fc.constant(format),
      samples:
        format === 'cf32'
          ? fc
              .array(float32(-2, 2), { minLength: 2 * pairs, maxLength: 2 * pairs })
              .map((values) => new Uint8Array(Float32Array.from(values).buffer))
          : fc.uint8Array({ minLength: pairs * BYTES_PER_PAIR[format], maxLength: pairs * BYTES_PER_PAIR[format] }),
      pairs: fc.constant(pairs),
      gainDb: fc.option(float32(-60, 120)),
      gnssTime: fc.boolean(),
      lostBefore: fc.boolean(),
      overload: fc.boolean(),
    }),
  );

/** Any sweep that a packet or JSON can carry; levels are whole centi-dB. */
export const sweeps: fc.Arbitrary<Sweep> = fc.record<Sweep>({
  kind: fc.constant('sweep' as const),
  receiver: fc.constant('rx-1'),
  sequence: fc.nat(2 ** 32 - 1),
  timeNs,
  durationSeconds: fc.constant(null),
  startHz: fc.double({ min: 0, max: 1e10, noNaN: true, noDefaultInfinity: true }).map((hz) => hz + 0),
  stepHz: fc.double({ min: 1, max: 1e6, noNaN: true }),
  rbwHz: fc.constant(null),
  unit: fc.constant('dBm' as const),
  powers: fc
    .array(fc.integer({ min: -20_000, max: 10_000 }), { minLength: 1, maxLength: 50 })
    .map((levels) => Float32Array.from(levels, (level) => level / 100)),
  gainDb: fc.option(float32(-60, 120)),
  flags: fc.subarray(['gnss-time', 'lost-before', 'overload']),
});

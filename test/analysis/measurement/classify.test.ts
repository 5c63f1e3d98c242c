import { describe, expect, it } from 'vitest';
import { Transforms } from '../../../src/dsp/transform.ts';
import { measureCase } from '../../bench/detection/modulation.ts';
import { MODULATION_KINDS, modulationCase } from '../../bench/detection/modulation-signals.ts';

const transforms = new Transforms();

// Seeds far from those of the design and of the bench.
const drawn = (kind: string, index: number) => modulationCase(kind, 'test', 10_000 + index);
const named = (kind: string, index: number, snrDb: number) =>
  measureCase(drawn(kind, index), 70_000 + index, snrDb, transforms).measurement;

describe('the class of modulation', () => {
  it.each(MODULATION_KINDS)('of %s at 20 dB is right in two of two, with its confidence', (kind) => {
    for (const index of [1, 2]) {
      const found = named(kind, index, 20);
      expect(found?.modulation).toBe(drawn(kind, index).modulation);
      expect(found?.confidence).toBeGreaterThanOrEqual(0.6);
      expect(found?.confidence).toBeLessThan(1);
    }
  });

  it('is right or unknown at 0 dB, never another', () => {
    for (const kind of MODULATION_KINDS) {
      const found = named(kind, 3, 0)?.modulation ?? 'unknown';
      expect(['unknown', drawn(kind, 3).modulation], kind).toContain(found);
    }
  });
});

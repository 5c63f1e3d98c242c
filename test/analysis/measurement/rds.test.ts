import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRds } from '../../../src/analysis/measurement/rds.ts';
import { readGroups, remainderOf } from '../../../src/analysis/measurement/rds-groups.ts';
import { MultiplexSource } from '../../../src/simulation/multiplex.ts';
import { Random } from '../../../src/simulation/random.ts';
import { RdsBits, rdsBlock } from '../../../src/simulation/rds.ts';

const STATION = { pi: 0xd318, name: 'RADIO 1' } as const;

function bitsOf(station: { readonly pi: number; readonly name: string }, count: number, skipped = 0): Uint8Array {
  const source = new RdsBits(station);
  for (let i = 0; i < skipped; i++) source.next();
  return Uint8Array.from({ length: count }, () => source.next());
}

describe('a block of RDS', () => {
  /** EN 50067, table A.1: the offset words; and what gr-rds has as their syndromes, the remainders of x^10 times them. */
  it.each([
    ['A', 0x0fc, 383],
    ['B', 0x198, 14],
    ['C', 0x168, 303],
    ['D', 0x1b4, 663],
    ["C'", 0x350, 748],
  ])('of offset %s leaves its offset word as the remainder', (_, offset, published) => {
    expect(remainderOf(offset * 1024)).toBe(published);
    expect(remainderOf(((0xd318 << 10) | (rdsBlock(0xd318, 'A') & 0x3ff)) ^ 0x0fc ^ offset)).toBe(offset);
  });

  it('is not right with one to ten neighbouring bits turned: bursts up to the length of the check are found', () => {
    const burst = fc.tuple(fc.integer({ min: 1, max: 1023 }), fc.integer({ min: 0, max: 16 }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), burst, (data, [pattern, shift]) => {
        expect(remainderOf(rdsBlock(data, 'B') ^ (pattern << shift))).not.toBe(0x198);
      }),
    );
  });
});

describe('the groups in a run of bits', () => {
  it('name the station, wherever the run begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 415 }), (skipped) => {
        expect(readGroups(bitsOf(STATION, 540, skipped))).toMatchObject({ pi: 0xd318, name: 'RADIO 1 ' });
      }),
      { numRuns: 40 },
    );
  });

  it('name the letters that came, where not all did', () => {
    expect(readGroups(bitsOf(STATION, 104 + 30))?.name).toBe('RA______');
  });

  it('still name it with one block in three spoilt, and say how many were right', () => {
    const bits = bitsOf(STATION, 26 * 60);
    for (let block = 0; block < 60; block += 3) bits[block * 26 + 7] ^= 1;
    const reading = readGroups(bits)!;
    expect(reading).toMatchObject({ pi: 0xd318, name: 'RADIO 1 ', blocks: 60, goodBlocks: 40 });
  });

  it('are not seen in random bits', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(seed, 9);
      expect(readGroups(Uint8Array.from({ length: 600 }, () => random.bit()))).toBeNull();
    }
  });

  it('never throw, whatever the bits', () => {
    fc.assert(fc.property(fc.uint8Array({ max: 1, maxLength: 400 }), (bits) => readGroups(bits) !== undefined));
  });
});

describe('RDS in a multiplex', () => {
  it.each([171_000, 192_000, 256_000.5])('is read at %d samples a second, with the subcarrier at 4 %%', (rateHz) => {
    const source = new MultiplexSource('programme', true, STATION, rateHz, 3);
    const values = Float64Array.from({ length: Math.round(rateHz * 0.55) }, () => source.next());
    expect(readRds(values, rateHz)).toMatchObject({ pi: 0xd318, name: 'RADIO 1 ' });
  });

  it('is not read where there is none, and not at a rate that cannot carry it', () => {
    const source = new MultiplexSource('programme', true, null, 192_000, 3);
    const values = Float64Array.from({ length: 96_000 }, () => source.next());
    expect(readRds(values, 192_000)).toBeNull();
    expect(readRds(values, 100_000)).toBeNull();
  });
});

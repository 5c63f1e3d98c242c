import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillMissingLevels } from '../../src/formats/levels.ts';
import { decimal, isMissingWord } from '../../src/formats/text-fields.ts';
import { LineSplitter, MAX_LINE_BYTES } from '../../src/formats/text-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => decimal(bytes(text), 0, bytes(text).length);

describe('a decimal number in a field', () => {
  it('is what Number() makes of it', () => {
    const fixed = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(8)).map(([x, d]) => x.toFixed(d));
    const any = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
    fc.assert(
      fc.property(fc.oneof(fixed, any), (text) => {
        expect(read(` ${text} `)).toBe(Number(text));
      }),
    );
  });

  it.each(['', ' ', '-', '.', '1.2.3', '1e', '0x10', '12a', 'nan', '--1', '1'.repeat(41)])('is not: %j', (text) => {
    expect(read(text)).toBeNaN();
  });

  it.each([' nan', '-nan', 'inf', '-inf', 'NaN', '-Infinity', '-nan(ind)'])('is said to be missing by %j', (text) => {
    expect(isMissingWord(bytes(text), 0, text.length)).toBe(true);
  });
});

describe('lines', () => {
  it('are the same however their bytes are cut', () => {
    const text = fc
      .array(fc.string({ maxLength: 12 }).map((line) => line.replaceAll('\n', '')))
      .map((l) => l.join('\n'));
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (whole, cuts) => {
        const lines: string[] = [];
        const splitter = new LineSplitter();
        const keep = (line: Uint8Array) => lines.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(line));
        const all = bytes(whole);
        for (let at = 0, i = 0; at < all.length; i += 1) {
          const piece = all.slice(at, at + cuts[i % cuts.length]!);
          splitter.push(piece, keep);
          piece.fill(0x3f);
          at += piece.length;
        }
        splitter.finish(keep);
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(lines).toEqual(expected);
      }),
    );
  });

  it('that are too long are dropped, and the one after is read', () => {
    const splitter = new LineSplitter();
    const lines: number[] = [];
    for (let i = 0; i <= MAX_LINE_BYTES / 2 ** 20; i += 1) {
      splitter.push(new Uint8Array(2 ** 20).fill(0x31), (line) => lines.push(line.length));
    }
    splitter.push(bytes('2\n3\n'), (line) => lines.push(line.length));
    expect(lines).toEqual([1]);
    expect(splitter.tooLong).toBe(1);
  });
});

describe('a missing level', () => {
  it.each<[number[], number[], number]>([
    [[1, Number.NaN, 3], [1, 1, 3], 1],
    [[Number.NEGATIVE_INFINITY, Number.NaN, 3], [3, 3, 3], 2],
    [[5, 4, Number.POSITIVE_INFINITY], [5, 4, 4], 1],
    [[301, -1, -301], [-1, -1, -1], 2],
    [[Number.NaN], [Number.NaN], 1],
  ])('in %j is the lowest of its neighbours', (given, filled, count) => {
    const levels = Float32Array.from(given);
    expect(fillMissingLevels(levels)).toBe(count);
    expect([...levels]).toEqual(filled);
  });
});

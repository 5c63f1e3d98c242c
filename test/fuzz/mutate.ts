/** A small seeded generator (mulberry32): the same seed gives the same cases on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NUMBERS = [
  'nan',
  '-inf',
  'NaN',
  '1e308',
  '-1e308',
  '-1',
  '0',
  '1e-300',
  '99999999999999999999',
  '1e5',
  'null',
  '',
];
const TEXTS = ['[', '{', '"', '}', ']', ',', ';', '\n', '\n\n', '\0', ':', 'é', '[[[[', '# ', '{"global":', '\\u0000'];
const DOUBLES = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e308, 5e-324, -1e12, 2 ** 53];
const WORDS = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x00100000, 0x40000000];

type Mutation = (bytes: Buffer, random: () => number) => Buffer;

const place = (bytes: Buffer, random: () => number) => Math.floor(random() * (bytes.length + 1));
const splice = (bytes: Buffer, from: number, remove: number, insert: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
const noise = (length: number, random: () => number) =>
  Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
const oneOf = <T>(choices: readonly T[], random: () => number) => choices[Math.floor(random() * choices.length)]!;

/** Where headers lie: half of all cases are there. */
const early = (bytes: Buffer, random: () => number) =>
  random() < 0.5 ? Math.floor(random() * Math.min(bytes.length, 100)) : place(bytes, random);

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  (bytes, random) => bytes.subarray(0, Math.floor(random() * 64)),
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let flips = 1 + Math.floor(random() * 20); flips > 0 && copy.length > 0; flips -= 1) {
      const at = Math.min(copy.length - 1, early(copy, random));
      copy[at]! ^= 1 << Math.floor(random() * 8);
    }
    return copy;
  },
  (bytes, random) => splice(bytes, early(bytes, random), 4, noise(4, random)),
  (bytes, random) => splice(bytes, place(bytes, random), 0, noise(Math.floor(random() * 300), random)),
  (bytes, random) => splice(bytes, place(bytes, random), Math.floor(random() * 300), new Uint8Array(0)),
  (bytes, random) => {
    const from = place(bytes, random);
    return splice(bytes, from, 0, bytes.subarray(from, from + Math.floor(random() * 2000)));
  },
  (bytes, random) => {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(oneOf(WORDS, random));
    return splice(bytes, early(bytes, random) & ~1, 4, word);
  },
  (bytes, random) => {
    const double = Buffer.alloc(8);
    double.writeDoubleLE(oneOf(DOUBLES, random));
    return splice(bytes, early(bytes, random) & ~1, 8, double);
  },
  (bytes, random) => {
    const text = bytes.toString('latin1');
    const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?/g)];
    const match = numbers[Math.floor(random() * Math.min(numbers.length, random() < 0.5 ? 12 : numbers.length))];
    if (match === undefined) return Buffer.from(oneOf(TEXTS, random));
    return splice(bytes, match.index, match[0].length, Buffer.from(oneOf(NUMBERS, random)));
  },
  (bytes, random) => splice(bytes, place(bytes, random), 1, Buffer.from(oneOf(TEXTS, random))),
  (bytes, random) => splice(bytes, Math.floor(random() * 8), 1, Buffer.from([Math.floor(random() * 6)])),
  (bytes, random) => splice(bytes, 0, 4, noise(4, random)),
  () => Buffer.alloc(0),
];

/** One to three mutations of the bytes. */
export function mutated(bytes: Uint8Array, random: () => number): Buffer {
  let result = Buffer.from(bytes);
  const times = 1 + Math.floor(random() * 3);
  for (let i = 0; i < times; i += 1) result = Buffer.from(oneOf(MUTATIONS, random)(result, random));
  return result;
}

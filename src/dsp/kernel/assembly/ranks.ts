/**
 * The value of rank `rank` (0 is the smallest) of each of `segments` runs of `length` values ≥ 0, one after the other
 * from `from` on: `segments` values at `output`. `length` is a multiple of 4. Such floats order as their bits do, so the
 * rank's bits are found from the highest in which the values differ down, by counting the values below each candidate.
 * Those under LEAST_BIT stay 0.
 */
const LEAST_BIT: i32 = 1 << 11;

export function segmentRanks(from: usize, segments: usize, length: usize, rank: i32, output: usize): void {
  for (const last = output + segments * 4; output < last; output += 4) {
    const end = from + length * 4;
    const first = load<i32>(from);
    const differing = differingBits(from, end, first);
    // Nothing differs: shifts are taken modulo 32, and 31 − 32 would wrap.
    let bit: i32 = differing == 0 ? 0 : 1 << (31 - clz(differing));
    let found: i32 = bit == 0 ? first : first & ~((bit << 1) - 1);
    for (; bit >= LEAST_BIT; bit >>= 1) {
      const candidate = found | bit;
      if (countBelow(from, end, candidate) <= rank) found = candidate;
    }
    store<i32>(output, found & ~(LEAST_BIT - 1));
    from = end;
  }
}

// @ts-ignore: decorator
@inline
function differingBits(from: usize, end: usize, first: i32): i32 {
  const all = i32x4.splat(first);
  let bits = i32x4.splat(0);
  for (; from < end; from += 16) bits = v128.or(bits, v128.xor(v128.load(from), all));
  const half = v128.or(bits, v128.shuffle<i32>(bits, bits, 2, 3, 0, 1));
  return i32x4.extract_lane(half, 0) | i32x4.extract_lane(half, 1);
}

// @ts-ignore: decorator
@inline
function countBelow(from: usize, end: usize, candidate: i32): i32 {
  const limit = i32x4.splat(candidate);
  let below = i32x4.splat(0);
  // A comparison gives −1 where it holds.
  for (; from + 64 <= end; from += 64) {
    const a = i32x4.add(i32x4.lt_s(v128.load(from), limit), i32x4.lt_s(v128.load(from, 16), limit));
    const b = i32x4.add(i32x4.lt_s(v128.load(from, 32), limit), i32x4.lt_s(v128.load(from, 48), limit));
    below = i32x4.add(below, i32x4.add(a, b));
  }
  for (; from < end; from += 16) below = i32x4.add(below, i32x4.lt_s(v128.load(from), limit));
  const half = i32x4.add(below, v128.shuffle<i32>(below, below, 2, 3, 0, 1));
  return -(i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1));
}

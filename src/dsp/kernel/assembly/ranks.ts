/**
 * The value of rank `rank` (0 is the smallest) of each of `segments` runs of `length` values ≥ 0, one after the other
 * from `from` on: `segments` values at `output`. `length` is a multiple of 4. Such floats order as their bits do, so the
 * rank's bits are found from the highest in which the values differ down, by counting the values below each candidate.
 * Those under LEAST_BIT stay 0.
 */
const LEAST_BIT: i32 = 1 << 11;

export function segmentRanks(from: usize, segments: usize, length: usize, rank: i32, output: usize): void {
  const bytes = length * 4;
  const ranks = i32x4.splat(rank);
  for (; segments >= 4; segments -= 4, from += 4 * bytes, output += 16) {
    v128.store(output, ranksOfFour(from, from + bytes, from + 2 * bytes, from + 3 * bytes, bytes, ranks));
  }
  for (; segments > 0; segments--, from += bytes, output += 4) {
    store<i32>(output, i32x4.extract_lane(ranksOfFour(from, from, from, from, bytes, ranks), 0));
  }
}

/** Four segments side by side, without a branch on what is found. */
function ranksOfFour(a: usize, b: usize, c: usize, d: usize, bytes: usize, ranks: v128): v128 {
  let bits = i32x4.splat(0);
  const first = v128.load32_splat(a);
  for (let at: usize = 0; at < bytes; at += 16) {
    const ab = v128.or(v128.xor(v128.load(a + at), first), v128.xor(v128.load(b + at), first));
    const cd = v128.or(v128.xor(v128.load(c + at), first), v128.xor(v128.load(d + at), first));
    bits = v128.or(bits, v128.or(ab, cd));
  }
  const half = v128.or(bits, v128.shuffle<i32>(bits, bits, 2, 3, 0, 1));
  const differing = i32x4.extract_lane(half, 0) | i32x4.extract_lane(half, 1);
  // Nothing differs: shifts are taken modulo 32, and 31 − 32 would wrap.
  let bit: i32 = differing == 0 ? 0 : 1 << (31 - clz(differing));
  let found = bit == 0 ? first : v128.and(first, i32x4.splat(~((bit << 1) - 1)));
  for (; bit >= LEAST_BIT; bit >>= 1) {
    const candidates = v128.or(found, i32x4.splat(bit));
    const below = i32x4.neg(
      sumsOfLanes(
        countBelow(a, bytes, v128.shuffle<i32>(candidates, candidates, 0, 0, 0, 0)),
        countBelow(b, bytes, v128.shuffle<i32>(candidates, candidates, 1, 1, 1, 1)),
        countBelow(c, bytes, v128.shuffle<i32>(candidates, candidates, 2, 2, 2, 2)),
        countBelow(d, bytes, v128.shuffle<i32>(candidates, candidates, 3, 3, 3, 3)),
      ),
    );
    found = v128.bitselect(found, candidates, i32x4.gt_s(below, ranks));
  }
  return v128.and(found, i32x4.splat(~(LEAST_BIT - 1)));
}

/** A comparison gives −1 where it holds: four counts, negative, whose sum is the segment's. */
// @ts-ignore: decorator
@inline
function countBelow(from: usize, bytes: usize, limit: v128): v128 {
  let below = i32x4.splat(0);
  const end = from + bytes;
  for (; from + 64 <= end; from += 64) {
    const a = i32x4.add(i32x4.lt_s(v128.load(from), limit), i32x4.lt_s(v128.load(from, 16), limit));
    const b = i32x4.add(i32x4.lt_s(v128.load(from, 32), limit), i32x4.lt_s(v128.load(from, 48), limit));
    below = i32x4.add(below, i32x4.add(a, b));
  }
  for (; from < end; from += 16) below = i32x4.add(below, i32x4.lt_s(v128.load(from), limit));
  return below;
}

// @ts-ignore: decorator
@inline
function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 2, 4, 6), v128.shuffle<i32>(c, d, 1, 3, 5, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
}

/**
 * The value of rank `rank` (0 is the smallest) of each of `segments` runs of `length` positive values, one after the
 * other from `from` on: `segments` values at `output`. `length` is a multiple of 4. Positive floats order as their
 * bits do, so the rank's bits are found from the highest down, by counting the values below each candidate.
 */
export function segmentRanks(from: usize, segments: usize, length: usize, rank: i32, output: usize): void {
  for (const last = output + segments * 4; output < last; output += 4) {
    const end = from + length * 4;
    let found: i32 = 0;
    for (let bit: i32 = 1 << 30; bit > 0; bit >>= 1) {
      const candidate = found | bit;
      if (countBelow(from, end, candidate) <= rank) found = candidate;
    }
    store<i32>(output, found);
    from = end;
  }
}

// @ts-ignore: decorator
@inline
function countBelow(from: usize, end: usize, candidate: i32): i32 {
  const limit = i32x4.splat(candidate);
  let below = i32x4.splat(0);
  // A comparison gives −1 where it holds.
  for (; from < end; from += 16) below = i32x4.add(below, i32x4.lt_s(v128.load(from), limit));
  const half = i32x4.add(below, v128.shuffle<i32>(below, below, 2, 3, 0, 1));
  return -(i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1));
}

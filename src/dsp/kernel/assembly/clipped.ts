import { CF32, CS16, CU8 } from './samples';

/** Values at full scale among `bytes` at `from`: the converter was overdriven. cf32 has no end of scale. */
export function countClipped(format: i32, from: usize, bytes: usize): u32 {
  if (format == CF32) return 0;
  return format == CS16 ? countWords(from, from + bytes) : countBytes(format, from, from + bytes);
}

function countWords(from: usize, end: usize): u32 {
  const least = i16x8.splat(-32768);
  const most = i16x8.splat(32767);
  let count: u32 = 0;
  for (; from + 16 <= end; from += 16) {
    const v = v128.load(from);
    count += popcnt(i16x8.bitmask(v128.or(i16x8.eq(v, least), i16x8.eq(v, most))));
  }
  for (; from + 2 <= end; from += 2) {
    const v = load<i16>(from);
    count += <u32>(v == -32768 || v == 32767);
  }
  return count;
}

function countBytes(format: i32, from: usize, end: usize): u32 {
  // As unsigned bytes: 0 and 255 of cu8, −128 and 127 of cs8.
  const least: u8 = format == CU8 ? 0 : 128;
  const most: u8 = least - 1;
  const leasts = i8x16.splat(<i8>least);
  const mosts = i8x16.splat(<i8>most);
  let count: u32 = 0;
  for (; from + 64 <= end; from += 64) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const ab = v128.or(atEnds(a, leasts, mosts), atEnds(b, leasts, mosts));
    const cd = v128.or(atEnds(c, leasts, mosts), atEnds(d, leasts, mosts));
    // Seldom: then count them.
    if (v128.any_true(v128.or(ab, cd))) {
      count += popcnt(i8x16.bitmask(atEnds(a, leasts, mosts))) + popcnt(i8x16.bitmask(atEnds(b, leasts, mosts)));
      count += popcnt(i8x16.bitmask(atEnds(c, leasts, mosts))) + popcnt(i8x16.bitmask(atEnds(d, leasts, mosts)));
    }
  }
  for (; from < end; from++) {
    const v = load<u8>(from);
    count += <u32>(v == least || v == most);
  }
  return count;
}

// @ts-ignore: decorator
@inline
function atEnds(v: v128, leasts: v128, mosts: v128): v128 {
  return v128.or(i8x16.eq(v, leasts), i8x16.eq(v, mosts));
}

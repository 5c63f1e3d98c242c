/** Where sums in boxes may be large, and where values are, as ../../row-statistics.ts defines it. */

/** Blocks of eight ratios of 1 before and after those of a row. */
const MARGIN_BYTES: usize = 8;
const BEYOND_BYTES: usize = 32;

/**
 * The largest sums, over the rows, of five blocks' power over their lowest floor, from two blocks before the first on.
 * @param blocks rows × `length` sums of eight bins; `length` is a multiple of 4
 * @param scratch length + 12 values
 * @param maxima length + 4 values, of which length + 2 count
 */
export function stretchMaxima(
  blocks: usize,
  rows: usize,
  length: usize,
  reciprocals: usize,
  scratch: usize,
  maxima: usize,
): void {
  const bytes = length * 4;
  memory.fill(maxima, 0, bytes + 16);
  fillEights(scratch, scratch + 16);
  fillEights(scratch + MARGIN_BYTES + bytes, scratch + MARGIN_BYTES + bytes + BEYOND_BYTES);
  for (const end = blocks + rows * bytes; blocks < end; blocks += bytes) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(scratch + MARGIN_BYTES + at, f32x4.mul(v128.load(blocks + at), v128.load(reciprocals + at)));
    }
    for (let at: usize = 0; at < bytes + 16; at += 16) {
      const four = f32x4.add(
        f32x4.add(v128.load(scratch + at), v128.load(scratch + at, 4)),
        f32x4.add(v128.load(scratch + at, 8), v128.load(scratch + at, 12)),
      );
      v128.store(maxima + at, f32x4.pmax(v128.load(maxima + at), f32x4.add(four, v128.load(scratch + at, 16))));
    }
  }
  // Past the last stretch: no answer.
  store<u64>(maxima + bytes + MARGIN_BYTES, 0);
}

function fillEights(from: usize, end: usize): void {
  for (; from < end; from += 16) v128.store(from, f32x4.splat(8));
}

/** The places k, a word each at `output`, where values[k] ≥ factor·floor[k]; `length` is a multiple of 4. @returns how many */
export function exceedances(values: usize, floor: usize, factor: f32, length: usize, output: usize): usize {
  const factors = f32x4.splat(factor);
  const first = output;
  for (let k: usize = 0; k < length; k += 4, values += 16, floor += 16) {
    output = placesOf(f32x4.ge(v128.load(values), f32x4.mul(factors, v128.load(floor))), k, output);
  }
  return (output - first) >> 2;
}

/** The places where values[k] ≥ least. */
export function atLeast(values: usize, least: f32, length: usize, output: usize): usize {
  const leasts = f32x4.splat(least);
  const first = output;
  for (let k: usize = 0; k < length; k += 4, values += 16) {
    output = placesOf(f32x4.ge(v128.load(values), leasts), k, output);
  }
  return (output - first) >> 2;
}

// @ts-ignore: decorator
@inline
function placesOf(mask: v128, k: usize, output: usize): usize {
  if (v128.any_true(mask)) {
    let bits = i32x4.bitmask(mask);
    for (; bits != 0; bits &= bits - 1, output += 4) store<u32>(output, k + ctz(bits));
  }
  return output;
}

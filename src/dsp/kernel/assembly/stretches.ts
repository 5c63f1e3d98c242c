/** Where sums in boxes may be large, as ../../row-statistics.ts defines it: sums of blocks of four ratios, no two alike. */

/** Blocks of noise, ratios of 1, before and after those of a row. */
const MARGIN_BLOCKS: usize = 4;
const BEYOND_BLOCKS: usize = 16;

/**
 * The largest sums, over the rows, of the limited ratios in the stretches of 12 and of 36 bins that begin at each fourth
 * bin, from −16 on: `bins`/4 + 4 of each.
 * @param bins a multiple of 16
 * @param floor its reciprocals
 * @param blocks room for bins/4 + 20 values; `threes` likewise
 */
export function stretchMaxima(
  from: usize,
  rows: usize,
  bins: usize,
  floor: usize,
  limit: f32,
  blocks: usize,
  threes: usize,
  maxima12: usize,
  maxima36: usize,
): void {
  const bytes = bins + MARGIN_BLOCKS * 4;
  memory.fill(maxima12, 0, bytes);
  memory.fill(maxima36, 0, bytes);
  fillFours(blocks, blocks + MARGIN_BLOCKS * 4);
  fillFours(blocks + bytes, blocks + bytes + BEYOND_BLOCKS * 4);
  for (let row: usize = 0; row < rows; row++, from += bins * 4) {
    sumsOfBlocks(from, bins, floor, limit, blocks + MARGIN_BLOCKS * 4);
    raiseThrees(blocks, threes, bytes, maxima12);
    raiseNines(threes, bytes, maxima36);
  }
}

function fillFours(from: usize, end: usize): void {
  for (; from < end; from += 16) v128.store(from, f32x4.splat(4));
}

function sumsOfBlocks(from: usize, bins: usize, floor: usize, limit: f32, to: usize): void {
  const most = f32x4.splat(limit);
  for (const end = from + bins * 4; from < end; from += 64, floor += 64, to += 16) {
    const a = f32x4.pmin(most, f32x4.mul(v128.load(from), v128.load(floor)));
    const b = f32x4.pmin(most, f32x4.mul(v128.load(from, 16), v128.load(floor, 16)));
    const c = f32x4.pmin(most, f32x4.mul(v128.load(from, 32), v128.load(floor, 32)));
    const d = f32x4.pmin(most, f32x4.mul(v128.load(from, 48), v128.load(floor, 48)));
    const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
    const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
    v128.store(to, f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7)));
  }
}

/** Reads six blocks past `bytes`, for the nines that begin before. */
function raiseThrees(blocks: usize, threes: usize, bytes: usize, maxima: usize): void {
  for (const end = blocks + bytes; blocks < end; blocks += 16, threes += 16, maxima += 16) {
    const sum = threeAt(blocks);
    v128.store(threes, sum);
    v128.store(maxima, f32x4.pmax(v128.load(maxima), sum));
  }
  v128.store(threes, threeAt(blocks));
  v128.store(threes, threeAt(blocks + 16), 16);
}

// @ts-ignore: decorator
@inline
function threeAt(blocks: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(blocks), v128.load(blocks, 4)), v128.load(blocks, 8));
}

function raiseNines(threes: usize, bytes: usize, maxima: usize): void {
  for (const end = threes + bytes; threes < end; threes += 16, maxima += 16) {
    const sum = f32x4.add(f32x4.add(v128.load(threes), v128.load(threes, 12)), v128.load(threes, 24));
    v128.store(maxima, f32x4.pmax(v128.load(maxima), sum));
  }
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

/**
 * Interleaved samples to four real and four imaginary parts, not yet scaled: full scale is undone in the powers.
 * The format is a constant of each caller, so that only its own branch is left after inlining.
 */

export const CU8: i32 = 0;
export const CS8: i32 = 1;
export const CS16: i32 = 2;
export const CF32: i32 = 3;

/** Bytes a pair, as a shift. */
// @ts-ignore: decorator
@inline
export function pairShift(format: i32): usize {
  return format == CF32 ? 3 : format == CS16 ? 2 : 1;
}

/** The four pairs at `from`; of cf32, the first two. Eight-bit values are widened to 16 bits. */
// @ts-ignore: decorator
@inline
export function loadPairs(format: i32, from: usize): v128 {
  if (format == CU8) return v128.load_ext<u8>(from);
  if (format == CS8) return v128.load_ext<i8>(from);
  return v128.load(from);
}

/** Pairs 2 and 3 of cf32. */
// @ts-ignore: decorator
@inline
export function loadRest(format: i32, from: usize): v128 {
  return format == CF32 ? v128.load(from, 16) : i64x2.splat(0);
}

// @ts-ignore: decorator
@inline
export function realParts(format: i32, pairs: v128, rest: v128): v128 {
  if (format == CF32) return finite(v128.shuffle<f32>(pairs, rest, 0, 2, 4, 6));
  if (format == CU8) {
    return f32x4.sub(f32x4.convert_i32x4_s(v128.and(pairs, i32x4.splat(0xffff))), f32x4.splat(127.5));
  }
  return f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(pairs, 16), 16));
}

// @ts-ignore: decorator
@inline
export function imaginaryParts(format: i32, pairs: v128, rest: v128): v128 {
  if (format == CF32) return finite(v128.shuffle<f32>(pairs, rest, 1, 3, 5, 7));
  if (format == CU8) return f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_u(pairs, 16)), f32x4.splat(127.5));
  return f32x4.convert_i32x4_s(i32x4.shr_s(pairs, 16));
}

/** x − x is 0 for a number and NaN for what is none: that reads 0. */
// @ts-ignore: decorator
@inline
function finite(x: v128): v128 {
  return v128.and(x, f32x4.eq(f32x4.sub(x, x), f32x4.splat(0)));
}

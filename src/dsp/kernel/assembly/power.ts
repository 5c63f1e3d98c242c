/** What is kept of the powers of each bin, besides their sum. */
export const WITH_MAXIMUM: i32 = 1;
export const WITH_SQUARES: i32 = 2;

/**
 * The last pass of the rows (radix 4, n = 4): |X|² of each output, added to its sum; also the largest, and the sum of
 * squares. Twelve planes in all, one quarter of the outputs after the other in each.
 * @param kept WITH_MAXIMUM and WITH_SQUARES, a constant of each caller
 * @param sums four lanes for each group; `maxima` and `squares` likewise
 */
// @ts-ignore: decorator
@inline
export function powerPass(kept: i32, from: usize, quarterGroups: usize, sums: usize, maxima: usize, squares: usize): void {
  const quarter = quarterGroups * 32;
  const part = quarterGroups * 16;
  const end = from + quarter;
  for (; from < end; from += 32) {
    const b = from + quarter;
    const c = b + quarter;
    const d = c + quarter;
    const ar = v128.load(from);
    const cr = v128.load(c);
    const br = v128.load(b);
    const dr = v128.load(d);
    const sumAcR = f32x4.add(ar, cr);
    const difAcR = f32x4.sub(ar, cr);
    const sumBdR = f32x4.add(br, dr);
    const difBdR = f32x4.sub(br, dr);
    const ai = v128.load(from, 16);
    const ci = v128.load(c, 16);
    const bi = v128.load(b, 16);
    const di = v128.load(d, 16);
    const sumAcI = f32x4.add(ai, ci);
    const difAcI = f32x4.sub(ai, ci);
    const sumBdI = f32x4.add(bi, di);
    const difBdI = f32x4.sub(bi, di);
    keep(kept, power(f32x4.add(sumAcR, sumBdR), f32x4.add(sumAcI, sumBdI)), sums, maxima, squares);
    const p1 = power(f32x4.add(difAcR, difBdI), f32x4.sub(difAcI, difBdR));
    keep(kept, p1, sums + part, maxima + part, squares + part);
    const p2 = power(f32x4.sub(sumAcR, sumBdR), f32x4.sub(sumAcI, sumBdI));
    keep(kept, p2, sums + 2 * part, maxima + 2 * part, squares + 2 * part);
    const p3 = power(f32x4.sub(difAcR, difBdI), f32x4.add(difAcI, difBdR));
    keep(kept, p3, sums + 3 * part, maxima + 3 * part, squares + 3 * part);
    sums += 16;
    maxima += 16;
    squares += 16;
  }
}

// @ts-ignore: decorator
@inline
function power(re: v128, im: v128): v128 {
  return f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im));
}

// @ts-ignore: decorator
@inline
function keep(kept: i32, value: v128, sum: usize, maximum: usize, squares: usize): void {
  v128.store(sum, f32x4.add(v128.load(sum), value));
  if (kept & WITH_MAXIMUM) v128.store(maximum, f32x4.pmax(v128.load(maximum), value));
  if (kept & WITH_SQUARES) v128.store(squares, f32x4.add(v128.load(squares), f32x4.mul(value, value)));
}

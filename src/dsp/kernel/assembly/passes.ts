import { imaginaryParts, loadPairs, loadRest, pairShift, realParts } from './samples';

/**
 * Passes of a Stockham transform, decimation in frequency, over `s` interleaved sequences of length `n`:
 *
 *   y[q + s(rp + j)] = w_n^(jp) · Σ_m x[q + s(p + m·n/r)] · w_r^(jm),   p < n/r, q < s
 *
 * Complex values lie in groups of four lanes, [re re re re][im im im im], 32 bytes: `s` counts lanes, `groups` is s/4.
 * Each butterfly works on four sequences at once, so that the twiddles are scalars but for the join.
 */

const GROUP: usize = 32;

/** A twiddled pass of radix 4. `twiddles`: for each p, w^p, w^2p, w^3p as re, im. */
export function pass4(from: usize, to: usize, n: usize, groups: usize, twiddles: usize): void {
  const row = groups * GROUP;
  const quarter = (n >> 2) * row;
  const end = from + quarter;
  while (from < end) {
    const w1r = v128.load32_splat(twiddles);
    const w1i = v128.load32_splat(twiddles, 4);
    const w2r = v128.load32_splat(twiddles, 8);
    const w2i = v128.load32_splat(twiddles, 12);
    const w3r = v128.load32_splat(twiddles, 16);
    const w3i = v128.load32_splat(twiddles, 20);
    twiddles += 24;
    const rowEnd = from + row;
    for (; from < rowEnd; from += GROUP, to += GROUP) {
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
      const to1 = to + row;
      const to2 = to1 + row;
      const to3 = to2 + row;
      v128.store(to, f32x4.add(sumAcR, sumBdR));
      v128.store(to, f32x4.add(sumAcI, sumBdI), 16);
      const r2 = f32x4.sub(sumAcR, sumBdR);
      const i2 = f32x4.sub(sumAcI, sumBdI);
      v128.store(to2, f32x4.sub(f32x4.mul(r2, w2r), f32x4.mul(i2, w2i)));
      v128.store(to2, f32x4.add(f32x4.mul(r2, w2i), f32x4.mul(i2, w2r)), 16);
      const r1 = f32x4.add(difAcR, difBdI);
      const i1 = f32x4.sub(difAcI, difBdR);
      v128.store(to1, f32x4.sub(f32x4.mul(r1, w1r), f32x4.mul(i1, w1i)));
      v128.store(to1, f32x4.add(f32x4.mul(r1, w1i), f32x4.mul(i1, w1r)), 16);
      const r3 = f32x4.sub(difAcR, difBdI);
      const i3 = f32x4.add(difAcI, difBdR);
      v128.store(to3, f32x4.sub(f32x4.mul(r3, w3r), f32x4.mul(i3, w3i)));
      v128.store(to3, f32x4.add(f32x4.mul(r3, w3i), f32x4.mul(i3, w3r)), 16);
    }
    to += 3 * row;
  }
}

/** A twiddled pass of radix 2, where the length is no power of four. `twiddles`: for each p, w^p as re, im. */
export function pass2(from: usize, to: usize, n: usize, groups: usize, twiddles: usize): void {
  const row = groups * GROUP;
  const half = (n >> 1) * row;
  const end = from + half;
  while (from < end) {
    const wr = v128.load32_splat(twiddles);
    const wi = v128.load32_splat(twiddles, 4);
    twiddles += 8;
    const rowEnd = from + row;
    for (; from < rowEnd; from += GROUP, to += GROUP) {
      const b = from + half;
      const ar = v128.load(from);
      const ai = v128.load(from, 16);
      const br = v128.load(b);
      const bi = v128.load(b, 16);
      const to1 = to + row;
      v128.store(to, f32x4.add(ar, br));
      v128.store(to, f32x4.add(ai, bi), 16);
      const r1 = f32x4.sub(ar, br);
      const i1 = f32x4.sub(ai, bi);
      v128.store(to1, f32x4.sub(f32x4.mul(r1, wr), f32x4.mul(i1, wi)));
      v128.store(to1, f32x4.add(f32x4.mul(r1, wi), f32x4.mul(i1, wr)), 16);
    }
    to += row;
  }
}

/**
 * The first pass, of radix 4, from samples: converts, weights by the window and transforms `groups`·4 columns.
 * @param samples the block's first column in its first row; `rowPairs` pairs from one row of the matrix to the next
 * @param window for each p and group, the weights of a, b, c and d, four lanes each
 */
// @ts-ignore: decorator
@inline
export function firstPass(
  format: i32,
  samples: usize,
  rowPairs: usize,
  window: usize,
  to: usize,
  n: usize,
  groups: usize,
  twiddles: usize,
): void {
  const row = groups * GROUP;
  const step = rowPairs << pairShift(format);
  const quarter = (n >> 2) * step;
  const end = samples + quarter;
  for (let start = samples; start < end; start += step) {
    const w1r = v128.load32_splat(twiddles);
    const w1i = v128.load32_splat(twiddles, 4);
    const w2r = v128.load32_splat(twiddles, 8);
    const w2i = v128.load32_splat(twiddles, 12);
    const w3r = v128.load32_splat(twiddles, 16);
    const w3i = v128.load32_splat(twiddles, 20);
    twiddles += 24;
    let a = start;
    const rowEnd = to + row;
    for (; to < rowEnd; to += GROUP, window += 64, a += 4 << pairShift(format)) {
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const wa = v128.load(window);
      const wb = v128.load(window, 16);
      const wc = v128.load(window, 32);
      const wd = v128.load(window, 48);
      const pa = loadPairs(format, a);
      const pc = loadPairs(format, c);
      const pb = loadPairs(format, b);
      const pd = loadPairs(format, d);
      const qa = loadRest(format, a);
      const qc = loadRest(format, c);
      const qb = loadRest(format, b);
      const qd = loadRest(format, d);
      const ar = f32x4.mul(realParts(format, pa, qa), wa);
      const cr = f32x4.mul(realParts(format, pc, qc), wc);
      const br = f32x4.mul(realParts(format, pb, qb), wb);
      const dr = f32x4.mul(realParts(format, pd, qd), wd);
      const sumAcR = f32x4.add(ar, cr);
      const difAcR = f32x4.sub(ar, cr);
      const sumBdR = f32x4.add(br, dr);
      const difBdR = f32x4.sub(br, dr);
      const ai = f32x4.mul(imaginaryParts(format, pa, qa), wa);
      const ci = f32x4.mul(imaginaryParts(format, pc, qc), wc);
      const bi = f32x4.mul(imaginaryParts(format, pb, qb), wb);
      const di = f32x4.mul(imaginaryParts(format, pd, qd), wd);
      const sumAcI = f32x4.add(ai, ci);
      const difAcI = f32x4.sub(ai, ci);
      const sumBdI = f32x4.add(bi, di);
      const difBdI = f32x4.sub(bi, di);
      const to1 = to + row;
      const to2 = to1 + row;
      const to3 = to2 + row;
      v128.store(to, f32x4.add(sumAcR, sumBdR));
      v128.store(to, f32x4.add(sumAcI, sumBdI), 16);
      const r2 = f32x4.sub(sumAcR, sumBdR);
      const i2 = f32x4.sub(sumAcI, sumBdI);
      v128.store(to2, f32x4.sub(f32x4.mul(r2, w2r), f32x4.mul(i2, w2i)));
      v128.store(to2, f32x4.add(f32x4.mul(r2, w2i), f32x4.mul(i2, w2r)), 16);
      const r1 = f32x4.add(difAcR, difBdI);
      const i1 = f32x4.sub(difAcI, difBdR);
      v128.store(to1, f32x4.sub(f32x4.mul(r1, w1r), f32x4.mul(i1, w1i)));
      v128.store(to1, f32x4.add(f32x4.mul(r1, w1i), f32x4.mul(i1, w1r)), 16);
      const r3 = f32x4.sub(difAcR, difBdI);
      const i3 = f32x4.add(difAcI, difBdR);
      v128.store(to3, f32x4.sub(f32x4.mul(r3, w3r), f32x4.mul(i3, w3i)));
      v128.store(to3, f32x4.add(f32x4.mul(r3, w3i), f32x4.mul(i3, w3r)), 16);
    }
    to += 3 * row;
  }
}

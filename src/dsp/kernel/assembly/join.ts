/**
 * The last pass of the columns (radix 4, n = 4), the twiddles w_N^(n2·k1) between both transforms, and the transposition:
 * lanes were four columns n2; they become the four outputs k1 = q + j·N1/4 of one butterfly.
 * @param twiddles for each q and group: j = 0 … 3, four lanes of re, four of im
 * @param to matrix for the rows' transforms: [q / tileGroups][n2][q mod tileGroups][32 bytes]; here of the block's first n2
 * @param rows N2, the lines of 32·tileGroups bytes in a tile
 */
export function joinPass(
  from: usize,
  to: usize,
  quarterLength: usize,
  groups: usize,
  twiddles: usize,
  rows: usize,
  tileShift: usize,
): void {
  const quarter = quarterLength * groups * 32;
  const line = (<usize>32) << tileShift;
  const tile = rows * line;
  const tileMask = ((<usize>1) << tileShift) - 1;
  for (let q: usize = 0; q < quarterLength; q++) {
    let out = to + (q >> tileShift) * tile + (q & tileMask) * 32;
    const end = from + groups * 32;
    for (; from < end; from += 32, twiddles += 128) {
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
      const r0 = f32x4.add(sumAcR, sumBdR);
      const i0 = f32x4.add(sumAcI, sumBdI);
      const r1 = f32x4.add(difAcR, difBdI);
      const i1 = f32x4.sub(difAcI, difBdR);
      const r2 = f32x4.sub(sumAcR, sumBdR);
      const i2 = f32x4.sub(sumAcI, sumBdI);
      const r3 = f32x4.sub(difAcR, difBdI);
      const i3 = f32x4.add(difAcI, difBdR);
      const w0r = v128.load(twiddles);
      const w0i = v128.load(twiddles, 16);
      const w1r = v128.load(twiddles, 32);
      const w1i = v128.load(twiddles, 48);
      const w2r = v128.load(twiddles, 64);
      const w2i = v128.load(twiddles, 80);
      const w3r = v128.load(twiddles, 96);
      const w3i = v128.load(twiddles, 112);
      const out1 = out + line;
      const out2 = out1 + line;
      const out3 = out2 + line;
      const x0r = f32x4.sub(f32x4.mul(r0, w0r), f32x4.mul(i0, w0i));
      const x1r = f32x4.sub(f32x4.mul(r1, w1r), f32x4.mul(i1, w1i));
      const x2r = f32x4.sub(f32x4.mul(r2, w2r), f32x4.mul(i2, w2i));
      const x3r = f32x4.sub(f32x4.mul(r3, w3r), f32x4.mul(i3, w3i));
      const low01r = v128.shuffle<f32>(x0r, x1r, 0, 4, 1, 5);
      const high01r = v128.shuffle<f32>(x0r, x1r, 2, 6, 3, 7);
      const low23r = v128.shuffle<f32>(x2r, x3r, 0, 4, 1, 5);
      const high23r = v128.shuffle<f32>(x2r, x3r, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(low01r, low23r, 0, 1, 4, 5));
      v128.store(out1, v128.shuffle<f32>(low01r, low23r, 2, 3, 6, 7));
      v128.store(out2, v128.shuffle<f32>(high01r, high23r, 0, 1, 4, 5));
      v128.store(out3, v128.shuffle<f32>(high01r, high23r, 2, 3, 6, 7));
      const x0i = f32x4.add(f32x4.mul(r0, w0i), f32x4.mul(i0, w0r));
      const x1i = f32x4.add(f32x4.mul(r1, w1i), f32x4.mul(i1, w1r));
      const x2i = f32x4.add(f32x4.mul(r2, w2i), f32x4.mul(i2, w2r));
      const x3i = f32x4.add(f32x4.mul(r3, w3i), f32x4.mul(i3, w3r));
      const low01i = v128.shuffle<f32>(x0i, x1i, 0, 4, 1, 5);
      const high01i = v128.shuffle<f32>(x0i, x1i, 2, 6, 3, 7);
      const low23i = v128.shuffle<f32>(x2i, x3i, 0, 4, 1, 5);
      const high23i = v128.shuffle<f32>(x2i, x3i, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(low01i, low23i, 0, 1, 4, 5), 16);
      v128.store(out1, v128.shuffle<f32>(low01i, low23i, 2, 3, 6, 7), 16);
      v128.store(out2, v128.shuffle<f32>(high01i, high23i, 0, 1, 4, 5), 16);
      v128.store(out3, v128.shuffle<f32>(high01i, high23i, 2, 3, 6, 7), 16);
      out += 4 * line;
    }
  }
}

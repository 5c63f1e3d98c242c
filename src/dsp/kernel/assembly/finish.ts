/**
 * From the order in which the powers were summed, [tile][k2][group in tile][lane j] for k1 = group + j·N1/4, to
 * frequencies k = k1 + N1·k2, turned by half so that the zero frequency is in the middle.
 */
export function finishPlane(plane: usize, output: usize, n1: usize, n2: usize, tileShift: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  const tileBytes = (n2 * 16) << tileShift;
  const tileMask = ((<usize>1) << tileShift) - 1;
  const lineBytes = (<usize>16) << tileShift;
  const quarter = n1; // bytes of N1/4 values
  for (let k2: usize = 0; k2 < n2; k2++) {
    const to = output + (k2 ^ (n2 >> 1)) * n1 * 4;
    const line = plane + k2 * lineBytes;
    for (let group: usize = 0; group < n1 >> 2; group += 4) {
      const a = f32x4.mul(v128.load(line + place(group, tileShift, tileBytes, tileMask)), factor);
      const b = f32x4.mul(v128.load(line + place(group + 1, tileShift, tileBytes, tileMask)), factor);
      const c = f32x4.mul(v128.load(line + place(group + 2, tileShift, tileBytes, tileMask)), factor);
      const d = f32x4.mul(v128.load(line + place(group + 3, tileShift, tileBytes, tileMask)), factor);
      const lowAb = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const highAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const lowCd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const highCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      const at = to + group * 4;
      v128.store(at, v128.shuffle<f32>(lowAb, lowCd, 0, 1, 4, 5));
      v128.store(at + quarter, v128.shuffle<f32>(lowAb, lowCd, 2, 3, 6, 7));
      v128.store(at + 2 * quarter, v128.shuffle<f32>(highAb, highCd, 0, 1, 4, 5));
      v128.store(at + 3 * quarter, v128.shuffle<f32>(highAb, highCd, 2, 3, 6, 7));
    }
  }
}

// @ts-ignore: decorator
@inline
function place(group: usize, tileShift: usize, tileBytes: usize, tileMask: usize): usize {
  return (group >> tileShift) * tileBytes + (group & tileMask) * 16;
}

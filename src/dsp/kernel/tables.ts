import type { Shape } from './memory-map.ts';

/** cos and −sin of 2π·k/N, N a power of two: reduced to an eighth of a turn, so that axes and diagonals are exact. */
function rootOfUnity(k: number, length: number): readonly [number, number] {
  const eighth = length / 8;
  const at = k % length;
  const octant = Math.floor(at / eighth);
  const rest = octant % 2 === 0 ? at % eighth : eighth - (at % eighth);
  const angle = (2 * Math.PI * rest) / length;
  const [near, far] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = octant % 4 === 0 || octant % 4 === 3 ? [near, far] : [far, near];
  const cos = octant >= 2 && octant < 6 ? -x : x;
  const sin = octant < 4 ? y : -y;
  return [cos, -sin];
}

/** Twiddles of the passes of a transform of `length`: radix 4 down to 4, or over 8 with one of radix 2. */
export function passTwiddles(length: number): Float32Array {
  const values: number[] = [];
  for (let n = length; n > 4; ) {
    const radix = n === 8 ? 2 : 4;
    // A pass of radix 2 has room for three as well, so that both advance alike.
    for (let p = 0; p < n / radix; p++) {
      for (let j = 1; j < radix; j++) values.push(...rootOfUnity(j * p, n));
    }
    n /= radix;
    if (radix === 2) values.push(...new Array<number>(n * 4).fill(0));
  }
  return Float32Array.from(values);
}

/** `weights` in the order of the first pass: [block][p][group][input][lane], input m at row p + m·N1/4. */
export function windowTable(shape: Shape, weights: Float64Array): Float32Array {
  const { columnLength, rowLength, columnGroups } = shape;
  const table = new Float32Array(weights.length);
  let at = 0;
  for (let column = 0; column < rowLength; column += 4 * columnGroups) {
    for (let p = 0; p < columnLength / 4; p++) {
      for (let group = 0; group < columnGroups; group++) {
        for (let m = 0; m < 4; m++) {
          const first = (p + (m * columnLength) / 4) * rowLength + column + 4 * group;
          for (let lane = 0; lane < 4; lane++) table[at++] = weights[first + lane];
        }
      }
    }
  }
  return table;
}

/** w_N^(n2·k1) in the order of the join: [block][q][group][output j][re, im][lane], k1 = q + j·N1/4, n2 the lane's column. */
export function joinTwiddles(shape: Shape): Float32Array {
  const { columnLength, rowLength, columnGroups } = shape;
  const bins = columnLength * rowLength;
  const table = new Float32Array(2 * bins);
  let at = 0;
  for (let column = 0; column < rowLength; column += 4 * columnGroups) {
    for (let q = 0; q < columnLength / 4; q++) {
      for (let group = 0; group < columnGroups; group++) {
        for (let j = 0; j < 4; j++, at += 8) {
          const k1 = q + (j * columnLength) / 4;
          for (let lane = 0; lane < 4; lane++) {
            const [re, im] = rootOfUnity(k1 * (column + 4 * group + lane), bins);
            table[at + lane] = re;
            table[at + 4 + lane] = im;
          }
        }
      }
    }
  }
  return table;
}

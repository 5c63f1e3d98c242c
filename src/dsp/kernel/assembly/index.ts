import { joinPass } from './join';
import { firstPass, pass2, pass4 } from './passes';
import { powerPass, WITH_MAXIMUM, WITH_SQUARES } from './power';
import { finishPlane } from './finish';
import { CF32, CS16, CS8, CU8, pairShift } from './samples';

export { countClipped } from './clipped';
export { segmentRanks } from './ranks';
export { boxMaxima, reciprocals, runTotals, surveyRows } from './rows';
export { atLeast, exceedances, stretchMaxima } from './stretches';

/** Words of the plan that the caller writes; ../memory-map.ts has the same, and says what the tables hold. */
// @ts-ignore: decorator
@unmanaged
class Plan {
  columnLength: usize;
  rowLength: usize;
  columnGroups: usize;
  tileShift: usize;
  window: usize;
  columnTwiddles: usize;
  joinTwiddles: usize;
  rowTwiddles: usize;
  ping: usize;
  pong: usize;
  matrix: usize;
  sums: usize;
  maxima: usize;
  squares: usize;
}

/** Before the first rows of a block. */
export function start(plan: Plan): void {
  const bytes = (plan.columnLength * plan.rowLength) << 2;
  memory.fill(plan.maxima, 0, bytes);
  memory.fill(plan.squares, 0, bytes);
}

/**
 * Rows `row` … `endRow` − 1 of a block of `transforms` in `rows` rows, one after the other at `output`: means of |X|²,
 * by frequency. The transform at which `row` begins starts at `samples`; the next ones `hop` bytes later each.
 */
export function estimate(
  plan: Plan,
  format: i32,
  kept: i32,
  samples: usize,
  hop: usize,
  transforms: u32,
  rows: u32,
  row: u32,
  endRow: u32,
  output: usize,
): void {
  const bytes = (plan.columnLength * plan.rowLength) << 2;
  for (; row < endRow; row++, output += bytes) {
    const first = <u32>((<u64>row * <u64>transforms) / rows);
    const end = <u32>((<u64>(row + 1) * <u64>transforms) / rows);
    memory.fill(plan.sums, 0, bytes);
    for (let i = first; i < end; i++, samples += hop) transform(plan, format, kept, samples);
    finish(plan, plan.sums, output, <f32>(1 / <f64>(end - first)));
  }
}

/** A plane of sums (or the maxima, or squares) by frequency, the zero frequency in its middle, times `scale`. */
export function finish(plan: Plan, plane: usize, output: usize, scale: f32): void {
  finishPlane(plane, output, plan.columnLength, plan.rowLength, plan.tileShift, scale);
}

function transform(plan: Plan, format: i32, kept: i32, samples: usize): void {
  const groups = plan.columnGroups;
  const blocks = plan.rowLength / (4 * groups);
  const samplesStep = groups << (pairShift(format) + 2);
  const windowStep = plan.columnLength * groups * 16;
  const joinStep = plan.columnLength * groups * 32;
  const line = (<usize>32) << plan.tileShift;
  for (let block: usize = 0; block < blocks; block++) {
    const window = plan.window + block * windowStep;
    first(plan, format, samples + block * samplesStep, window);
    let n = plan.columnLength >> 2;
    let from: usize = plan.ping;
    let to: usize = plan.pong;
    let stride: usize = groups * 4;
    let twiddles: usize = plan.columnTwiddles + n * 24;
    while (n > 4) {
      if (n == 8) pass2(from, to, n, stride, twiddles);
      else pass4(from, to, n, stride, twiddles);
      const shift = n == 8 ? 1 : 2;
      n >>= shift;
      stride <<= shift;
      twiddles += n * 24;
      const swap = from;
      from = to;
      to = swap;
    }
    joinPass(
      from,
      plan.matrix + block * 4 * groups * line,
      plan.columnLength >> 2,
      groups,
      plan.joinTwiddles + block * joinStep,
      plan.rowLength,
      plan.tileShift,
    );
  }
  rows(plan, kept);
}

function rows(plan: Plan, kept: i32): void {
  const tiles = plan.columnLength >> (2 + plan.tileShift);
  const plane = (plan.rowLength * 16) << plan.tileShift;
  for (let tile: usize = 0; tile < tiles; tile++) {
    let n = plan.rowLength;
    let from: usize = plan.matrix + tile * 2 * plane;
    let to: usize = plan.ping;
    let other: usize = plan.pong;
    let stride: usize = (<usize>1) << plan.tileShift;
    let twiddles: usize = plan.rowTwiddles;
    while (n > 4) {
      if (n == 8) pass2(from, to, n, stride, twiddles);
      else pass4(from, to, n, stride, twiddles);
      const shift = n == 8 ? 1 : 2;
      n >>= shift;
      stride <<= shift;
      twiddles += n * 24;
      from = to;
      to = other;
      other = from;
    }
    powers(plan, kept, from, stride, tile * plane);
  }
}

function first(plan: Plan, format: i32, samples: usize, window: usize): void {
  const n = plan.columnLength;
  const groups = plan.columnGroups;
  const twiddles = plan.columnTwiddles;
  const step = plan.rowLength;
  const to = plan.ping;
  if (format == CU8) firstPass(CU8, samples, step, window, to, n, groups, twiddles);
  else if (format == CS8) firstPass(CS8, samples, step, window, to, n, groups, twiddles);
  else if (format == CS16) firstPass(CS16, samples, step, window, to, n, groups, twiddles);
  else firstPass(CF32, samples, step, window, to, n, groups, twiddles);
}

function powers(plan: Plan, kept: i32, from: usize, groups: usize, at: usize): void {
  const sums = plan.sums + at;
  const maxima = plan.maxima + at;
  const squares = plan.squares + at;
  if (kept == 0) powerPass(0, from, groups, sums, maxima, squares);
  else if (kept == WITH_MAXIMUM) powerPass(WITH_MAXIMUM, from, groups, sums, maxima, squares);
  else powerPass(WITH_MAXIMUM | WITH_SQUARES, from, groups, sums, maxima, squares);
}

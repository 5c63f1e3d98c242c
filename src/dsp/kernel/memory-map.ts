/**
 * A transform of N = N1·N2 values, n = n1·N2 + n2 and k = k1 + N1·k2:
 *
 *   X[k] = Σ_n2 w_N2^(n2·k2) · w_N^(n2·k1) · Σ_n1 x[n] · w_N1^(n1·k1)
 *
 * The columns n2 are transformed first, a few of them at a time so that they stay in the nearest cache; then the rows k1.
 */
export interface Shape {
  readonly columnLength: number;
  readonly rowLength: number;
  /** Columns transformed together, in groups of four lanes. */
  readonly columnGroups: number;
  /** Rows transformed together, in groups of four lanes: a power of two, as its exponent. */
  readonly tileShift: number;
}

export const SMALLEST_TRANSFORM = 256;
export const LARGEST_TRANSFORM = 262_144;

/** Two of these (to and fro) and the tables beside them fit the 32 KiB that every first-level cache has. */
const SCRATCH_BYTES = 16_384;
const MOST_GROUPS = 4;
const BYTES_A_GROUP = 32;

export function shapeOf(bins: number): Shape {
  // Whole passes of radix 4 for the columns; a pass of radix 2 falls to the rows.
  const columnLength = 4 ** Math.max(2, Math.floor(Math.log2(bins) / 4));
  const rowLength = bins / columnLength;
  return {
    columnLength,
    rowLength,
    columnGroups: groupsFor(columnLength),
    tileShift: Math.log2(groupsFor(rowLength)),
  };
}

function groupsFor(length: number): number {
  return Math.max(2, Math.min(MOST_GROUPS, SCRATCH_BYTES / BYTES_A_GROUP / length));
}

/**
 * Where things lie in the kernel's memory, bytes from its start. The first page is the compiler's; then, each at a
 * multiple of 64 bytes:
 *
 * | part            | bytes         | what |
 * | --------------- | ------------- | ---- |
 * | plan            | 64            | 14 words: the shape and the addresses below, as `Plan` in assembly/index.ts |
 * | ping, pong      | scratch       | a block of columns, or a tile of rows, before and after a pass |
 * | columnTwiddles  | 8·N1          | for each pass and p: w^p, w^2p, w^3p as re, im |
 * | rowTwiddles     | 8·N2          | the same for the rows |
 * | window          | 4·N           | in the order of the first pass: [block][p][group][input 0–3][lane] |
 * | joinTwiddles    | 8·N           | in the order of the join: [block][q][group][output 0–3][re, im][lane] |
 * | matrix          | 8·N           | between columns and rows: [tile][n2][group][re, im][lane] |
 * | sums … squares  | 3 × 4·N       | running sum, maximum and sum of squares of |X|²: [tile][k2][group][lane] |
 * | output          | rows·4·N      | the means by frequency; afterwards the maximum or the squares |
 * | samples         | as needed     | the block |
 */
export interface MemoryMap {
  readonly plan: number;
  readonly ping: number;
  readonly pong: number;
  readonly columnTwiddles: number;
  readonly rowTwiddles: number;
  readonly window: number;
  readonly joinTwiddles: number;
  readonly matrix: number;
  readonly sums: number;
  readonly maxima: number;
  readonly squares: number;
  /** Here begin the output and, after it, the samples. */
  readonly end: number;
}

export const FIRST_BYTE = 65_536;
const ALIGNMENT = 64;
const PLAN_BYTES = 64;

/** Successive places, each aligned. */
export function allocator(from: number): (bytes: number) => number {
  let next = from;
  return (bytes) => {
    const at = next;
    next = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    return at;
  };
}

export function memoryMapOf(shape: Shape): MemoryMap {
  const { columnLength, rowLength, columnGroups, tileShift } = shape;
  const bins = columnLength * rowLength;
  const take = allocator(FIRST_BYTE);
  const scratch = BYTES_A_GROUP * Math.max(columnLength * columnGroups, rowLength << tileShift);
  return {
    plan: take(PLAN_BYTES),
    ping: take(scratch),
    pong: take(scratch),
    columnTwiddles: take(8 * columnLength),
    rowTwiddles: take(8 * rowLength),
    window: take(4 * bins),
    joinTwiddles: take(8 * bins),
    matrix: take(8 * bins),
    sums: take(4 * bins),
    maxima: take(4 * bins),
    squares: take(4 * bins),
    end: take(0),
  };
}

/** The words of the plan, in the order of `Plan` in assembly/index.ts. */
export function planWords(shape: Shape, map: MemoryMap): number[] {
  const { columnLength, rowLength, columnGroups, tileShift } = shape;
  return [
    columnLength,
    rowLength,
    columnGroups,
    tileShift,
    map.window,
    map.columnTwiddles,
    map.joinTwiddles,
    map.rowTwiddles,
    map.ping,
    map.pong,
    map.matrix,
    map.sums,
    map.maxima,
    map.squares,
  ];
}

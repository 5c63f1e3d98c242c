import { createRowStatistics, type RowStatistics } from '../row-statistics.ts';
import { type CompiledKernel, instantiateKernel, type KernelExports, PAGE_BYTES } from './engine.ts';
import { allocator, FIRST_BYTE } from './memory-map.ts';

/** Rows of other widths (sweeps) are left to TypeScript. */
const WIDTH_BINS = 16;

/** The statistics by the kernel, in an instance of its own. It serves any receivers of one thread, one after the other. */
export function createKernelRowStatistics(compiled: CompiledKernel): RowStatistics {
  return new KernelRowStatistics(instantiateKernel(compiled), FIRST_BYTE);
}

/**
 * The statistics in the memory of an instance, from `base` on: first the rows, so that those which the instance itself
 * has estimated there need not be copied, then what `mapFor` says. What else lies there is overwritten.
 */
export class KernelRowStatistics implements RowStatistics {
  private readonly kernel: KernelExports;
  private readonly base: number;
  private readonly reference = createRowStatistics();
  private isOwn = false;
  private bins = 0;
  private rows = 0;
  private map;
  private inPlace: Float32Array | null = null;
  /** Over all memory, while it stays where it is. */
  private floats = new Float32Array(0);

  constructor(kernel: KernelExports, base: number) {
    this.kernel = kernel;
    this.base = base;
    this.map = mapFor(base, 0, 0);
  }

  /** `rows` are what lies at the base now: `take` need not copy them. null: something else does. */
  hold(rows: Float32Array | null): void {
    this.inPlace = rows;
  }

  take(values: Float32Array, width: number): void {
    this.isOwn = width % WIDTH_BINS === 0;
    this.reference.take(values, width);
    if (!this.isOwn) return;
    const rows = values.length / width;
    if (width !== this.bins || rows !== this.rows) this.map = mapFor(this.base, width, rows);
    this.bins = width;
    this.rows = rows;
    this.reserve(this.map.end);
    if (values === this.inPlace) return;
    this.inPlace = null;
    this.write(this.map.rows, values);
  }

  runTotals(runs: number): Float32Array {
    const { map, bins } = this;
    const length = bins / runs;
    if (!this.isOwn || length % WIDTH_BINS !== 0) return this.reference.runTotals(runs);
    const count = this.rows * runs;
    this.reserve(map.end + 4 * count);
    this.kernel.runTotals(map.rows, count, length, map.end);
    return this.read(map.end, count);
  }

  fold() {
    if (!this.isOwn) return this.reference.fold();
    const { map, bins } = this;
    this.kernel.foldRows(map.rows, this.rows, bins, map.first, map.second);
    return { mean: this.read(map.first, bins), max: this.read(map.second, bins) };
  }

  boxMaxima(floor: Float32Array, limit: number) {
    if (!this.isOwn) return this.reference.boxMaxima(floor, limit);
    this.sumBoxes(floor, limit);
    return [this.read(this.map.first, this.bins), this.read(this.map.second, this.bins)] as const;
  }

  boxPlaces(floor: Float32Array, limit: number, least8: number, least32: number) {
    if (!this.isOwn) return this.reference.boxPlaces(floor, limit, least8, least32);
    this.sumBoxes(floor, limit);
    const { map, bins, kernel } = this;
    const eight = this.places(kernel.atLeast(map.first, least8, bins, map.places));
    return [eight, this.places(kernel.atLeast(map.second, least32, bins, map.places))] as const;
  }

  boxStretches(floor: Float32Array, limit: number, least8: number, least32: number) {
    if (!this.isOwn) return this.reference.boxStretches(floor, limit, least8, least32);
    const { map, bins, kernel } = this;
    this.putFloor(floor);
    const threes = map.scratch + bins + 128;
    kernel.stretchMaxima(
      ...([map.rows, this.rows, bins, map.reciprocals, limit] as const),
      ...([map.scratch, threes, map.first, map.second] as const),
    );
    const stretches = bins / 4 + 4;
    const binsOf = (plane: number, least: number) =>
      this.places(kernel.atLeast(plane, least, stretches, map.places)).map((place) => 4 * place - 16);
    return [binsOf(map.first, least8), binsOf(map.second, least32)] as const;
  }

  exceedances(values: Float32Array, floor: Float32Array, factor: number): Int32Array {
    if (!this.isOwn || values.length !== this.bins) return this.reference.exceedances(values, floor, factor);
    const { map, bins } = this;
    this.write(map.floor, floor);
    this.write(map.first, values);
    return this.places(this.kernel.exceedances(map.first, map.floor, factor, bins, map.places));
  }

  segmentRanks(values: Float32Array, segments: number, rank: number): Float32Array {
    const length = values.length / segments;
    if (length % 4 !== 0) return this.reference.segmentRanks(values, segments, rank);
    // Behind the rows, which stay.
    const take = allocator(this.map.end);
    const from = take(4 * values.length);
    const output = take(4 * segments);
    this.reserve(take(0));
    this.write(from, values);
    this.kernel.segmentRanks(from, segments, length, rank, output);
    return this.read(output, segments);
  }

  /** Largest sums of 8 in `first`, of 32 in `second`. */
  private sumBoxes(floor: Float32Array, limit: number): void {
    const { map } = this;
    this.putFloor(floor);
    this.kernel.boxMaxima(map.rows, this.rows, this.bins, map.reciprocals, limit, map.scratch, map.first, map.second);
  }

  private putFloor(floor: Float32Array): void {
    this.write(this.map.floor, floor);
    this.kernel.reciprocals(this.map.floor, this.bins, this.map.reciprocals);
  }

  private places(count: number): Int32Array {
    return new Int32Array(this.kernel.memory.buffer, this.map.places, count).slice();
  }

  private write(address: number, values: Float32Array): void {
    this.view().set(values, address / 4);
  }

  private read(address: number, length: number): Float32Array {
    return this.view().slice(address / 4, address / 4 + length);
  }

  private view(): Float32Array {
    if (this.floats.length === 0) this.floats = new Float32Array(this.kernel.memory.buffer);
    return this.floats;
  }

  private reserve(bytes: number): void {
    const { memory } = this.kernel;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}

function mapFor(base: number, bins: number, rows: number) {
  const take = allocator(base);
  // A stretch begins up to 16 bins before the first.
  const plane = 4 * bins + 256;
  return {
    rows: take(4 * bins * rows),
    floor: take(4 * bins),
    reciprocals: take(4 * bins),
    first: take(plane),
    second: take(plane),
    scratch: take(plane),
    places: take(plane),
    end: take(0),
  };
}

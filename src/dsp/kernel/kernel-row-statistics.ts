import { createRowStatistics, type RowFold, type RowStatistics } from '../row-statistics.ts';
import { type CompiledKernel, instantiateKernel, type KernelExports, PAGE_BYTES } from './engine.ts';
import { allocator, FIRST_BYTE } from './memory-map.ts';

/** Rows of other widths (sweeps) are left to TypeScript. */
const WIDTH_BINS = 32;
const BLOCK_BINS = 8;
/** A stretch begins up to two blocks before the first. */
const MARGIN_BLOCKS = 2;

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
  /** What lies in memory already, as it was given or handed out: rows at the base, and their mean and maximum. */
  private inPlace: Float32Array | null = null;
  private taken: Float32Array | null = null;
  private folded: RowFold | null = null;
  private isSurveyed = false;
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
    this.taken = null;
    this.folded = null;
    this.isSurveyed = false;
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
    this.isSurveyed = false;
    this.folded = null;
    this.taken = values;
    if (values === this.inPlace) return;
    this.inPlace = null;
    this.write(this.map.rows, values);
  }

  runTotals(runs: number): Float32Array {
    const blocks = this.bins / runs / BLOCK_BINS;
    if (!this.isOwn || blocks % 4 !== 0) return this.reference.runTotals(runs);
    this.survey();
    const { map, rows } = this;
    this.reserve(map.end + 4 * rows * runs);
    this.kernel.runTotals(map.blocks, rows * runs, blocks, map.end);
    return this.read(map.end, rows * runs);
  }

  fold(): RowFold {
    if (!this.isOwn) return this.reference.fold();
    this.survey();
    this.folded = { mean: this.read(this.map.mean, this.bins), max: this.read(this.map.max, this.bins) };
    return this.folded;
  }

  segmentRanks(values: Float32Array, segments: number, rank: number): Float32Array {
    const length = values.length / segments;
    if (length % 4 !== 0) return this.reference.segmentRanks(values, segments, rank);
    const from = this.addressOf(values);
    const output = Math.max(this.map.end, from + 4 * values.length);
    this.reserve(output + 4 * segments);
    this.kernel.segmentRanks(from, segments, length, rank, output);
    return this.read(output, segments);
  }

  over(floor: Float32Array): void {
    this.reference.over(floor);
    if (!this.isOwn) return;
    const { map } = this;
    this.write(map.floor, floor);
    this.kernel.reciprocals(map.floor, this.bins, map.reciprocals, map.blockReciprocals);
  }

  exceedances(values: Float32Array, factor: number): Int32Array {
    if (!this.isOwn) return this.reference.exceedances(values, factor);
    const { map, bins } = this;
    return this.places(this.kernel.exceedances(this.addressOf(values), map.floor, factor, bins, map.places));
  }

  boxMaxima(values: Float32Array, limit: number) {
    if (!this.isOwn) return this.reference.boxMaxima(values, limit);
    this.sumBoxes(values, limit, this.map.thirtyTwo);
    return [this.read(this.map.eight, this.bins), this.read(this.map.thirtyTwo, this.bins)] as const;
  }

  boxPlaces(values: Float32Array, limit: number, least8: number, least32: number) {
    if (!this.isOwn) return this.reference.boxPlaces(values, limit, least8, least32);
    const { map, bins, kernel } = this;
    const thirtyTwo = least32 === Number.POSITIVE_INFINITY ? 0 : map.thirtyTwo;
    this.sumBoxes(values, limit, thirtyTwo);
    const eight = this.places(kernel.atLeast(map.eight, least8, bins, map.places));
    if (thirtyTwo === 0) return [eight, new Int32Array(0)] as const;
    return [eight, this.places(kernel.atLeast(thirtyTwo, least32, bins, map.places))] as const;
  }

  stretches(least: number): Int32Array {
    if (!this.isOwn) return this.reference.stretches(least);
    this.survey();
    const { map, kernel } = this;
    const blocks = this.bins / BLOCK_BINS;
    kernel.stretchMaxima(map.blocks, this.rows, blocks, map.blockReciprocals, map.scratch, map.eight);
    const found = this.places(kernel.atLeast(map.eight, least, blocks + MARGIN_BLOCKS, map.places));
    for (let i = 0; i < found.length; i++) found[i] = (found[i] - MARGIN_BLOCKS) * BLOCK_BINS;
    return found;
  }

  private survey(): void {
    if (this.isSurveyed) return;
    const { map } = this;
    this.kernel.surveyRows(map.rows, this.rows, this.bins, map.blocks, map.mean, map.max);
    this.isSurveyed = true;
  }

  /** Largest sums of 8 in `eight`, of 32 at `thirtyTwo` unless that is 0. */
  private sumBoxes(values: Float32Array, limit: number, thirtyTwo: number): void {
    const { map, bins } = this;
    const rows = values.length / bins;
    const from = this.addressOf(values);
    this.kernel.boxMaxima(from, rows, bins, map.reciprocals, limit, map.scratch, map.eight, thirtyTwo);
  }

  /** Where values lie, or are put: behind all else. */
  private addressOf(values: Float32Array): number {
    const { map, folded } = this;
    if (values === folded?.mean) return map.mean;
    if (values === folded?.max) return map.max;
    if (values === this.taken) return map.rows;
    this.reserve(map.end + 4 * values.length);
    this.write(map.end, values);
    return map.end;
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
  const plane = 4 * bins;
  // Noise lies around the row in scratch, and before the first stretch.
  const margin = 256;
  return {
    rows: take(plane * rows),
    mean: take(plane),
    max: take(plane),
    blocks: take((plane * rows) / BLOCK_BINS),
    floor: take(plane),
    reciprocals: take(plane),
    blockReciprocals: take(plane / BLOCK_BINS),
    eight: take(plane + margin),
    thirtyTwo: take(plane),
    scratch: take(plane + margin),
    places: take(plane + margin),
    end: take(0),
  };
}

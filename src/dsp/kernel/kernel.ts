import type { SampleFormat } from '../../core/frames.ts';
import { BYTES_PER_PAIR, SAMPLE_FORMATS } from '../../core/frames.ts';
import { type CompiledKernel, instantiateKernel, type KernelExports, PAGE_BYTES } from './engine.ts';
import { KernelRowStatistics } from './kernel-row-statistics.ts';
import { allocator, memoryMapOf, planWords, shapeOf } from './memory-map.ts';
import { joinTwiddles, passTwiddles, windowTable } from './tables.ts';

/** Planes kept besides the running sum. */
const KEPT = { sum: 0, maximum: 1, squares: 3 } as const;
export type KeptPlanes = keyof typeof KEPT;

export interface KernelBlock {
  readonly format: SampleFormat;
  readonly samples: Uint8Array;
  readonly hop: number;
  readonly transforms: number;
  readonly rows: number;
  readonly kept: KeptPlanes;
}

export interface KernelResult {
  /** rows × bins: means of |X|², the zero frequency at bin N/2. */
  readonly mean: Float32Array;
  /** bins: the largest |X|²; null where it is not kept. */
  readonly max: Float32Array | null;
  /** bins: Σ|X|⁴ over all transforms; null where it is not kept. */
  readonly squares: Float32Array | null;
  readonly clipped: number;
}

/** Samples and output that are in memory at once; a block beyond goes through in parts of whole rows. */
const STAGED_BYTES = 8 * 1024 * 1024;
/** Widest load past the last sample of a block. */
const SLACK_BYTES = 64;

/** Full scale of each format: the value that stands for amplitude 1. */
const FULL_SCALE: Readonly<Record<SampleFormat, number>> = { cu8: 127.5, cs8: 128, cs16: 32_768, cf32: 1 };

/** An instance for one length and window. Its memory belongs to it; nothing of it outlives a call. */
export class Kernel {
  /** Of the last result's rows without a copy; of any others as well. */
  readonly statistics: KernelRowStatistics;
  private readonly exports: KernelExports;
  private readonly map;
  private readonly shape;
  private readonly bins: number;
  private readonly weights: Float64Array;
  private format: SampleFormat | null = null;

  /** @param weights the window, scaled as the amplitudes shall be; its length is the transform's */
  constructor(compiled: CompiledKernel, weights: Float64Array) {
    this.exports = instantiateKernel(compiled);
    this.bins = weights.length;
    this.weights = weights;
    this.shape = shapeOf(this.bins);
    this.map = memoryMapOf(this.shape);
    this.statistics = new KernelRowStatistics(this.exports, this.map.end);
    this.reserve(this.map.end);
    const { memory } = this.exports;
    new Uint32Array(memory.buffer).set(planWords(this.shape, this.map), this.map.plan / 4);
    this.write(this.map.columnTwiddles, passTwiddles(this.shape.columnLength));
    this.write(this.map.rowTwiddles, passTwiddles(this.shape.rowLength));
    this.write(this.map.joinTwiddles, joinTwiddles(this.shape));
  }

  estimate(block: KernelBlock): KernelResult {
    this.useFormat(block.format);
    const { plan, maxima, squares } = this.map;
    this.exports.start(plan);
    const mean = new Float32Array(block.rows * this.bins);
    let clipped = 0;
    const partRows = this.rowsAtOnce(block);
    this.statistics.hold(null);
    for (let row = 0; row < block.rows; row += partRows) {
      clipped += this.estimateRows(block, row, Math.min(block.rows, row + partRows), mean);
    }
    const result = {
      mean,
      max: block.kept === 'sum' ? null : this.finished(maxima, block.rows),
      squares: block.kept === 'squares' ? this.finished(squares, block.rows) : null,
      clipped,
    };
    if (partRows >= block.rows) this.statistics.hold(mean);
    return result;
  }

  /** Rows `row` … `endRow` − 1 into `mean`; gives the clipped values from their first sample to the next rows' first. */
  private estimateRows(block: KernelBlock, row: number, endRow: number, mean: Float32Array): number {
    const { format, hop, transforms, rows } = block;
    const pairBytes = BYTES_PER_PAIR[format];
    const from = firstTransform(block, row) * hop * pairBytes;
    const next = firstTransform(block, endRow) * hop * pairBytes;
    const isLast = endRow === rows;
    const to = isLast ? block.samples.length : next + (this.bins - hop) * pairBytes;
    const take = allocator(this.map.end);
    const output = take((endRow - row) * this.bins * 4);
    const staged = take(to - from);
    this.reserve(take(0) + SLACK_BYTES);
    const { memory } = this.exports;
    const code = SAMPLE_FORMATS.indexOf(format);
    new Uint8Array(memory.buffer, staged).set(block.samples.subarray(from, to));
    const { plan } = this.map;
    const kept = KEPT[block.kept];
    this.exports.estimate(plan, code, kept, staged, hop * pairBytes, transforms, rows, row, endRow, output);
    mean.set(new Float32Array(memory.buffer, output, (endRow - row) * this.bins), row * this.bins);
    return this.exports.countClipped(code, staged, (isLast ? to : next) - from);
  }

  private rowsAtOnce({ format, hop, transforms, rows }: KernelBlock): number {
    const rowBytes = (transforms / rows) * hop * BYTES_PER_PAIR[format] + 4 * this.bins;
    return Math.max(1, Math.floor(STAGED_BYTES / rowBytes));
  }

  /** Behind the rows, which stay. */
  private finished(plane: number, rows: number): Float32Array {
    const output = this.map.end + 4 * this.bins * rows;
    this.reserve(output + 4 * this.bins);
    this.exports.finish(this.map.plan, plane, output, 1);
    return new Float32Array(this.exports.memory.buffer, output, this.bins).slice();
  }

  /** The window undoes the format's full scale. */
  private useFormat(format: SampleFormat): void {
    if (this.format === format) return;
    const scaled = this.weights.map((weight) => weight / FULL_SCALE[format]);
    this.write(this.map.window, windowTable(this.shape, scaled));
    this.format = format;
  }

  private write(address: number, values: Float32Array): void {
    new Float32Array(this.exports.memory.buffer, address, values.length).set(values);
  }

  private reserve(bytes: number): void {
    const { memory } = this.exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}

function firstTransform({ transforms, rows }: KernelBlock, row: number): number {
  return Math.floor((row * transforms) / rows);
}

import { createRowStatistics, type RowStatistics } from '../row-statistics.ts';
import { type CompiledKernel, instantiateKernel, PAGE_BYTES } from './engine.ts';
import { allocator, FIRST_BYTE } from './memory-map.ts';

/** Rows of other widths (sweeps) are left to TypeScript. */
const WIDTH_BINS = 16;

/**
 * The statistics by the kernel. Its memory, bytes from FIRST_BYTE: the floor, four planes of results, the totals, one
 * row of scratch, then the rows themselves. An instance serves any number of receivers of one thread, one after the other.
 */
export function createKernelRowStatistics(compiled: CompiledKernel): RowStatistics {
  const { memory, rowTotals, foldRows, boxMaxima, segmentRanks } = instantiateKernel(compiled);
  const reference = createRowStatistics();
  let isOwn = false;
  let bins = 0;
  let rows = 0;
  let map = mapFor(0, 0);

  function read(address: number, length: number): Float32Array {
    return new Float32Array(memory.buffer, address, length).slice();
  }

  function reserve(bytes: number): void {
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  }

  return {
    take(values, width) {
      isOwn = width % WIDTH_BINS === 0;
      if (!isOwn) {
        reference.take(values, width);
        return;
      }
      bins = width;
      rows = values.length / width;
      map = mapFor(bins, rows);
      reserve(map.end);
      new Float32Array(memory.buffer, map.rows, values.length).set(values);
    },
    totals() {
      if (!isOwn) return reference.totals();
      rowTotals(map.rows, rows, bins, map.totals);
      return read(map.totals, rows);
    },
    fold() {
      if (!isOwn) return reference.fold();
      foldRows(map.rows, rows, bins, map.first, map.second);
      return { mean: read(map.first, bins), max: read(map.second, bins) };
    },
    boxMaxima(floor, limit) {
      if (!isOwn) return reference.boxMaxima(floor, limit);
      new Float32Array(memory.buffer, map.floor, bins).set(floor);
      boxMaxima(map.rows, rows, bins, map.floor, limit, map.scratch, map.first, map.second);
      return [read(map.first, bins), read(map.second, bins)];
    },
    segmentRanks(values, segments, rank) {
      const length = values.length / segments;
      if (length % 4 !== 0) return reference.segmentRanks(values, segments, rank);
      // Behind the rows, which stay.
      const take = allocator(map.end);
      const from = take(4 * values.length);
      const output = take(4 * segments);
      reserve(take(0));
      new Float32Array(memory.buffer, from, values.length).set(values);
      segmentRanks(from, segments, length, rank, output);
      return read(output, segments);
    },
  };
}

function mapFor(bins: number, rows: number) {
  const take = allocator(FIRST_BYTE);
  return {
    floor: take(4 * bins),
    first: take(4 * bins),
    second: take(4 * bins),
    totals: take(4 * rows),
    scratch: take(4 * bins + 256),
    rows: take(4 * bins * rows),
    end: take(0),
  };
}

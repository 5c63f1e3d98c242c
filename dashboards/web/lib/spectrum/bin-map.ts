import type { ViewRange } from './view-range.ts';
import { widthHz } from './view-range.ts';

/** Frequencies of the bins of a row: bin k lies at startHz + k·stepHz and covers half a step to each side. */
export interface BinGrid {
  readonly startHz: number;
  readonly stepHz: number;
  readonly bins: number;
}

export function sameGrid(a: BinGrid, b: BinGrid): boolean {
  const slackHz = Math.abs(a.stepHz) * 1e-3;
  return (
    a.bins === b.bins && Math.abs(a.startHz - b.startHz) < slackHz && Math.abs(a.stepHz - b.stepHz) * a.bins < slackHz
  );
}

export function gridRange(grid: BinGrid): ViewRange {
  const lowHz = grid.startHz - grid.stepHz / 2;
  return { lowHz, highHz: lowHz + grid.bins * grid.stepHz };
}

/** The bin whose stretch holds `hz`, or −1 outside. */
export function binAt(hz: number, grid: BinGrid): number {
  const bin = Math.round((hz - grid.startHz) / grid.stepHz);
  return bin >= 0 && bin < grid.bins ? bin : -1;
}

/** Left edge of the view, and width of a pixel, both in bins; bin k covers k to k + 1. */
export function binScale(grid: BinGrid, range: ViewRange, widthPx: number): { first: number; perPixel: number } {
  return {
    first: (range.lowHz - grid.startHz) / grid.stepHz + 0.5,
    perPixel: widthHz(range) / grid.stepHz / widthPx,
  };
}

/**
 * Which bins each pixel column shows: `low[i]` to `high[i]` inclusive, or low = −1 where there are none.
 * A pixel takes the maximum of its bins, so a carrier one bin wide never vanishes.
 */
export interface BinMap {
  readonly widthPx: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export function mapBins(grid: BinGrid, range: ViewRange, widthPx: number): BinMap {
  const low = new Int32Array(widthPx);
  const high = new Int32Array(widthPx);
  const { first, perPixel } = binScale(grid, range, widthPx);
  for (let i = 0; i < widthPx; i++) {
    const from = Math.floor(first + i * perPixel + 1e-9);
    const to = Math.max(from, Math.ceil(first + (i + 1) * perPixel - 1e-9) - 1);
    const outside = to < 0 || from >= grid.bins;
    low[i] = outside ? -1 : Math.max(0, from);
    high[i] = outside ? -1 : Math.min(grid.bins - 1, to);
  }
  return { widthPx, low, high };
}

/** The largest byte of each pixel's bins into `out`; −1 where there are none. Nothing is allocated. */
export function maxPerPixel(levels: Uint8Array, map: BinMap, out: Int16Array): void {
  const { low, high, widthPx } = map;
  for (let i = 0; i < widthPx; i++) {
    let k = low[i];
    if (k < 0) {
      out[i] = -1;
      continue;
    }
    let best = levels[k];
    for (const last = high[i]; k < last; ) {
      const level = levels[++k];
      if (level > best) best = level;
    }
    out[i] = best;
  }
}

/** The same for levels in dB; NaN where there are none. */
export function maxDbPerPixel(levels: Float32Array, map: BinMap, out: Float32Array): void {
  const { low, high, widthPx } = map;
  for (let i = 0; i < widthPx; i++) {
    let k = low[i];
    if (k < 0) {
      out[i] = Number.NaN;
      continue;
    }
    let best = levels[k];
    for (const last = high[i]; k < last; ) {
      const level = levels[++k];
      if (level > best) best = level;
    }
    out[i] = best;
  }
}

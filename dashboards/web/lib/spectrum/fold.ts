import type { BinGrid } from './bin-map.ts';

/** Widest row that is kept: every graphics card takes textures of this width. */
export const MOST_BINS = 8192;

/** The grid after each `times` neighbouring bins became one. */
export function foldedGrid(grid: BinGrid, times: number): BinGrid {
  return {
    startHz: grid.startHz + ((times - 1) * grid.stepHz) / 2,
    stepHz: grid.stepHz * times,
    bins: Math.ceil(grid.bins / times),
  };
}

export function foldTimes(bins: number): number {
  return Math.ceil(bins / MOST_BINS);
}

/** The largest of each `times` neighbouring bytes into `out`. */
export function foldLevels(levels: Uint8Array, times: number, out: Uint8Array): void {
  out.fill(0);
  for (let k = 0; k < levels.length; k++) {
    const at = Math.floor(k / times);
    if (levels[k] > out[at]) out[at] = levels[k];
  }
}

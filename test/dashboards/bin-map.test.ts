import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binAt,
  gridRange,
  mapBins,
  maxDbPerPixel,
  maxPerPixel,
  sameGrid,
} from '../../dashboards/web/lib/spectrum/bin-map.ts';
import { foldedGrid, foldLevels, foldTimes, MOST_BINS } from '../../dashboards/web/lib/spectrum/fold.ts';

const GRID = { startHz: 100e6, stepHz: 1000, bins: 2048 };

function pixels(levels: Uint8Array, grid: typeof GRID, range: { lowHz: number; highHz: number }, widthPx: number) {
  const out = new Int16Array(widthPx);
  maxPerPixel(levels, mapBins(grid, range, widthPx), out);
  return out;
}

describe('bins on pixels', () => {
  it('never lose a carrier of one bin, however many bins share a pixel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2047 }), fc.integer({ min: 1, max: 4000 }), (bin, widthPx) => {
        const levels = new Uint8Array(2048).fill(20);
        levels[bin] = 200;
        expect(Math.max(...pixels(levels, GRID, gridRange(GRID), widthPx))).toBe(200);
      }),
    );
  });

  it('show a carrier at the pixel of its frequency', () => {
    const levels = new Uint8Array(2048);
    levels[512] = 90;
    const shown = pixels(levels, GRID, gridRange(GRID), 1024);
    // Bin 512 of 2048 covers 512 to 513 of 2048 bins: pixel 256 of 1024.
    expect(shown.indexOf(90)).toBe(256);
    expect(shown.lastIndexOf(90)).toBe(256);
  });

  it('take equal shares of the screen where a bin is wider than a pixel', () => {
    const shown = pixels(
      Uint8Array.of(10, 20, 30, 40),
      { startHz: 0, stepHz: 1, bins: 4 },
      { lowHz: -0.5, highHz: 3.5 },
      8,
    );
    expect([...shown]).toEqual([10, 10, 20, 20, 30, 30, 40, 40]);
  });

  it('are absent where the view leaves the receiver’s span', () => {
    const shown = pixels(Uint8Array.of(10, 20), { startHz: 0, stepHz: 1, bins: 2 }, { lowHz: -2.5, highHz: 3.5 }, 6);
    expect([...shown]).toEqual([-1, -1, 10, 20, -1, -1]);
    const db = new Float32Array(6);
    maxDbPerPixel(
      Float32Array.of(-50, -40),
      mapBins({ startHz: 0, stepHz: 1, bins: 2 }, { lowHz: -2.5, highHz: 3.5 }, 6),
      db,
    );
    expect([...db]).toEqual([Number.NaN, Number.NaN, -50, -40, Number.NaN, Number.NaN]);
  });

  it('belong to the frequency within half a step', () => {
    expect(binAt(100e6 + 499, GRID)).toBe(0);
    expect(binAt(100e6 + 501, GRID)).toBe(1);
    expect(binAt(99.999e6, GRID)).toBe(-1);
    expect(binAt(100e6 + 2047.4e3, GRID)).toBe(2047);
    expect(binAt(100e6 + 2047.6e3, GRID)).toBe(-1);
  });

  it('form another grid when the receiver is tuned elsewhere, but not by rounding', () => {
    expect(sameGrid(GRID, { ...GRID, startHz: GRID.startHz + 1e-6 })).toBe(true);
    expect(sameGrid(GRID, { ...GRID, startHz: GRID.startHz + 500 })).toBe(false);
    expect(sameGrid(GRID, { ...GRID, bins: 1024 })).toBe(false);
  });
});

describe('rows too wide for a graphics card', () => {
  it('are folded by the maximum and keep their span', () => {
    const raw = { startHz: 0, stepHz: 1, bins: 3 * MOST_BINS };
    const times = foldTimes(raw.bins);
    expect(times).toBe(3);
    expect(gridRange(foldedGrid(raw, times))).toEqual(gridRange(raw));
    const out = new Uint8Array(2);
    foldLevels(Uint8Array.of(1, 7, 2, 0, 0, 9), 3, out);
    expect([...out]).toEqual([7, 9]);
  });
});

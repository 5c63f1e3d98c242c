import { describe, expect, it } from 'vitest';
import {
  clampRange,
  frequencyAt,
  pan,
  positionPx,
  rangeOfTransform,
  transformOfRange,
  zoom,
} from '../../dashboards/web/lib/spectrum/view-range.ts';

const FULL = { lowHz: 96.8e6, highHz: 99.2e6 };

describe('the view of the spectrum', () => {
  it('shows the full span where nothing is zoomed', () => {
    expect(rangeOfTransform({ k: 1, x: 0 }, FULL, 800)).toEqual(FULL);
  });

  it('shows the middle half at zoom 2 moved by half the width', () => {
    const range = rangeOfTransform({ k: 2, x: -400 }, FULL, 800);
    expect(range.lowHz).toBeCloseTo(97.4e6, 3);
    expect(range.highHz).toBeCloseTo(98.6e6, 3);
  });

  it.each([
    [97.0e6, 97.1e6],
    [96.8e6, 99.2e6],
    [99.1999e6, 99.2e6],
  ])('comes back to %d – %d Hz through its zoom', (lowHz, highHz) => {
    const back = rangeOfTransform(transformOfRange({ lowHz, highHz }, FULL, 937), FULL, 937);
    expect(back.lowHz).toBeCloseTo(lowHz, 3);
    expect(back.highHz).toBeCloseTo(highHz, 3);
  });

  it('keeps its width when it is pushed against an end', () => {
    expect(clampRange({ lowHz: 96e6, highHz: 97e6 }, FULL, 100)).toEqual({ lowHz: 96.8e6, highHz: 97.8e6 });
    expect(clampRange({ lowHz: 99e6, highHz: 100e6 }, FULL, 100)).toEqual({ lowHz: 98.2e6, highHz: 99.2e6 });
  });

  it('is never wider than the receiver looks, nor narrower than asked', () => {
    expect(clampRange({ lowHz: 0, highHz: 1e9 }, FULL, 100)).toEqual(FULL);
    const narrow = clampRange({ lowHz: 98e6, highHz: 98e6 }, FULL, 1000);
    expect(narrow.highHz - narrow.lowHz).toBeCloseTo(1000, 6);
  });

  it('keeps its middle when zoomed, and moves by shares of its width when panned', () => {
    expect(zoom({ lowHz: 100, highHz: 200 }, 2)).toEqual({ lowHz: 125, highHz: 175 });
    expect(pan({ lowHz: 100, highHz: 200 }, -0.25)).toEqual({ lowHz: 75, highHz: 175 });
  });

  it('puts a frequency and its pixel in one place', () => {
    expect(positionPx(98e6, FULL, 1000)).toBeCloseTo(500, 6);
    expect(frequencyAt(positionPx(97.123e6, FULL, 777), FULL, 777)).toBeCloseTo(97.123e6, 3);
  });
});

/** A stretch of the spectrum on the screen, Hz. */
export interface ViewRange {
  readonly lowHz: number;
  readonly highHz: number;
}

/** A zoom: screen x = k·x₀ + x, as d3-zoom keeps it, where x₀ is the position at the full span. */
export interface ZoomTransform {
  readonly k: number;
  readonly x: number;
}

export function widthHz(range: ViewRange): number {
  return range.highHz - range.lowHz;
}

/** The part of `full`, `widthPx` wide on the screen, that a zoom shows. */
export function rangeOfTransform(transform: ZoomTransform, full: ViewRange, widthPx: number): ViewRange {
  const hzPerPx = widthHz(full) / widthPx;
  const lowHz = full.lowHz + (-transform.x / transform.k) * hzPerPx;
  return { lowHz, highHz: lowHz + widthHz(full) / transform.k };
}

/** The zoom that shows `range` of `full`; inverse of `rangeOfTransform`. */
export function transformOfRange(range: ViewRange, full: ViewRange, widthPx: number): ZoomTransform {
  const k = widthHz(full) / widthHz(range);
  return { k, x: (-(range.lowHz - full.lowHz) / widthHz(full)) * widthPx * k };
}

/** `range` moved, and where needed narrowed, to lie within `full`; never narrower than `leastHz`. */
export function clampRange(range: ViewRange, full: ViewRange, leastHz: number): ViewRange {
  const fullWidth = widthHz(full);
  const width = Math.min(fullWidth, Math.max(Math.min(leastHz, fullWidth), widthHz(range)));
  const center = (range.lowHz + range.highHz) / 2;
  const lowHz = Math.min(full.highHz - width, Math.max(full.lowHz, center - width / 2));
  return { lowHz, highHz: lowHz + width };
}

/** Moves by a share of the width: −0.25 is a quarter to the left. */
export function pan(range: ViewRange, share: number): ViewRange {
  const step = widthHz(range) * share;
  return { lowHz: range.lowHz + step, highHz: range.highHz + step };
}

/** Narrows (`factor` > 1) or widens about the middle. */
export function zoom(range: ViewRange, factor: number): ViewRange {
  const center = (range.lowHz + range.highHz) / 2;
  const half = widthHz(range) / factor / 2;
  return { lowHz: center - half, highHz: center + half };
}

export function overlaps(range: ViewRange, lowHz: number, highHz: number): boolean {
  return highHz >= range.lowHz && lowHz <= range.highHz;
}

export function positionPx(hz: number, range: ViewRange, widthPx: number): number {
  return ((hz - range.lowHz) / widthHz(range)) * widthPx;
}

export function frequencyAt(px: number, range: ViewRange, widthPx: number): number {
  return range.lowHz + (px / widthPx) * widthHz(range);
}

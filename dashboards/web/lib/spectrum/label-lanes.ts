/** A label wanted at `x` (its middle), `width` wide; earlier in the list means more important. */
export interface WantedLabel {
  readonly x: number;
  readonly width: number;
}

/**
 * Gives each label the first of `lanes` lines in which it touches no more important one, kept within
 * `[0, widthPx]`; −1 where none has room. Also returns the left edges.
 */
export function placeLabels(
  labels: readonly WantedLabel[],
  lanes: number,
  widthPx: number,
): readonly { readonly lane: number; readonly left: number }[] {
  const taken: { left: number; right: number }[][] = Array.from({ length: lanes }, () => []);
  return labels.map(({ x, width }) => {
    const left = Math.max(0, Math.min(widthPx - width, x - width / 2));
    const right = left + width;
    const lane = taken.findIndex((line) => line.every((other) => right + 4 <= other.left || left >= other.right + 4));
    if (lane >= 0) taken[lane].push({ left, right });
    return { lane, left };
  });
}

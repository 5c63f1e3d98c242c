/** Beyond this a number is no level: 10^(±30) is as much as single precision carries through the estimator. */
export const LEVEL_LIMIT_DB = 300;

export function isLevel(value: number): boolean {
  return value >= -LEVEL_LIMIT_DB && value <= LEVEL_LIMIT_DB;
}

/**
 * Replaces every level that is missing (no finite number, or beyond ±300 dB) by the lower of its nearest
 * neighbours on both sides, in place. Returns how many there were; all of them where nothing is left to
 * take a level from: the levels are then untouched.
 */
export function fillMissingLevels(levels: Float32Array): number {
  let filled = 0;
  let i = 0;
  while (i < levels.length) {
    if (isLevel(levels[i]!)) {
      i += 1;
      continue;
    }
    let end = i + 1;
    while (end < levels.length && !isLevel(levels[end]!)) end += 1;
    if (i === 0 && end === levels.length) return levels.length;
    const before = i > 0 ? levels[i - 1]! : Number.POSITIVE_INFINITY;
    const after = end < levels.length ? levels[end]! : Number.POSITIVE_INFINITY;
    levels.fill(Math.min(before, after), i, end);
    filled += end - i;
    i = end;
  }
  return filled;
}

/**
 * Which segments of the span cannot be noise alone, whatever their level: the power of noise in a segment of n bins and
 * M averages varies from row to row by 1/√(M·n/2) of itself (neighbouring bins under a window count half), a modulated
 * signal by more. Where an emission fills nearly the whole span this tells it from the floor.
 * @param rowAverages effective averages of a row
 * @returns one flag a segment; null where rows are too few, or where hardly any segment is noise (a step of the gain moves all)
 */
export function segmentsWithSignal(
  rows: Float32Array,
  bins: number,
  segments: number,
  rowAverages: number,
): boolean[] | null {
  const count = rows.length / bins;
  if (count < LEAST_ROWS) return null;
  const flags = Array.from({ length: segments }, (_, i) => {
    const from = Math.floor((i * bins) / segments);
    const to = Math.floor(((i + 1) * bins) / segments);
    return relativeVariance(rows, bins, from, to) > EXCESS / (rowAverages * ((to - from) / 2));
  });
  const quiet = flags.filter((flag) => !flag).length;
  return quiet >= Math.max(2, segments * LEAST_QUIET_SHARE) && quiet < segments ? flags : null;
}

const LEAST_ROWS = 8;
/** Times the variance of noise; chi-square with 7 degrees of freedom exceeds 6 of its mean less than once in 10^6. */
const EXCESS = 6;
const LEAST_QUIET_SHARE = 0.04;

function relativeVariance(rows: Float32Array, bins: number, from: number, to: number): number {
  const count = rows.length / bins;
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < count; row++) {
    let power = 0;
    for (let at = row * bins + from; at < row * bins + to; at++) power += rows[at];
    sum += power;
    squares += power * power;
  }
  const mean = sum / count;
  return mean > 0 ? (squares / count / mean ** 2 - 1) * (count / (count - 1)) : 0;
}

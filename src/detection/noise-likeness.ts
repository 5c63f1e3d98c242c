/**
 * Which segments of the span cannot be noise alone, whatever their level: the power of noise in a segment of n bins and
 * M averages varies from row to row by 1/√(M·n/2) of itself (neighbouring bins under a window count half), a modulated
 * signal by more. Where an emission fills nearly the whole span this tells it from the floor.
 * @param totals rows × segments: the power of each segment in each row
 * @param bins of a segment
 * @param rowAverages effective averages of a row
 * @returns one flag a segment; null where rows are too few, or where hardly any segment is noise (a step of the gain moves all)
 */
export function segmentsWithSignal(
  totals: Float32Array,
  segments: number,
  bins: number,
  rowAverages: number,
): boolean[] | null {
  const rows = totals.length / segments;
  if (rows < LEAST_ROWS) return null;
  const most = EXCESS / (rowAverages * (bins / 2));
  const flags: boolean[] = [];
  let quiet = 0;
  for (let segment = 0; segment < segments; segment++) {
    const is = relativeVariance(totals, segments, segment) > most;
    flags.push(is);
    if (!is) quiet++;
  }
  return quiet >= Math.max(2, segments * LEAST_QUIET_SHARE) && quiet < segments ? flags : null;
}

const LEAST_ROWS = 8;
/** Times the variance of noise; chi-square with 7 degrees of freedom exceeds 6 of its mean less than once in 10^6. */
const EXCESS = 6;
const LEAST_QUIET_SHARE = 0.04;

function relativeVariance(totals: Float32Array, segments: number, segment: number): number {
  let sum = 0;
  let squares = 0;
  for (let at = segment; at < totals.length; at += segments) {
    sum += totals[at];
    squares += totals[at] * totals[at];
  }
  const rows = totals.length / segments;
  const mean = sum / rows;
  return mean > 0 ? (squares / rows / mean ** 2 - 1) * (rows / (rows - 1)) : 0;
}

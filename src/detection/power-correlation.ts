/**
 * An image is its original mirrored about the receiver's centre, power for power. The fluctuation of a modulated
 * signal from row to row and bin to bin is its fingerprint: over the band, the powers of a true image and of the
 * mirrored bins go together, those of two transmitters do not.
 *
 * @param rows rows × bins, linear power
 * @param centerBin where the receiver's centre lies, bins
 * @returns correlation of the relative powers of bins lowBin…highBin with those of their mirror bins, −1 to 1;
 *   0 where the mirror lies outside the span or there is too little to tell
 */
export function mirrorCorrelation(
  rows: Float32Array,
  bins: number,
  lowBin: number,
  highBin: number,
  centerBin: number,
): number {
  const count = rows.length / bins;
  const mirrored = 2 * Math.round(centerBin);
  if (mirrored - highBin < 0 || mirrored - lowBin >= bins || count * (highBin - lowBin + 1) < LEAST_VALUES) return 0;
  let cross = 0;
  let own = 0;
  let other = 0;
  for (let k = lowBin; k <= highBin; k++) {
    const mean = columnMean(rows, bins, k);
    const mirrorMean = columnMean(rows, bins, mirrored - k);
    if (mean <= 0 || mirrorMean <= 0) continue;
    for (let row = 0; row < count; row++) {
      const a = rows[row * bins + k] / mean - 1;
      const b = rows[row * bins + mirrored - k] / mirrorMean - 1;
      cross += a * b;
      own += a * a;
      other += b * b;
    }
  }
  return own > 0 && other > 0 ? cross / Math.sqrt(own * other) : 0;
}

const LEAST_VALUES = 64;

/** Two transmitters reach this by chance less than once in 10^5 looks (standard deviation 1/√64 at the most). */
export const IMAGE_CORRELATION = 0.6;

function columnMean(rows: Float32Array, bins: number, k: number): number {
  let sum = 0;
  for (let at = k; at < rows.length; at += bins) sum += rows[at];
  return (sum * bins) / rows.length;
}

/**
 * Two tones of one FSK signal share its power: where one has more, the other has less, row by row. Correlation of the
 * powers in two bands over the rows of a look, −1 to 1; 0 where the rows are too few to tell.
 */
export function bandCorrelation(
  rows: Float32Array,
  bins: number,
  a: { readonly lowBin: number; readonly highBin: number },
  b: { readonly lowBin: number; readonly highBin: number },
): number {
  const count = rows.length / bins;
  if (count < LEAST_ROWS) return 0;
  const power = (row: number, { lowBin, highBin }: typeof a) => {
    let sum = 0;
    for (let at = row * bins + lowBin; at <= row * bins + highBin; at++) sum += rows[at];
    return sum;
  };
  const first = Array.from({ length: count }, (_, row) => power(row, a));
  const second = Array.from({ length: count }, (_, row) => power(row, b));
  return correlationOf(first, second);
}

const LEAST_ROWS = 12;
/** Two transmitters do not reach this over five looks of 12 rows: the mean's standard deviation is 0.13 at the most. */
export const SHARED_POWER_CORRELATION = -0.7;

function correlationOf(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let cross = 0;
  let own = 0;
  let other = 0;
  for (let i = 0; i < x.length; i++) {
    cross += (x[i] - meanX) * (y[i] - meanY);
    own += (x[i] - meanX) ** 2;
    other += (y[i] - meanY) ** 2;
  }
  return own > 0 && other > 0 ? cross / Math.sqrt(own * other) : 0;
}

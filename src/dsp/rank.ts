/** The k-th smallest (0-based) of the first `length` values; reorders them. Hoare's selection. */
export function selectRank(values: Float32Array | Float64Array | number[], length: number, k: number): number {
  let left = 0;
  let right = length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i++] = values[j];
        values[j--] = swap;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k];
}

/** The quantile q (0–1) of `values`, which stay as they are. NaN for none. */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (values.length === 0) return Number.NaN;
  const copy = Array.isArray(values) ? (values as number[]).slice() : numbersOf(values);
  return selectRank(copy, copy.length, Math.min(copy.length - 1, Math.floor(q * copy.length)));
}

/** A plain array is at hand faster than a short typed one. */
function numbersOf(values: ArrayLike<number>): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < values.length; i++) numbers.push(values[i]);
  return numbers;
}

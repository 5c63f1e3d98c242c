/** A plain Welch estimate (Hann, 50 %) as an oracle that shares no code with src/spectrum. */
export function welch(values: ArrayLike<number>, bins: number): Float64Array {
  const pairs = values.length / 2;
  const window = Float64Array.from({ length: bins }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / bins));
  const power = window.reduce((sum, w) => sum + w * w, 0);
  const density = new Float64Array(bins);
  let segments = 0;
  for (let start = 0; start + bins <= pairs; start += bins / 2) {
    const re = new Float64Array(bins);
    const im = new Float64Array(bins);
    for (let n = 0; n < bins; n++) {
      re[n] = window[n] * values[2 * (start + n)];
      im[n] = window[n] * values[2 * (start + n) + 1];
    }
    transform(re, im);
    for (let k = 0; k < bins; k++) density[(k + bins / 2) % bins] += (re[k] ** 2 + im[k] ** 2) / power;
    segments++;
  }
  // Σ density / bins = mean power; index 0 is −fs/2.
  return density.map((value) => value / segments);
}

/** Radix-2, in place, recursive: slow and plain. */
function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  if (n === 1) return;
  const even = [new Float64Array(n / 2), new Float64Array(n / 2)] as const;
  const odd = [new Float64Array(n / 2), new Float64Array(n / 2)] as const;
  for (let k = 0; k < n / 2; k++) {
    even[0][k] = re[2 * k];
    even[1][k] = im[2 * k];
    odd[0][k] = re[2 * k + 1];
    odd[1][k] = im[2 * k + 1];
  }
  transform(even[0], even[1]);
  transform(odd[0], odd[1]);
  for (let k = 0; k < n / 2; k++) {
    const angle = (-2 * Math.PI * k) / n;
    const re1 = odd[0][k] * Math.cos(angle) - odd[1][k] * Math.sin(angle);
    const im1 = odd[0][k] * Math.sin(angle) + odd[1][k] * Math.cos(angle);
    re[k] = even[0][k] + re1;
    im[k] = even[1][k] + im1;
    re[k + n / 2] = even[0][k] - re1;
    im[k + n / 2] = even[1][k] - im1;
  }
}

/** Mean power of bins whose offset from the centre lies in [low, high] Hz, as a sum over the band. */
export function bandPower(density: Float64Array, sampleRateHz: number, lowHz: number, highHz: number): number {
  const step = sampleRateHz / density.length;
  let sum = 0;
  for (let k = 0; k < density.length; k++) {
    const hz = (k - density.length / 2) * step;
    if (hz >= lowHz && hz <= highHz) sum += density[k] / density.length;
  }
  return sum;
}

/** Width of the band that leaves 0.5 % of the power below and 0.5 % above (ITU-R SM.443, β/2 method). */
export function occupiedBandwidth(density: Float64Array, sampleRateHz: number): number {
  const total = density.reduce((sum, value) => sum + value, 0);
  const edge = (order: Iterable<number>): number => {
    let sum = 0;
    for (const k of order) {
      sum += density[k];
      if (sum > 0.005 * total) return k;
    }
    return 0;
  };
  const up = Array.from(density.keys());
  return ((edge([...up].reverse()) - edge(up) + 1) * sampleRateHz) / density.length;
}

export function meanPowerDb(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return 10 * Math.log10(sum / (values.length / 2));
}

export function decibels(power: number): number {
  return 10 * Math.log10(power);
}

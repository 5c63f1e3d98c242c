import type { WindowName } from '../core/spectrum.ts';

/** A window for spectrum estimation and what follows from it. */
export interface SpectralWindow {
  readonly name: WindowName;
  /** length values; DFT-even (periodic), so that a bin-centred tone has exact nulls elsewhere. */
  readonly values: Float64Array;
  /** Σw */
  readonly sum: number;
  /** Σw² */
  readonly energy: number;
  /** Equivalent noise bandwidth, bins: N·Σw²/(Σw)². */
  readonly enbwBins: number;
  /** Bins from the centre of the main lobe to its first null. */
  readonly mainLobeBins: number;
}

/** Cosine-sum coefficients a0 − a1·cos + a2·cos2 − …: Harris 1978 (Blackman-Harris), D'Antona and Ferrero 2006 (flat top). */
const COSINE_SUMS: Readonly<Record<string, readonly number[]>> = {
  hann: [0.5, 0.5],
  'blackman-harris': [0.35875, 0.48829, 0.14128, 0.01168],
  'flat-top': [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
};

/** Shape of the Kaiser window: side lobes near −69 dB. */
const KAISER_BETA = 9;

/** Modified Bessel function of the first kind, order 0, by its power series (all terms positive). */
export function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function valueAt(name: WindowName, n: number, length: number): number {
  if (name === 'rectangular') return 1;
  if (name === 'kaiser') {
    const x = (2 * n) / length - 1;
    return besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
  }
  return COSINE_SUMS[name].reduce(
    (sum, a, order) => sum + (order % 2 === 0 ? a : -a) * Math.cos((2 * Math.PI * order * n) / length),
    0,
  );
}

function mainLobe(name: WindowName): number {
  if (name === 'rectangular') return 1;
  if (name === 'kaiser') return Math.sqrt(1 + (KAISER_BETA / Math.PI) ** 2);
  return COSINE_SUMS[name].length;
}

/** The window `name` of `length` ≥ 2 values. */
export function createWindow(name: WindowName, length: number): SpectralWindow {
  const values = Float64Array.from({ length }, (_, n) => valueAt(name, n, length));
  let sum = 0;
  let energy = 0;
  for (const w of values) {
    sum += w;
    energy += w * w;
  }
  return { name, values, sum, energy, enbwBins: (length * energy) / (sum * sum), mainLobeBins: mainLobe(name) };
}

/**
 * Effective number of independent periodograms among `averages` that overlap by `overlap` (Welch 1967):
 * K / (1 + 2·Σ(1 − j/K)·ρ_j²), ρ_j the window's correlation at a lag of j hops.
 */
export function effectiveAverages(window: SpectralWindow, averages: number, overlap: number): number {
  const { values, energy } = window;
  const hop = Math.max(1, Math.round(values.length * (1 - overlap)));
  let correlated = 0;
  for (let j = 1; j < averages && j * hop < values.length; j++) {
    let product = 0;
    for (let n = 0; n + j * hop < values.length; n++) product += values[n] * values[n + j * hop];
    correlated += (1 - j / averages) * (product / energy) ** 2;
  }
  return averages / (1 + 2 * correlated);
}

import { gammaThreshold, upperGamma } from './gamma.ts';
import type { SpectralWindow } from './windows.ts';

/**
 * What noise does in one bin of K averaged periodograms that overlap. Their spectra at that bin are jointly Gaussian
 * with correlation r_j = Σ w(n)·w(n + jD)/Σw² at a lag of j hops of D samples, so that the average is Σ λ_i·E_i, the E_i
 * independent exponentials and the λ_i the eigenvalues of the correlation matrix over K. Without overlap all are 1/K: the
 * gamma distribution.
 */

/** Correlation of the spectra of two segments at lags of 0, 1, 2 … hops; the last is the last that is not 0. */
export function segmentCorrelation(window: SpectralWindow, overlap: number): number[] {
  const { values, energy } = window;
  const hop = Math.max(1, Math.round(values.length * (1 - overlap)));
  const correlation: number[] = [];
  for (let lag = 0; lag * hop < values.length; lag++) {
    let sum = 0;
    for (let n = 0; n + lag * hop < values.length; n++) sum += values[n] * values[n + lag * hop];
    correlation.push(sum / energy);
  }
  return correlation;
}

/** Eigenvalues of the symmetric Toeplitz matrix of `correlation`, `size` × `size`, by Jacobi's cyclic rotations. */
export function toeplitzEigenvalues(correlation: readonly number[], size: number): Float64Array {
  const a = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => correlation[Math.abs(i - j)] ?? 0),
  );
  for (let sweep = 0; sweep < 60; sweep++) {
    let largest = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) largest = Math.max(largest, rotate(a, p, q));
    if (largest < 1e-12) break;
  }
  return Float64Array.from({ length: size }, (_, i) => a[i][i]);
}

/** One Jacobi rotation that takes a[p][q] to 0; returns what stood there. */
function rotate(a: readonly Float64Array[], p: number, q: number): number {
  const off = a[p][q];
  if (Math.abs(off) < 1e-14) return 0;
  const theta = (a[q][q] - a[p][p]) / (2 * off);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < a.length; k++) {
    const kp = a[k][p];
    const kq = a[k][q];
    a[k][p] = c * kp - s * kq;
    a[k][q] = s * kp + c * kq;
  }
  for (let k = 0; k < a.length; k++) {
    const pk = a[p][k];
    const qk = a[q][k];
    a[p][k] = c * pk - s * qk;
    a[q][k] = s * pk + c * qk;
  }
  return Math.abs(off);
}

/**
 * P(Σ λ_i·E_i > x) for x above the mean, by the saddlepoint formula of Lugannani and Rice (Adv. Appl. Prob. 12, 1980): with
 * κ(t) = −Σ ln(1 − λ_i·t) and κ′(s) = x, Q(w) + φ(w)·(1/u − 1/w), w = √(2·(s·x − κ(s))), u = s·√κ″(s). Its relative error
 * stays within some percent however small the tail (it is checked against the exact series in the tests).
 * @param weights λ_i > 0; x above their sum
 */
export function exponentialSumTail(weights: Float64Array, x: number): number {
  const s = saddlepoint(weights, x);
  let cumulant = 0;
  let curvature = 0;
  for (const weight of weights) {
    cumulant -= Math.log1p(-weight * s);
    curvature += (weight / (1 - weight * s)) ** 2;
  }
  const w = Math.sqrt(2 * (s * x - cumulant));
  const u = s * Math.sqrt(curvature);
  return normalTail(w) + (Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI)) * (1 / u - 1 / w);
}

/** The s in (0, 1/λ_max) with Σ λ_i/(1 − λ_i·s) = x, by bisection. */
function saddlepoint(weights: Float64Array, x: number): number {
  let low = 0;
  let high = 1 / weights.reduce((largest, weight) => Math.max(largest, weight), 0);
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    let mean = 0;
    for (const weight of weights) mean += weight / (1 - weight * middle);
    if (mean < x) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Tail of the standard normal distribution for w > 0: half of that of the gamma distribution of shape ½ at w²/2. */
function normalTail(w: number): number {
  return upperGamma(0.5, (w * w) / 2) / 2;
}

/** More than this, and the eigenvalues are those that the matrix has in the limit (Szegő): f(iπ/(K + 1)). */
const MOST_SOLVED = 32;

function eigenvaluesOf(correlation: readonly number[], size: number): Float64Array {
  if (size <= MOST_SOLVED && correlation.length > 2) return toeplitzEigenvalues(correlation, size);
  return Float64Array.from({ length: size }, (_, i) => {
    const angle = ((i + 1) * Math.PI) / (size + 1);
    return correlation.reduce((sum, r, lag) => sum + (lag === 0 ? r : 2 * r * Math.cos(lag * angle)), 0);
  });
}

/**
 * Factor over the true mean that noise, averaged over `averages` periodograms of `window` and `overlap`, exceeds with
 * probability `tail` (below 0.1) in one bin.
 */
export function averagedNoiseThreshold(
  window: SpectralWindow,
  averages: number,
  overlap: number,
  tail: number,
): number {
  const correlation = segmentCorrelation(window, overlap);
  if (averages === 1 || correlation.length === 1) return gammaThreshold(averages, tail);
  const weights = eigenvaluesOf(correlation, averages).map((value) => Math.max(value, 1e-9) / averages);
  let low = Math.log(1 + 1e-6);
  let high = Math.log(1e4);
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (exponentialSumTail(weights, Math.exp(middle)) > tail) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

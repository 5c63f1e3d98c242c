/**
 * The gamma distribution of averaged periodograms: the mean of M independent ones is
 * (true mean)·Gamma(shape M, scale 1/M).
 */

/** ln Γ(x) for x > 0 (Lanczos, g = 7; relative error below 1e-14). */
export function logGamma(x: number): number {
  const c = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  let sum = 0.9999999999998099;
  for (let i = 0; i < c.length; i++) sum += c[i] / (x + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Σ xⁿ/(a·(a+1)…(a+n)): the lower incomplete gamma function without its factor. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 100_000 && term > sum * 1e-16; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Lentz's continued fraction of the upper incomplete gamma function without its factor. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 100_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h;
}

/** Regularised upper incomplete gamma function Q(a, x), a > 0, x ≥ 0: the tail beyond x. */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const factor = Math.exp(-x + a * Math.log(x) - logGamma(a));
  return x < a + 1 ? 1 - factor * lowerSeries(a, x) : factor * upperFraction(a, x);
}

/**
 * Threshold over the mean that noise averaged `averages` times exceeds with probability `tail` (0 < tail < 1):
 * the x with Q(M, M·x) = tail. Bisection on ln x: sure rather than fast; results are kept by the callers.
 */
export function gammaThreshold(averages: number, tail: number): number {
  let low = Math.log(1e-12);
  let high = Math.log(1e4);
  for (let i = 0; i < 100 && high - low > 1e-12; i++) {
    const middle = (low + high) / 2;
    if (upperGamma(averages, averages * Math.exp(middle)) > tail) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/**
 * Mean of the lowest `share` of values that are Gamma(M, 1/M), against the true mean 1:
 * E[x | x < q]·… = P(M+1, M·q)/P(M, M·q), q the quantile of `share`.
 */
export function lowestShareMean(averages: number, share: number): number {
  const q = gammaThreshold(averages, 1 - share);
  return (1 - upperGamma(averages + 1, averages * q)) / share;
}

/**
 * Instantaneous frequency of a complex signal: f[n] = arg(x[n+1]·x*[n])·fs/2π, Hz, one value fewer than pairs.
 * Unambiguous within ±fs/2.
 */
export function instantaneousFrequency(iq: Float32Array, rateHz: number): Float64Array {
  const count = Math.max(0, iq.length / 2 - 1);
  const out = new Float64Array(count);
  const scale = rateHz / (2 * Math.PI);
  for (let n = 0, at = 0; n < count; n++, at += 2) {
    const re = iq[at + 2] * iq[at] + iq[at + 3] * iq[at + 1];
    const im = iq[at + 3] * iq[at] - iq[at + 2] * iq[at + 1];
    out[n] = scale * Math.atan2(im, re);
  }
  return out;
}

/** |x[n]|², linear power. */
export function powerEnvelope(iq: Float32Array): Float64Array {
  const out = new Float64Array(iq.length / 2);
  for (let n = 0; n < out.length; n++) out[n] = iq[2 * n] ** 2 + iq[2 * n + 1] ** 2;
  return out;
}

/** Mean over `width` values around each (fewer at the ends). */
export function movingAverage(values: Float64Array, width: number): Float64Array {
  const half = Math.max(0, Math.floor(width / 2));
  const out = new Float64Array(values.length);
  let sum = 0;
  for (let n = 0; n < Math.min(half, values.length); n++) sum += values[n];
  for (let n = 0; n < values.length; n++) {
    if (n + half < values.length) sum += values[n + half];
    if (n - half - 1 >= 0) sum -= values[n - half - 1];
    out[n] = sum / (Math.min(values.length - 1, n + half) - Math.max(0, n - half) + 1);
  }
  return out;
}

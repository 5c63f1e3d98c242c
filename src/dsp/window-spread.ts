import type { WindowName } from '../core/spectrum.ts';
import { createWindow } from './windows.ts';

/** What a window makes of a line and of a spectrum, in units of bins; tables made once a window. */
export interface WindowSpread {
  /**
   * A periodogram is the spectrum convolved with the window's power response, and a bin covers ± ½: together they spread what
   * is there by the variance of the response plus 1/12, bins². That of the response is (N/2π)²·Σ(w(n+1) − w(n))²/Σw² (the second
   * moment of a transform is the energy of the derivative); for Hann 1/3.
   */
  readonly varianceBins2: number;
  /** Power response |Σ w·e^(−j2π·offset·n/N)|²/(Σw)², 1 at a bin's middle; 0 beyond REACH_BINS. */
  responseAt(offsetBins: number): number;
}

const LENGTH = 512;
/** Beyond it all windows are 60 dB down, but for the rectangular one. */
export const REACH_BINS = 6;
const STEPS_A_BIN = 32;
const kept = new Map<WindowName, WindowSpread>();

export function windowSpread(name: WindowName): WindowSpread {
  const known = kept.get(name);
  if (known) return known;
  const { values, sum, energy } = createWindow(name, LENGTH);
  let steps = 0;
  for (let n = 0; n + 1 < LENGTH; n++) steps += (values[n + 1] - values[n]) ** 2;
  const table = Float64Array.from({ length: REACH_BINS * STEPS_A_BIN + 2 }, (_, i) =>
    response(values, sum, i / STEPS_A_BIN),
  );
  const spread: WindowSpread = {
    varianceBins2: ((LENGTH / (2 * Math.PI)) ** 2 * steps) / energy + 1 / 12,
    responseAt(offsetBins) {
      const at = Math.abs(offsetBins) * STEPS_A_BIN;
      const i = Math.floor(at);
      return i >= REACH_BINS * STEPS_A_BIN ? 0 : table[i] + (at - i) * (table[i + 1] - table[i]);
    },
  };
  kept.set(name, spread);
  return spread;
}

function response(values: Float64Array, sum: number, offsetBins: number): number {
  let re = 0;
  let im = 0;
  for (let n = 0; n < values.length; n++) {
    const angle = (2 * Math.PI * offsetBins * n) / values.length;
    re += values[n] * Math.cos(angle);
    im += values[n] * Math.sin(angle);
  }
  return (re * re + im * im) / (sum * sum);
}

/** Takes the spread out again to first order: s(k) − ½·variance·(s(k−1) − 2·s(k) + s(k+1)). Sums stay; values may be negative. */
export function sharpened(values: Float64Array, varianceBins2: number): Float64Array {
  const at = (k: number) => values[k] ?? 0;
  return values.map((value, k) => value - (varianceBins2 / 2) * (at(k - 1) - 2 * value + at(k + 1)));
}

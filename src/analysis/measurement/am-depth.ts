import { movingAverage } from '../../dsp/demodulators.ts';
import { quantile } from '../../dsp/rank.ts';

/** Depth of amplitude modulation, percent of the carrier: up and down; peaks exceeded in 0.1 % of the time. */
export interface AmDepth {
  readonly positivePct: number;
  readonly negativePct: number;
  readonly uncertaintyPct: number;
}

/** @param amplitude in-phase amplitude over the carrier's: 1 + m·a(t) @param topHz of the modulation @param noiseToCarrier noise density over carrier power, 1/Hz */
export function amDepthOf(amplitude: Float64Array, rateHz: number, topHz: number, noiseToCarrier: number): AmDepth {
  // The mean over a fifth of the highest period takes noise away and 7 % of what lies at the top itself.
  const width = Math.max(1, Math.round(rateHz / (5 * topHz)));
  const smooth = movingAverage(amplitude, width);
  const [positive, negative] = depths(smooth);
  const halves = [smooth.subarray(0, smooth.length >> 1), smooth.subarray(smooth.length >> 1)].map(depths);
  const noise = (noiseToCarrier / 2) * (rateHz / (2 * Math.floor(width / 2) + 1));
  const repeated = Math.max(Math.abs(halves[0][0] - halves[1][0]), Math.abs(halves[0][1] - halves[1][1])) / 2;
  return {
    positivePct: 100 * positive,
    negativePct: 100 * negative,
    uncertaintyPct: 200 * Math.sqrt(noise + repeated ** 2),
  };
}

function depths(values: Float64Array): readonly [number, number] {
  return [Math.max(0, quantile(values, 0.999) - 1), Math.max(0, 1 - quantile(values, 0.001))];
}

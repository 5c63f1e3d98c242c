import { gammaThreshold, logGamma, upperGamma } from '../../../src/dsp/gamma.ts';

/**
 * What an ideal radiometer does: it averages M independent periodograms of one bin and compares with a threshold over the
 * known noise. SNR is power over the noise in the bin's noise bandwidth.
 */
export type SignalModel = 'tone' | 'noise-like';

/** Threshold over the noise with P(noise exceeds it) = `falseAlarm`: Q(M, M·T) = falseAlarm. */
function threshold(averages: number, falseAlarm: number): number {
  return gammaThreshold(averages, falseAlarm);
}

/**
 * Probability of detection. A Gaussian signal makes the bin's mean (1 + s) of the noise: Q(M, M·T/(1 + s)). A tone makes
 * 2M·mean noncentral χ² with 2M degrees of freedom and noncentrality 2M·s, whose tail is the generalised Marcum function
 * Q_M(√(2Ms), √(2MT)): the Poisson mixture Σ e^(−Ms)·(Ms)^j/j!·Q(M + j, M·T).
 */
export function detectionProbability(model: SignalModel, averages: number, snr: number, falseAlarm: number): number {
  const level = averages * threshold(averages, falseAlarm);
  if (model === 'noise-like') return upperGamma(averages, level / (1 + snr));
  const mean = averages * snr;
  const reach = 12 * Math.sqrt(mean + 1) + 30;
  let sum = 0;
  for (let j = Math.max(0, Math.floor(mean - reach)); j <= mean + reach; j++) {
    const weight = Math.exp(-mean + j * Math.log(mean) - logGamma(j + 1));
    sum += weight * upperGamma(averages + j, level);
  }
  return sum;
}

/** SNR, dB, at which the probability of detection is `wanted`. */
export function snrForDetection(model: SignalModel, averages: number, falseAlarm: number, wanted = 0.9): number {
  let low = -30;
  let high = 40;
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (detectionProbability(model, averages, 10 ** (middle / 10), falseAlarm) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

import { powerOfTwoWithin, type Transforms } from '../../dsp/transform.ts';

/** The strongest line of a spectrum within a range. */
export interface Line {
  readonly hz: number;
  /** Its power over the mean of the bins around it. */
  readonly ratio: number;
  /** Width of a bin, Hz. */
  readonly stepHz: number;
  /** Its power (three bins) over all of the power. */
  readonly share: number;
}

const MOST_BINS = 32_768;
/** Bins to each side that tell what is usual, without those next to the line itself. */
const AROUND = 24;
const OWN = 2;

/** Line in a real sequence, its mean taken off; Hann window. `fromHz` > 0. */
export function lineIn(
  values: Float64Array,
  rateHz: number,
  fromHz: number,
  toHz: number,
  transforms: Transforms,
): Line | null {
  const bins = powerOfTwoWithin(values.length, MOST_BINS);
  let mean = 0;
  for (let n = 0; n < bins; n++) mean += values[n] / bins;
  const input = new Float64Array(2 * bins);
  for (let n = 0; n < bins; n++) input[2 * n] = values[n] - mean;
  const powers = powersOf(input, bins, transforms).subarray(0, bins / 2);
  const stepHz = rateHz / bins;
  return strongest(powers, Math.ceil(fromHz / stepHz), Math.floor(toHz / stepHz), stepHz);
}

/** Line in a complex sequence, anywhere from −rate/2 to rate/2; `hz` has its sign. */
export function complexLineIn(iq: Float32Array, rateHz: number, transforms: Transforms): Line | null {
  const bins = powerOfTwoWithin(iq.length / 2, MOST_BINS);
  const input = new Float64Array(2 * bins);
  input.set(iq.subarray(0, 2 * bins));
  const raw = powersOf(input, bins, transforms);
  const powers = new Float64Array(bins);
  for (let k = 0; k < bins; k++) powers[(k + bins / 2) % bins] = raw[k];
  const stepHz = rateHz / bins;
  const line = strongest(powers, 0, bins - 1, stepHz);
  return line && { ...line, hz: line.hz - rateHz / 2 };
}

function powersOf(input: Float64Array, bins: number, transforms: Transforms): Float64Array {
  for (let n = 0; n < bins; n++) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / bins);
    input[2 * n] *= weight;
    input[2 * n + 1] *= weight;
  }
  const output = transforms.of(bins).forward(input);
  const powers = new Float64Array(bins);
  for (let k = 0; k < bins; k++) powers[k] = output[2 * k] ** 2 + output[2 * k + 1] ** 2;
  return powers;
}

function strongest(powers: Float64Array, first: number, last: number, stepHz: number): Line | null {
  const from = Math.max(0, first);
  const to = Math.min(powers.length - 1, last);
  if (to - from < 2) return null;
  let peak = from;
  for (let k = from; k <= to; k++) if (powers[k] > powers[peak]) peak = k;
  let around = 0;
  let count = 0;
  for (let k = Math.max(0, peak - AROUND); k <= Math.min(powers.length - 1, peak + AROUND); k++) {
    if (Math.abs(k - peak) <= OWN) continue;
    around += powers[k];
    count++;
  }
  let total = 0;
  for (const power of powers) total += power;
  const own = powers[peak] + (powers[peak - 1] ?? 0) + (powers[peak + 1] ?? 0);
  return {
    hz: (peak + offsetOf(powers, peak)) * stepHz,
    ratio: (powers[peak] * count) / Math.max(around, Number.MIN_VALUE),
    stepHz,
    share: total > 0 ? own / total : 0,
  };
}

/** Parabola through the logarithms: δ = ½(a − c)/(a − 2b + c) bins; exact for a Gaussian, within 0.02 bins for Hann. */
function offsetOf(powers: Float64Array, peak: number): number {
  if (peak === 0 || peak === powers.length - 1) return 0;
  const [a, b, c] = [powers[peak - 1], powers[peak], powers[peak + 1]].map((power) => Math.log(power + 1e-300));
  const curve = a - 2 * b + c;
  return curve >= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (a - c)) / curve));
}

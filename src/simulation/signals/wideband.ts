import { ComplexFir, lowPassTaps, rootRaisedCosine, tapsFor } from '../fir.ts';
import { Random } from '../random.ts';
import type { Signal, SignalSource } from '../signal.ts';

type Of<K extends Signal['kind']> = Extract<Signal, { kind: K }>;

/** Symbols to each side over which the root raised cosine is kept, and its table's points a symbol. */
const RRC_REACH = 12;
const RRC_PHASES = 512;

/** Levels that a symbol takes in phase and in quadrature, mean square ½. */
export type Constellation = (random: Random) => number;
export const QPSK: Constellation = (random) => (random.bit() ? Math.SQRT1_2 : -Math.SQRT1_2);
/** ±1 and ±3, whose mean square is 5. */
export const QAM16: Constellation = (random) => (2 * random.index(4) - 3) / Math.sqrt(10);

/**
 * y(t) = Σ s_k·h(t − k), t in symbols, E|s|² = 1, h the root raised cosine with ∫h² = 1: mean power 1.
 * h is read from a table with linear interpolation, so any ratio of the rates will do.
 */
export function linearSource(
  signal: Omit<Of<'qpsk'>, 'kind'>,
  level: Constellation,
  sampleRateHz: number,
  seed: number,
): SignalSource {
  const random = new Random(seed, 1);
  const table = rrcTable(signal.rollOff);
  const symbolsPerSample = signal.symbolRateHz / sampleRateHz;
  const count = 2 * RRC_REACH;
  const re = Float64Array.from({ length: count }, () => level(random));
  const im = Float64Array.from({ length: count }, () => level(random));
  let newest = 0;
  let into = 0;
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        while (into >= 1) {
          into -= 1;
          newest = (newest + 1) % count;
          re[newest] = level(random);
          im[newest] = level(random);
        }
        const phase = into * RRC_PHASES;
        const low = Math.floor(phase);
        const part = phase - low;
        let sumRe = 0;
        let sumIm = 0;
        for (let k = 0; k < count; k++) {
          const p = k * RRC_PHASES + low;
          const h = table[p] + part * (table[p + 1] - table[p]);
          const symbol = newest - k < 0 ? newest - k + count : newest - k;
          sumRe += h * re[symbol];
          sumIm += h * im[symbol];
        }
        out[at] = sumRe;
        out[at + 1] = sumIm;
        into += symbolsPerSample;
      }
    },
  };
}

function rrcTable(rollOff: number): Float64Array {
  const length = 2 * RRC_REACH * RRC_PHASES + 2;
  const table = Float64Array.from({ length }, (_, p) => rootRaisedCosine(p / RRC_PHASES - RRC_REACH, rollOff));
  let energy = 0;
  for (const h of table) energy += (h * h) / RRC_PHASES;
  return table.map((h) => h / Math.sqrt(energy));
}

/** Sum of subcarriers, each turned by a phasor; symbol by symbol, with the prefix in front. */
export function ofdmSource(signal: Of<'ofdm'>, sampleRateHz: number, seed: number): SignalSource {
  const random = new Random(seed, 1);
  const count = signal.subcarriers;
  const symbolSamples = ((1 + signal.cyclicPrefix) * sampleRateHz) / signal.spacingHz;
  const prefixSeconds = signal.cyclicPrefix / signal.spacingHz;
  const hz = Array.from({ length: count }, (_, k) => subcarrierOffset(k, count) * signal.spacingHz);
  const turnRe = hz.map((f) => Math.cos((2 * Math.PI * f) / sampleRateHz));
  const turnIm = hz.map((f) => Math.sin((2 * Math.PI * f) / sampleRateHz));
  const re = new Float64Array(count);
  const im = new Float64Array(count);
  const amplitude = 1 / Math.sqrt(count);
  let left = 0;
  const startSymbol = (late: number): void => {
    for (let k = 0; k < count; k++) {
      const quadrant = (Math.PI / 4) * (2 * random.index(4) + 1);
      const angle = quadrant + 2 * Math.PI * hz[k] * (late / sampleRateHz - prefixSeconds);
      re[k] = amplitude * Math.cos(angle);
      im[k] = amplitude * Math.sin(angle);
    }
  };
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        if (left <= 0) {
          startSymbol(-left);
          left += symbolSamples;
        }
        left -= 1;
        let sumRe = 0;
        let sumIm = 0;
        for (let k = 0; k < count; k++) {
          sumRe += re[k];
          sumIm += im[k];
          const next = re[k] * turnRe[k] - im[k] * turnIm[k];
          im[k] = re[k] * turnIm[k] + im[k] * turnRe[k];
          re[k] = next;
        }
        out[at] = sumRe;
        out[at + 1] = sumIm;
      }
    },
  };
}

/** −n/2 … −1, 1 … n/2: the middle stays empty, as in most systems. */
function subcarrierOffset(k: number, count: number): number {
  const below = Math.floor(count / 2);
  return k < below ? k - below : k - below + 1;
}

/** Phase −B/2·t + B/(2T)·t² cycles within each sweep: zero at both ends, so the sweeps join. */
export function chirpSource(signal: Of<'chirp'>, sampleRateHz: number): SignalSource {
  let n = 0;
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        const t = (n++ / sampleRateHz) % signal.periodSeconds;
        const cycles = (signal.spanHz / 2) * t * (t / signal.periodSeconds - 1);
        out[at] = Math.cos(2 * Math.PI * (cycles - Math.floor(cycles)));
        out[at + 1] = Math.sin(2 * Math.PI * (cycles - Math.floor(cycles)));
      }
    },
  };
}

/** Longest filter for narrow noise: its skirts then are wider than a tenth of the band. */
const NOISE_TAPS_MAX = 1025;

export function noiseSource(signal: Of<'noise'>, sampleRateHz: number, seed: number): SignalSource {
  const random = new Random(seed, 1);
  const share = signal.bandwidthHz / sampleRateHz;
  const filter = share >= 0.95 ? null : noiseFilter(share);
  return {
    fill(out, first, pairs) {
      const part = out.subarray(2 * first, 2 * (first + pairs));
      for (let i = 0; i < part.length; i++) part[i] = Math.SQRT1_2 * random.gaussian();
      filter?.run(part, pairs);
    },
  };
}

function noiseFilter(share: number): ComplexFir {
  const taps = lowPassTaps(share / 2, Math.min(NOISE_TAPS_MAX, tapsFor(0.1 * share)));
  let energy = 0;
  for (const tap of taps) energy += tap * tap;
  return new ComplexFir(taps.map((tap) => tap / Math.sqrt(energy)));
}

import type { Modulation } from '../../core/measurement.ts';
import type { Features } from './features.ts';

export interface ModulationVerdict {
  readonly modulation: Modulation;
  /** 0–1. */
  readonly confidence: number;
}

/** Under this nothing is said. */
export const LEAST_SNR_DB = 6;
/** Independent values that statistics need. */
const LEAST_VALUES = 60;
/** A class of less confidence than this is not named. */
const LEAST_CONFIDENCE = 0.6;

const UNKNOWN: ModulationVerdict = { modulation: 'unknown', confidence: 0 };

/** κ of a constant envelope is 1; QPSK of the largest roll-off has 1.1. */
const CONSTANT_KURTOSIS = 1.06;
/** Over this κ no usual constellation lies; 2 is Gaussian. */
const GAUSSIAN_KURTOSIS = 1.85;
/** Chance alone makes a line of this ratio in one of a thousand spectra of some ten thousand bins. */
const CLEAR_LINE = 18;
/** Frequency kurtosis: levels (FSK) lie under it, sound (FM) over it. */
const LEVELS_KURTOSIS = 2.18;
const FULL_DEPTH = 0.7;
const WIDE_HZ = 60_000;
const VOICE_HZ = [1_200, 4_500] as const;
const REPETITION_SIGMAS = 5.5;

type Rule = (features: Features) => ModulationVerdict | null;

/**
 * A decision tree over features from theory, asked in this order; the first that knows an answer gives it. The
 * confidence says how far the features lie from the borders: 0.5 at a border, towards 1 beyond it.
 */
export function classify(features: Features): ModulationVerdict {
  const { snrDb, values } = features;
  if (snrDb < LEAST_SNR_DB) return UNKNOWN;
  for (const rule of RULES) {
    const found = rule(features);
    if (found === null) continue;
    const strength = 1 - 0.5 * Math.exp(-(snrDb - LEAST_SNR_DB + 1) / 3);
    const confidence = Math.min(0.99, found.confidence * strength * Math.min(1, values / LEAST_VALUES));
    return confidence < LEAST_CONFIDENCE ? UNKNOWN : { modulation: found.modulation, confidence };
  }
  return UNKNOWN;
}

/** 0.5 at the border, 0.75 one scale beyond it, towards 1. */
function beyond(value: number, border: number, scale: number): number {
  const distance = (value - border) / scale;
  return 1 - 0.5 ** (1 + Math.max(0, distance));
}

function named(modulation: Modulation, ...confidences: number[]): ModulationVerdict {
  return { modulation, confidence: Math.min(...confidences) };
}

/** Switched on and off: steady while on, nothing while off, pulses of a few times 1/bandwidth. */
const keyed: Rule = ({ keying, bandwidthHz }) => {
  const { pulses, medianOnSeconds, medianPeriodSeconds, offShare, ripple, unlike } = keying;
  const product = medianOnSeconds * bandwidthHz;
  if (pulses < 4 || offShare > 0.15 || ripple > 0.2 || !(product > 2.3 && product < 60)) return null;
  const isShort = medianOnSeconds < 0.25 * medianPeriodSeconds;
  // Peaks of speech in two sidebands are short as well, but no longer than their bandwidth makes them.
  if (isShort && product < 3.5) return null;
  const certain = Math.min(beyond(-offShare, -0.15, 0.05), beyond(-ripple, -0.2, 0.06));
  return named(isShort && unlike < 0.5 ? 'pulsed' : 'keyed', certain);
};

/** Most of the power in one line: what is left lies in phase with it (AM), in quadrature (FM, PM), or is noise. */
const carried: Rule = ({ carrier, linearity }) => {
  if (carrier === null || carrier.share < 0.4) return null;
  const { inPhase, quadrature, deviation } = carrier;
  // A sine of full depth has ½; more is keyed or pulsed, not spoken.
  if (inPhase > FULL_DEPTH) return null;
  const sigmas = (value: number) => value / deviation;
  const seen = 5 * deviation;
  if (inPhase > Math.max(seen, 0.002) && inPhase > 3 * quadrature && linearity > 0.7) {
    return named('am', beyond(sigmas(inPhase), 5, 3));
  }
  if (quadrature > Math.max(seen, 0.005) && quadrature > (carrier.share < 0.9 ? 8 : 2) * inPhase)
    return named('nfm', beyond(sigmas(quadrature), 5, 3));
  if (carrier.share < 0.9) return null;
  // Speech of the usual depth would show 0.02 or more.
  const none = Math.max(0.005, 0.001 + 2.5 * deviation);
  if (inPhase < none && quadrature < none + 0.004) {
    return named('unmodulated', beyond(0.02 / deviation, 3, 2));
  }
  return null;
};

const swept: Rule = ({ frequency, kurtosis }) =>
  kurtosis < 1.15 && frequency.sweepShare > 0.45 && frequency.toneShare < 0.9
    ? named('chirp', beyond(frequency.sweepShare, 0.4, 0.1))
    : null;

/** Two frequencies and nothing between: FSK even where a filter in front lets one through weaker than the other. */
const shifted: Rule = ({ frequency, kurtosis, carrier }) => {
  const { kurtosis: levels, rmsHz, noiseRmsHz } = frequency;
  if (kurtosis > 1.35 || levels > 1.4 || rmsHz < 4 * noiseRmsHz || (carrier?.share ?? 0) > 0.4) return null;
  return frequency.toneShare > 0.6 ? null : named('fsk', beyond(-levels, -1.5, 0.1));
};

/** Constant envelope: sound or levels? */
const modulatedInFrequency: Rule = ({ frequency, kurtosis, bandwidthHz, fourthLine, carrier }) => {
  if ((carrier?.share ?? 0) > 0.9) return null;
  if (kurtosis > CONSTANT_KURTOSIS || (kurtosis > 1.03 && (fourthLine?.ratio ?? 0) > 60)) return null;
  const { kurtosis: levels, toneShare, symbolLine, pilotRatio, rmsHz, noiseRmsHz } = frequency;
  const sound = bandwidthHz > WIDE_HZ ? 'wfm' : 'nfm';
  if (pilotRatio > 40 && bandwidthHz > WIDE_HZ) return named('wfm', 0.99);
  if (toneShare > 0.6) return named(sound, beyond(toneShare, 0.5, 0.1));
  const line = symbolLine?.ratio ?? 0;
  if (levels < LEVELS_KURTOSIS) {
    if (line > CLEAR_LINE)
      return named('fsk', beyond(line, CLEAR_LINE, 8), beyond(-levels, -LEVELS_KURTOSIS - 0.1, 0.1));
    return levels < 1.45 ? named('fsk', beyond(-levels, -1.55, 0.1)) : null;
  }
  // Noise lifts the kurtosis of levels; a clear rate near the bandwidth is still that of symbols.
  if (line > CLEAR_LINE && symbolLine!.hz > 0.5 * bandwidthHz && sound === 'nfm') {
    if (levels > 3.2) return null;
    return named('fsk', beyond(line, CLEAR_LINE, 8), beyond(-levels, -3.2, 0.6));
  }
  if (sound === 'nfm' && levels < 2.5) return null;
  // Sound moves slowly against the width that it makes; noise alone moves the frequency like sound.
  if (rmsHz < 1.35 * noiseRmsHz) return null;
  return named(sound, beyond(levels, LEVELS_KURTOSIS - 0.1, 0.1));
};

/** Symbols through a filter: the envelope repeats with them, and the fourth power of four phases has a line. */
const phased: Rule = ({ kurtosis, symbolLine, fourthLine, squareLine, carrier }) => {
  if ((carrier?.share ?? 0) > 0.4 || kurtosis < 1.03 || kurtosis > GAUSSIAN_KURTOSIS) return null;
  const line = Math.max((symbolLine?.ratio ?? 0) / CLEAR_LINE, (fourthLine?.ratio ?? 0) / 40);
  if (line < 1 || (squareLine?.share ?? 0) > 0.3) return null;
  return named('psk', beyond(line, 0.8, 0.3));
};

/** Two sidebands of a carrier that is not there; κ of speech is 6 or 7, that of pulses one over their duty. */
const doubleSideband: Rule = ({ linearity, kurtosis, carrier }) =>
  linearity > 0.9 && kurtosis > 1.3 && kurtosis < 12 && (carrier?.share ?? 0) < 0.35
    ? named('am', beyond(linearity, 0.86, 0.06))
    : null;

/** Speech, moved in frequency: its width, its pauses, its pitch. */
const singleSideband: Rule = ({ bandwidthHz, kurtosis, unevenness, repetition, symbolLine, linearity }) => {
  if (bandwidthHz < VOICE_HZ[0] || bandwidthHz > VOICE_HZ[1] || kurtosis < 1.5 || linearity > 0.88) return null;
  const uneven = beyond(unevenness, 0.3, 0.1);
  const pitched = (repetition?.sigmas ?? 0) > 4 ? beyond(repetition!.share, 0.25, 0.1) : 0;
  const spiky = beyond(kurtosis, 2.3, 0.3);
  const speech = Math.max(uneven, pitched, spiky);
  return speech > 0.55 && !(symbolLine !== null && symbolLine.ratio > 200 && kurtosis < 1.8)
    ? named('ssb', speech)
    : null;
};

const repeated: Rule = ({ kurtosis, repetition, bandwidthHz }) => {
  if (Math.abs(kurtosis - 2) > 0.3 || repetition === null || bandwidthHz <= VOICE_HZ[1]) return null;
  const { sigmas, share } = repetition;
  return sigmas > REPETITION_SIGMAS && share < 0.6 ? named('ofdm', beyond(sigmas, REPETITION_SIGMAS - 0.5, 1)) : null;
};

const gaussian: Rule = ({ kurtosis, bandwidthHz, repetition, symbolLine, fourthLine, unevenness, values }) => {
  const spread = 4 / Math.sqrt(values);
  if (Math.abs(kurtosis - 2) > 0.15 + spread || (bandwidthHz < VOICE_HZ[1] && unevenness > 0.35)) return null;
  if ((repetition?.sigmas ?? 0) > REPETITION_SIGMAS) return null;
  if ((symbolLine?.ratio ?? 0) > 3 * CLEAR_LINE || (fourthLine?.ratio ?? 0) > 60) return null;
  return named('noise', beyond(-(repetition?.sigmas ?? 0), -REPETITION_SIGMAS, 1), beyond(values, 100, 400));
};

const RULES: readonly Rule[] = [
  keyed,
  carried,
  swept,
  shifted,
  modulatedInFrequency,
  phased,
  doubleSideband,
  singleSideband,
  repeated,
  gaussian,
];

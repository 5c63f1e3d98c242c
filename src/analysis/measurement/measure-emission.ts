import type { EmissionMeasurement } from '../../core/measurement.ts';
import { dbFromPower } from '../../core/units.ts';
import type { Transforms } from '../../dsp/transform.ts';
import { amDepthOf } from './am-depth.ts';
import type { Channel } from './channel.ts';
import { type Band, type ChannelSpectrum, noiseIn, occupied, spectrumOf, xDbBand } from './channel-spectrum.ts';
import { classify } from './classify.ts';
import { type Deviation, deviationOf, multiplexPowerDbr } from './deviation.ts';
import { designatorOf } from './emission-class.ts';
import { type Features, featuresOf } from './features.ts';
import { type Gate, gateOf } from './gate.ts';
import { readRds } from './rds.ts';
import { channelOf, type Stretch, type Target } from './stretch.ts';

const LEAST_PAIRS = 64;
const X_DB = 26;
/** 99 % bandwidth says something from here on. */
const LEAST_BANDWIDTH_SNR_DB = 10;
const VOICE_TOP_HZ = 4_000;
const MULTIPLEX_TOP_HZ = 60_000;

interface Found {
  readonly channel: Channel;
  readonly gate: Gate;
  readonly spectrum: ChannelSpectrum;
  readonly band: Band & { readonly power: number };
  readonly features: Features;
}

/**
 * Measures one emission in a gapless stretch of IQ. null where nothing of it is there. The level is in dBFS: what it is
 * at the antenna, and how far the frequency lies from an assignment, is for who knows the receiver and the register.
 * @param timeMs when the stretch began
 */
export function measureEmission(
  stretch: Stretch,
  target: Target,
  timeMs: number,
  transforms: Transforms,
): EmissionMeasurement | null {
  const raw = channelOf(stretch, target);
  if (raw.iq.length < 2 * LEAST_PAIRS) return null;
  const gate = gateOf(raw, raw.highHz - raw.lowHz);
  const first = spectrumOf(raw, gate.parts, transforms);
  const noise = noiseIn(first);
  const spectrum = { ...first, noise };
  const channel = { ...raw, noiseDensity: noise / first.stepHz };
  const band = occupied(spectrum, channel);
  if (band === null || band.highHz <= band.lowHz) return null;
  const { features } = featuresOf(channel, gate, band, transforms);
  return resultOf({ channel, gate, spectrum, band, features }, timeMs, transforms);
}

function resultOf(found: Found, timeMs: number, transforms: Transforms): EmissionMeasurement {
  const { channel, gate, spectrum, features } = found;
  const { modulation, confidence } = classify(features);
  const isFm = modulation === 'nfm' || modulation === 'wfm';
  const deviation = isFm || modulation === 'fsk' ? deviationIn(found, modulation === 'wfm') : null;
  const rds = modulation === 'wfm' && deviation !== null ? readRds(deviation.values, deviation.rateHz) : null;
  const isMultiplex = rds !== null || features.frequency.pilotRatio > 40;
  const widths = bandwidths(found, transforms, modulation === 'unmodulated');
  return {
    timeMs,
    method: {
      durationSeconds: channel.iq.length / 2 / channel.rateHz,
      onAirSeconds: gate.onSeconds,
      channelRateHz: channel.rateHz,
      channelBandwidthHz: 2 * channel.passHz,
      rbwHz: spectrum.rbwHz,
      averages: spectrum.averages,
    },
    ...centre(found, modulation, deviation, widths.centerSpreadHz),
    frequencyOffsetHz: null,
    ...widths.measured,
    ...levels(found),
    fieldStrengthDbuVM: null,
    snrDb: features.snrDb,
    modulation,
    confidence,
    designator: designatorOf(modulation, widths.measured.occupiedBandwidthHz, {
      isMultiplex,
      hasAmplitudes: features.kurtosis > 1.4,
    }),
    deviationHz: deviation?.peakHz ?? null,
    deviationUncertaintyHz: deviation?.peakUncertaintyHz ?? null,
    deviationRmsHz: deviation?.rmsHz ?? null,
    multiplexPowerDbr: modulation === 'wfm' && deviation !== null ? multiplexPowerDbr(deviation.rmsHz) : null,
    ...depth(found, modulation === 'am'),
    ...symbolRate(features, modulation),
    dutyPct: 100 * (modulation === 'keyed' || modulation === 'pulsed' ? features.keying.duty : gate.duty),
    rds,
  };
}

function deviationIn({ channel, gate, band }: Found, isBroadcast: boolean): Deviation | null {
  const widthHz = band.highHz - band.lowHz;
  return deviationOf(gate.parts, channel.rateHz, {
    topHz: isBroadcast ? MULTIPLEX_TOP_HZ : Math.max(VOICE_TOP_HZ, widthHz / 3),
    noiseToCarrier: channel.noiseDensity / Math.max(band.power, 1e-30),
  });
}

/** The carrier where there is one, the mean frequency of FM, else the middle of the occupied band. */
function centre(
  { channel, band, features }: Found,
  modulation: string,
  deviation: Deviation | null,
  spreadHz: number,
): Pick<EmissionMeasurement, 'centerHz' | 'centerUncertaintyHz'> {
  const { carrier } = features;
  if (carrier !== null && carrier.share > 0.4 && (modulation === 'unmodulated' || modulation === 'am')) {
    return { centerHz: channel.centerHz + carrier.hz, centerUncertaintyHz: carrier.hzUncertainty };
  }
  if (deviation !== null && modulation !== 'fsk') {
    return { centerHz: channel.centerHz + deviation.carrierHz, centerUncertaintyHz: deviation.carrierUncertaintyHz };
  }
  return { centerHz: channel.centerHz + (band.lowHz + band.highHz) / 2, centerUncertaintyHz: spreadHz };
}

function bandwidths(found: Found, transforms: Transforms, isCarrier: boolean) {
  const { spectrum, band, features } = found;
  const enough = !isCarrier && features.snrDb >= LEAST_BANDWIDTH_SNR_DB;
  const widthHz = band.highHz - band.lowHz;
  const halves = [halfSpectrum(found, 0, transforms), halfSpectrum(found, 1, transforms)] as const;
  const occupiedHalves = halves.map((half) => half && occupied(half, found.channel));
  const between = isCarrier ? null : xDbBand(spectrum, X_DB);
  // What the two halves of the stretch differ by tells how far either can be trusted; a bin is the least.
  const spread = ([one, other]: readonly (Band | null)[], of: (band: Band) => number) =>
    Math.hypot(!one || !other ? widthHz / 4 : of(one) - of(other), spectrum.stepHz);
  const middle = ({ lowHz, highHz }: Band) => (lowHz + highHz) / 2;
  const width = ({ lowHz, highHz }: Band) => highHz - lowHz;
  const xDbHalves = halves.map((half) => half && xDbBand(half, X_DB));
  return {
    centerSpreadHz: spread(occupiedHalves, middle),
    measured: {
      occupiedBandwidthHz: enough ? widthHz : null,
      occupiedBandwidthUncertaintyHz: enough ? spread(occupiedHalves, width) : null,
      xDb: X_DB,
      xDbBandwidthHz: between && width(between),
      xDbBandwidthUncertaintyHz: between && spread(xDbHalves, width),
    },
  };
}

/** null where half of the stretch is too short for a spectrum. */
function halfSpectrum({ channel, gate, spectrum }: Found, half: 0 | 1, transforms: Transforms): ChannelSpectrum | null {
  const parts = gate.parts.map((part) => {
    const middle = 2 * (part.length >> 2);
    return half === 0 ? part.subarray(0, middle) : part.subarray(middle);
  });
  const own = spectrumOf(channel, parts, transforms);
  return own.averages === 0 ? null : { ...own, noise: (spectrum.noise * own.stepHz) / spectrum.stepHz };
}

function levels({ band, features }: Found) {
  return {
    level: dbFromPower(band.power),
    unit: 'dBFS' as const,
    // The power of B·T independent values is known to 1/√(B·T).
    levelUncertaintyDb: (2 * 4.34) / Math.sqrt(Math.max(1, features.values)),
  };
}

function depth({ channel, band, features }: Found, isAm: boolean) {
  const { carrier } = features;
  if (!isAm || carrier === null || carrier.share < 0.4) {
    return { amDepthPositivePct: null, amDepthNegativePct: null, amDepthUncertaintyPct: null };
  }
  const carrierPower = Math.max(carrier.share * band.power, 1e-30);
  const found = amDepthOf(carrier.amplitude, channel.rateHz, VOICE_TOP_HZ, channel.noiseDensity / carrierPower);
  return {
    amDepthPositivePct: found.positivePct,
    amDepthNegativePct: found.negativePct,
    amDepthUncertaintyPct: found.uncertaintyPct,
  };
}

const CLEAR_LINE = 18;

function symbolRate({ frequency, symbolLine }: Features, modulation: string) {
  const line = modulation === 'fsk' ? frequency.symbolLine : modulation === 'psk' ? symbolLine : null;
  if (line === null || line.ratio < CLEAR_LINE) return { symbolRateHz: null, symbolRateUncertaintyHz: null };
  return { symbolRateHz: line.hz, symbolRateUncertaintyHz: (2 * line.stepHz) / Math.sqrt(line.ratio) };
}

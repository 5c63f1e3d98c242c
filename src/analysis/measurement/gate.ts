import { movingAverage, powerEnvelope } from '../../dsp/demodulators.ts';
import { quantile } from '../../dsp/rank.ts';
import type { Channel } from './channel.ts';

/** When a channel was on the air within a stretch. */
export interface Gate {
  /** Stretches on the air, interleaved. */
  readonly parts: readonly Float32Array[];
  readonly onSeconds: number;
  /** Share of the whole stretch. */
  readonly duty: number;
}

const RESOLUTION_SECONDS = 0.001;
/** So many independent values make the power of a moment. */
const INDEPENDENT = 24;
/** Under the strong moments by so much (−13 dB), and over the noise alone by four of its deviations, is on. */
const ON_SHARE = 0.05;
/** What is shorter than this many windows is not taken out by itself; gaps shorter than so many are bridged. */
const LEAST_WINDOWS = 2;
const BRIDGED_WINDOWS = 8;

/** @param bandwidthHz of the emission: tells how many values are independent */
export function gateOf(channel: Channel, bandwidthHz: number): Gate {
  const { iq, rateHz, noiseDensity, passHz } = channel;
  const pairs = iq.length / 2;
  const width = Math.max(1, Math.round(rateHz * Math.max(RESOLUTION_SECONDS, INDEPENDENT / Math.max(bandwidthHz, 1))));
  const power = movingAverage(powerEnvelope(iq), width);
  const noise = noiseDensity * Math.min(rateHz, 2.2 * passHz);
  const spread = 1 + 4 / Math.sqrt(Math.max(1, (width * 2 * passHz) / rateHz));
  const threshold = Math.max(noise * spread, noise + ON_SHARE * Math.max(0, quantile(power, 0.95) - noise));
  const runs = runsOver(power, threshold, BRIDGED_WINDOWS * width);
  const on = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const parts = runs
    .filter(({ start, end }) => end - start >= LEAST_WINDOWS * width)
    .map(({ start, end }) => iq.subarray(2 * start, 2 * end));
  if (parts.length === 0) return { parts: [iq], onSeconds: pairs / rateHz, duty: 1 };
  return { parts, onSeconds: on / rateHz, duty: on / pairs };
}

function runsOver(power: Float64Array, threshold: number, bridged: number): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (let n = 0; n < power.length; n++) {
    if (power[n] <= threshold) continue;
    const last = runs.at(-1);
    if (last !== undefined && n - last.end <= bridged) last.end = n + 1;
    else runs.push({ start: n, end: n + 1 });
  }
  return runs;
}

/** The parts behind each other, up to `most` pairs. */
export function joined(parts: readonly Float32Array[], most: number): Float32Array {
  const length = Math.min(
    2 * most,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  const out = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    const taken = part.subarray(0, length - at);
    out.set(taken, at);
    at += taken.length;
    if (at === length) break;
  }
  return out;
}

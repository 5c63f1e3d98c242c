import { audioRms, audioSource, Interpolated, VOICE_RATE_HZ } from '../audio.ts';
import { ComplexFir, lowPassTaps, tapsFor } from '../fir.ts';
import type { Signal, SignalSource } from '../signal.ts';

type Of<K extends Signal['kind']> = Extract<Signal, { kind: K }>;

/** y = a/rms: the sidebands alone. */
export function dsbSource(signal: Of<'dsb'>, sampleRateHz: number, seed: number): SignalSource {
  const audio = audioSource(signal.audio, sampleRateHz, seed, 1);
  const scale = 1 / audioRms(signal.audio);
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        out[at] = scale * audio.next();
        out[at + 1] = 0;
      }
    },
  };
}

/** Middle and half of the band that passes, Hz: 300 – 3000 Hz of telephony. */
const MIDDLE_HZ = 1_650;
const HALF_HZ = 1_350;
const EDGE_HZ = 150;

/**
 * Weaver's third method at the rate of speech: the audio is mixed down by 1650 Hz, what lies within ±1350 Hz kept, and
 * mixed up again: the positive frequencies alone, of half the power; √2/rms makes it 1. Then read at the signal's rate.
 */
export function ssbSource(signal: Of<'ssb'>, sampleRateHz: number, seed: number): SignalSource {
  const audio = audioSource(signal.audio, VOICE_RATE_HZ, seed, 1);
  const filter = new ComplexFir(lowPassTaps(HALF_HZ / VOICE_RATE_HZ, tapsFor(EDGE_HZ / VOICE_RATE_HZ)));
  let n = 0;
  const sample = new Float64Array(2);
  const scale = Math.SQRT2 / audioRms(signal.audio);
  const waiting: [number[], number[]] = [[], []];
  const next = (part: 0 | 1): number => {
    if (waiting[part].length === 0) {
      const angle = (2 * Math.PI * ((MIDDLE_HZ * n++) % VOICE_RATE_HZ)) / VOICE_RATE_HZ;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const a = scale * audio.next();
      sample[0] = a * cos;
      sample[1] = -a * sin;
      filter.run(sample, 1);
      waiting[0].push(sample[0] * cos - sample[1] * sin);
      waiting[1].push(sample[0] * sin + sample[1] * cos);
    }
    return waiting[part].shift()!;
  };
  const re = new Interpolated(() => next(0), VOICE_RATE_HZ / sampleRateHz);
  const im = new Interpolated(() => next(1), VOICE_RATE_HZ / sampleRateHz);
  const sign = signal.sideband === 'upper' ? 1 : -1;
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        out[at] = re.next();
        out[at + 1] = sign * im.next();
      }
    },
  };
}

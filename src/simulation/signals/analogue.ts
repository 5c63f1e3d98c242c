import { type AudioSource, audioRms, audioSource } from '../audio.ts';
import { MultiplexSource } from '../multiplex.ts';
import type { Signal, SignalSource } from '../signal.ts';

type Of<K extends Signal['kind']> = Extract<Signal, { kind: K }>;

export function carrierSource(): SignalSource {
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        out[at] = 1;
        out[at + 1] = 0;
      }
    },
  };
}

/** y = (1 + m·a)/√(1 + m²·rms²): mean power 1. */
export function amSource(signal: Of<'am'>, sampleRateHz: number, seed: number): SignalSource {
  const audio = audioSource(signal.audio, sampleRateHz, seed, 1);
  const scale = 1 / Math.sqrt(1 + (signal.depth * audioRms(signal.audio)) ** 2);
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        out[at] = scale * (1 + signal.depth * audio.next());
        out[at + 1] = 0;
      }
    },
  };
}

export function nfmSource(signal: Of<'nfm'>, sampleRateHz: number, seed: number): SignalSource {
  const audio = audioSource(signal.audio, sampleRateHz, seed, 1);
  if (signal.ctcssHz === undefined) return new FmSource(audio, signal.deviationHz / sampleRateHz);
  const subTone = audioSource({ toneHz: signal.ctcssHz }, sampleRateHz);
  const both = { next: () => 0.9 * audio.next() + 0.1 * subTone.next() };
  return new FmSource(both, signal.deviationHz / sampleRateHz);
}

export function wfmSource(signal: Of<'wfm'>, sampleRateHz: number, seed: number): SignalSource {
  const audio = signal.audio ?? 'programme';
  const multiplex = new MultiplexSource(audio, signal.stereo ?? true, signal.rds ?? null, sampleRateHz, seed);
  return new FmSource(multiplex, (signal.deviationHz ?? WFM_DEVIATION_HZ) / sampleRateHz);
}

export const WFM_DEVIATION_HZ = 75_000;

/** y = e^(j·2π·Σ d·a): constant envelope; the phase is kept within one turn. */
class FmSource implements SignalSource {
  readonly #audio: AudioSource;
  readonly #deviation: number;
  #cycles = 0;

  constructor(audio: AudioSource, deviationCycles: number) {
    this.#audio = audio;
    this.#deviation = deviationCycles;
  }

  fill(out: Float64Array, first: number, pairs: number): void {
    for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
      const angle = 2 * Math.PI * this.#cycles;
      out[at] = Math.cos(angle);
      out[at + 1] = Math.sin(angle);
      const next = this.#cycles + this.#deviation * this.#audio.next();
      this.#cycles = next - Math.floor(next);
    }
  }
}

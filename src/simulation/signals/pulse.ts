import type { Signal, SignalSource } from '../signal.ts';

type Of<K extends Signal['kind']> = Extract<Signal, { kind: K }>;

/** Share of the pulse over which it rises and falls (raised cosine). */
const EDGE = 0.1;

/**
 * A pulse of width τ each period T, amplitude √(T/(τ·(1 − 2e + 2e·3/8))), so that the mean power over a period is 1;
 * the edges of share e are raised cosines of mean square 3/8. With a chirp of span B the phase is B/2·t·(t/τ − 1).
 */
export function pulseSource(signal: Of<'pulse'>, sampleRateHz: number): SignalSource {
  const { widthSeconds, periodSeconds, chirpHz = 0 } = signal;
  const amplitude = Math.sqrt(periodSeconds / (widthSeconds * (1 - 2 * EDGE + 2 * EDGE * 0.375)));
  let n = 0;
  return {
    fill(out, first, pairs) {
      for (let at = 2 * first; at < 2 * (first + pairs); at += 2) {
        const t = (n++ / sampleRateHz) % periodSeconds;
        const edge = Math.min(t, widthSeconds - t) / (EDGE * widthSeconds);
        const gain = edge <= 0 ? 0 : edge >= 1 ? amplitude : amplitude * (0.5 - 0.5 * Math.cos(Math.PI * edge));
        const angle = 2 * Math.PI * (chirpHz / 2) * t * (t / widthSeconds - 1);
        out[at] = gain * Math.cos(angle);
        out[at + 1] = gain * Math.sin(angle);
      }
    },
  };
}

import { Random } from '../../../src/simulation/random.ts';
import type { Scene } from '../../../src/simulation/scene.ts';
import type { DetectionBench } from './detection-bench.ts';
import { atLeast } from './detection-bench.ts';
import { detect } from './truth-set.ts';

/** A 2 ms burst 12 dB over the noise in its own 25 kHz, somewhere in 2.4 MHz, through the whole of detection. */
const TRIALS = { smoke: 2, quick: 100, full: 1000 };
const RATE_HZ = 2.4e6;
const SECONDS = 0.25;
const BURST_SECONDS = 0.002;
/** QPSK whose 99 % bandwidth is 25 kHz. */
const SIGNAL = { kind: 'qpsk', symbolRateHz: 22_700, rollOff: 0.25 } as const;
const GOAL_PCT = 99;

interface Outcome {
  readonly found: boolean;
  readonly others: number;
}

export const burstsBench: DetectionBench<number, Outcome> = {
  name: 'bursts',
  parts: (mode) => Array.from({ length: TRIALS[mode] }, (_, seed) => seed),
  work: burst,
  lines(results, mode) {
    const found = results.filter((result) => result.found).length;
    const others = results.reduce((sum, result) => sum + result.others, 0);
    const base = { bench: 'bursts', against: 'truth', ratio: null };
    const of = { seconds: BURST_SECONDS, snr: 12, trials: results.length };
    const judged = atLeast((100 * found) / results.length, GOAL_PCT);
    return [
      { ...base, case: { ...of, figure: 'found' }, unit: '%', ...judged, ok: mode === 'smoke' ? null : judged.ok },
      { ...base, case: { ...of, figure: 'others' }, unit: 'emissions', value: others, goal: null, ok: null },
    ];
  },
};

async function burst(seed: number): Promise<Outcome> {
  const random = new Random(seed, 0xb0);
  const centerHz = 868e6 + random.between(-0.4, 0.4) * RATE_HZ;
  const start = random.between(0.03, SECONDS - 0.03);
  const stop = start + BURST_SECONDS;
  const scene: Scene = {
    seed,
    receiver: { sampleRateHz: RATE_HZ, centerHz: 868e6, format: 'cs16', noiseDbfs: -40 },
    emitters: [{ name: 'burst', signal: SIGNAL, centerHz, snrDb: 12, schedule: [[start, stop]] }],
  };
  const emissions = await detect({ scene, durationSeconds: SECONDS });
  const isIt = (e: (typeof emissions)[number]) =>
    Math.abs(e.centerHz - centerHz) < 12_500 && e.startSeconds < stop && e.stopSeconds > start;
  return { found: emissions.some(isIt), others: emissions.filter((emission) => !isIt(emission)).length };
}

import type { Emission } from '../core/emission.ts';
import type { Frame } from '../core/frames.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import type { LevelUnit } from '../core/units.ts';
import { EmissionDetector } from '../detection/emission-detector.ts';
import { quantile } from '../dsp/rank.ts';
import type { SpectrumEstimator } from '../spectrum/estimator.ts';
import { spectrumFromSweep } from '../spectrum/sweep-spectrum.ts';
import { rowStatistics } from './kernel-file.ts';

/** What a whole recording gave. */
export interface FrameAnalysis {
  /** By start; artefacts and parts of others are among them. */
  readonly emissions: readonly Emission[];
  /** Samples of IQ, or points of sweeps. */
  readonly samples: number;
  readonly clipped: number;
  /** Median noise floor over the looks, in `unit`; null where no look was whole. */
  readonly noiseFloor: number | null;
  readonly unit: LevelUnit | null;
  readonly rbwHz: number | null;
}

/** Floors kept for their median: beyond it every second one is dropped, so that any length fits. */
const FLOORS_KEPT = 4096;

/** Runs frames of one capture through the detection path of the service, in this thread. */
export async function analyzeFrames(
  frames: AsyncIterable<Frame>,
  estimator: SpectrumEstimator | null,
  falseAlarmProbability: number,
): Promise<FrameAnalysis> {
  const statistics = estimator?.statistics ?? rowStatistics();
  const detector = new EmissionDetector({ falseAlarmProbability, statistics });
  const emissions = new Map<number, Emission>();
  const take = (changes: ReturnType<EmissionDetector['push']>) => {
    for (const { emission } of changes) emissions.set(emission.id, emission);
  };
  const floors: number[] = [];
  let samples = 0;
  let clipped = 0;
  let last: PowerSpectrum | null = null;
  for await (const frame of frames) {
    if (frame.kind === 'iq' && !estimator) continue;
    const look = frame.kind === 'iq' ? estimator!.estimate(frame) : spectrumFromSweep(frame);
    samples += frame.kind === 'iq' ? frame.pairs : look.bins;
    clipped += look.clipped;
    last = look;
    take(detector.push(look));
    floors.push(detector.noiseFloorDb()!);
    if (floors.length > FLOORS_KEPT) floors.splice(0, floors.length, ...floors.filter((_, i) => i % 2 === 0));
  }
  take(detector.finish());
  return {
    emissions: [...emissions.values()].sort((a, b) => a.startSeconds - b.startSeconds || a.id - b.id),
    samples,
    clipped,
    noiseFloor: floors.length > 0 ? quantile(floors, 0.5) : null,
    unit: last?.unit ?? null,
    rbwHz: last?.rbwHz ?? null,
  };
}

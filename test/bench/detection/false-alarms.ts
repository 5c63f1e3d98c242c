import type { IqBlock } from '../../../src/core/frames.ts';
import { analyzeLook, type LookAnalysis } from '../../../src/detection/look-analysis.ts';
import { loadKernel, rowStatistics } from '../../../src/pipeline/kernel-file.ts';
import { hashOf, hashOfText } from '../../../src/simulation/random.ts';
import { ShapeFilter, shapeTaps, tiltMagnitude } from '../../../src/simulation/receiver-model.ts';
import { chooseEstimator } from '../../../src/spectrum/choose-estimator.ts';
import type { EstimationPlan } from '../../../src/spectrum/plan.ts';
import { rounded } from '../report.ts';
import type { DetectionBench, Mode } from './detection-bench.ts';
import { PooledNoise } from './pooled-noise.ts';

/**
 * How often noise alone is taken for something: real windowed transforms through the real analysis of looks, where every
 * cluster found is a false alarm. A rate is per bin and look; goal: within a factor of 2 of the probability set.
 */
const BINS = 4096;
/** Looks of several rows, so that all statistics work. */
const ROWS: Readonly<Record<number, number>> = { 1: 8, 8: 4, 64: 2 };
/** False alarms to be expected at the rate set: enough that chance alone seldom makes a factor of 2. */
const EXPECTED = 60;
const FACTOR = 2;
const PROBABILITIES = { quick: [1e-5], full: [1e-5, 1e-6, 1e-7] };
/** A long case is shared out. */
const MOST_LOOKS = 4_000;
/** The two ends of the span: filters of receivers make them useless, and detection leaves them out. */
const ENDS_SHARE = 0.02;

interface Case {
  readonly probability: number;
  readonly averages: number;
  readonly overlap: number;
  readonly noise: 'white' | 'coloured';
}

interface Share {
  readonly of: Case;
  readonly looks: number;
  readonly seed: number;
}

interface Count {
  readonly bins: number;
  readonly alarms: number;
  readonly seconds: number;
}

/** Slope and waviness as front ends have them. */
const TILT_DB = 4;

export const falseAlarmsBench: DetectionBench<Share, Count> = {
  name: 'false-alarms',
  parts: (mode) => cases(mode).flatMap((of) => sharesOf(of)),
  work: async (share) => countAlarms(share),
  lines(results, mode) {
    const counts = [...results];
    return cases(mode).map((of) => {
      const mine = counts.splice(0, sharesOf(of).length);
      const sum = (pick: (count: Count) => number) => mine.reduce((total, count) => total + pick(count), 0);
      const rate = sum(({ alarms }) => alarms) / sum(({ bins }) => bins);
      const ratio = rate / of.probability;
      return {
        bench: 'false-alarms',
        case: { ...of, alarms: sum(({ alarms }) => alarms), seconds: rounded(sum(({ seconds }) => seconds)) },
        value: rate,
        unit: 'a bin and look',
        against: 'the probability set',
        ratio: rounded(ratio),
        goal: FACTOR,
        ok: mode === 'smoke' ? null : ratio <= FACTOR && ratio >= 1 / FACTOR,
      };
    });
  },
};

function cases(mode: Mode): Case[] {
  if (mode === 'smoke') return [{ probability: 1e-4, averages: 8, overlap: 0.5, noise: 'white' }];
  return PROBABILITIES[mode].flatMap((probability) =>
    [1, 8, 64].flatMap((averages) =>
      [0, 0.5].flatMap((overlap) =>
        (['white', 'coloured'] as const).map((noise) => ({ probability, averages, overlap, noise })),
      ),
    ),
  );
}

function sharesOf(of: Case): Share[] {
  const looks = Math.ceil(EXPECTED / of.probability / (BINS * (1 - ENDS_SHARE)));
  const shares = Math.ceil(looks / MOST_LOOKS);
  return Array.from({ length: shares }, (_, share) => ({
    of,
    looks: Math.ceil(looks / shares),
    seed: hashOf(hashOfText(JSON.stringify(of)), share),
  }));
}

function countAlarms({ of, looks, seed }: Share): Count {
  const started = performance.now();
  const plan: EstimationPlan = { window: 'hann', transformBins: BINS, overlap: of.overlap, averages: of.averages };
  const hop = BINS * (1 - of.overlap);
  const pairs = BINS + hop * (of.averages * ROWS[of.averages] - 1);
  const estimator = chooseEstimator(plan, 'auto', loadKernel());
  const noise = noiseOf(of.noise).reseeded(seed);
  const values = new Float32Array(2 * pairs);
  const samples = new Uint8Array(values.buffer);
  let before: LookAnalysis | null = null;
  let alarms = 0;
  for (let sequence = 0; sequence < looks; sequence++) {
    noise.fill(values);
    const look = estimator.estimate(blockOf(samples, pairs, sequence));
    before = analyzeLook(look, of.probability, before, rowStatistics());
    alarms += before.clusters.length;
  }
  const bins = looks * Math.round(BINS * (1 - ENDS_SHARE));
  return { bins, alarms, seconds: (performance.now() - started) / 1000 };
}

const kept = new Map<Case['noise'], PooledNoise>();

function noiseOf(name: Case['noise']): PooledNoise {
  let noise = kept.get(name);
  if (!noise) {
    const tilt = new ShapeFilter(shapeTaps(tiltMagnitude(TILT_DB)));
    noise = PooledNoise.create(0, name === 'white' ? null : (values, count) => tilt.run(values, count));
    kept.set(name, noise);
  }
  return noise;
}

export function blockOf(samples: Uint8Array, pairs: number, sequence: number): IqBlock {
  return {
    ...{ kind: 'iq', receiver: 'bench', sequence, timeNs: 0n, centerHz: 0, sampleRateHz: 1e6 },
    ...{ format: 'cf32', samples, pairs, gainDb: null, gnssTime: false, lostBefore: false, overload: false },
  };
}

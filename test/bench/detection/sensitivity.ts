import FFT from 'fft.js';
import { analyzeLook, type LookAnalysis } from '../../../src/detection/look-analysis.ts';
import { createWindow } from '../../../src/dsp/windows.ts';
import { loadKernel, rowStatistics } from '../../../src/pipeline/kernel-file.ts';
import { hashOfText, Random } from '../../../src/simulation/random.ts';
import { chooseEstimator } from '../../../src/spectrum/choose-estimator.ts';
import type { DetectionBench, Mode } from './detection-bench.ts';
import { blockOf } from './false-alarms.ts';
import { PooledNoise } from './pooled-noise.ts';
import { snrForDetection } from './theory.ts';

/**
 * The SNR at which nine signals in ten are found, through real transforms and the real analysis of looks, against an ideal
 * radiometer of the same probability of false alarm and averaging. Each look holds some signals, far from each other; one
 * is found where a cluster lies on its bin.
 */
export const SIGNALS = ['tone at a bin', 'tone between bins', 'noise-like 25 kHz'] as const;
export const AVERAGES = [1, 4, 16, 64, 256] as const;
const GOAL_DB = 0.5;
const BINS = 1024;
const WINDOW = createWindow('hann', BINS);
const SIGNALS_A_LOOK = 12;
const FIRST_BIN = 60;
const SPACING_BINS = 80;
const STEPS_DB = [-1.2, -0.6, 0, 0.6, 1.2];
const LOOKS: Readonly<Record<Mode, number>> = { smoke: 20, quick: 120, full: 500 };
const PROBABILITIES = { quick: [1e-4], full: [1e-4, 1e-7] };

interface Case {
  readonly signal: (typeof SIGNALS)[number];
  readonly averages: number;
  readonly probability: number;
}

export interface CasePart extends Case {
  readonly looks: number;
}

export const sensitivityBench: DetectionBench<CasePart, number> = {
  name: 'sensitivity',
  parts(mode) {
    const looks = LOOKS[mode];
    if (mode === 'smoke') return [{ signal: 'tone at a bin', averages: 4, probability: 1e-4, looks }];
    return PROBABILITIES[mode].flatMap((probability) =>
      SIGNALS.flatMap((signal) => AVERAGES.map((averages) => ({ signal, averages, probability, looks }))),
    );
  },
  work: async (part) => measuredSnrDb(part),
  lines(results, mode) {
    return sensitivityBench.parts(mode).map(({ looks: _, ...of }, i) => {
      const excess = results[i] - theoreticalSnrDb(of);
      return {
        bench: 'sensitivity',
        case: { ...of, theory: Number(theoreticalSnrDb(of).toFixed(2)) },
        value: results[i],
        unit: 'dB',
        against: 'radiometer',
        ratio: Number((10 ** (excess / 10)).toFixed(3)),
        goal: Number((10 ** (GOAL_DB / 10)).toFixed(3)),
        ok: mode === 'smoke' ? null : excess <= GOAL_DB,
      };
    });
  },
};

/** SNR in the noise bandwidth of a bin; between bins the tone itself is what is counted, and the scalloping loss is theory's. */
export function theoreticalSnrDb({ signal, averages, probability }: Case): number {
  if (signal === 'noise-like 25 kHz') return snrForDetection('noise-like', averages, probability);
  return snrForDetection('tone', averages, probability) - (signal === 'tone between bins' ? scallopingDb() : 0);
}

function measuredSnrDb(part: CasePart): number {
  const theory = theoreticalSnrDb(part);
  const points = STEPS_DB.map((step) => ({ db: theory + step, found: shareFound(part, theory + step) }));
  return interpolate(points);
}

/** Where a line through the logits of the shares crosses nine in ten. */
function interpolate(points: readonly { readonly db: number; readonly found: number }[]): number {
  const logit = (p: number) => Math.log(p / (1 - p));
  const usable = points.filter(({ found }) => found > 0.3 && found < 0.999);
  if (usable.length < 2) throw new Error(`no slope: ${points.map(({ found }) => found.toFixed(2)).join(' ')}`);
  const meanDb = usable.reduce((sum, { db }) => sum + db, 0) / usable.length;
  const mean = usable.reduce((sum, { found }) => sum + logit(found), 0) / usable.length;
  let cross = 0;
  let square = 0;
  for (const { db, found } of usable) {
    cross += (db - meanDb) * (logit(found) - mean);
    square += (db - meanDb) ** 2;
  }
  return meanDb + (logit(0.9) - mean) / (cross / square);
}

function shareFound({ signal, averages, probability, looks }: CasePart, snrDb: number): number {
  const estimator = chooseEstimator(
    { window: 'hann', transformBins: BINS, overlap: 0, averages },
    'auto',
    loadKernel(),
  );
  const noise = whiteNoise().reseeded(hashOfText(`${signal} ${averages} ${probability} ${snrDb}`));
  const wanted = signalsOf(signal);
  const random = new Random(averages, 5);
  const pairs = BINS * averages;
  const values = new Float32Array(2 * pairs);
  const samples = new Uint8Array(values.buffer);
  // Noise of mean power 1 makes ENBW/N in a bin.
  const amplitude = Math.sqrt((10 ** (snrDb / 10) * WINDOW.enbwBins) / BINS / wanted.captured);
  let before: LookAnalysis | null = null;
  let found = 0;
  for (let sequence = 0; sequence < looks; sequence++) {
    noise.fill(values);
    addTo(values, wanted.values, amplitude, random);
    const look = estimator.estimate(blockOf(samples, pairs, sequence));
    before = analyzeLook(look, probability, before, rowStatistics());
    const { clusters } = before;
    for (const bin of binsOf(signal)) {
      if (clusters.some(({ lowBin, highBin }) => lowBin <= bin + 0.6 && highBin >= bin - 0.6)) found++;
    }
  }
  return found / (looks * SIGNALS_A_LOOK);
}

function binsOf(signal: Case['signal']): number[] {
  const offset = signal === 'tone between bins' ? 0.5 : 0;
  return Array.from({ length: SIGNALS_A_LOOK }, (_, i) => FIRST_BIN + i * SPACING_BINS + offset);
}

/** From a random place of the periodic `signal` on. */
function addTo(values: Float32Array, signal: Float32Array, amplitude: number, random: Random): void {
  let at = 2 * random.index(signal.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] += amplitude * signal[at];
    if (++at === signal.length) at = 0;
  }
}

/** One period of all signals of a look, each of mean power 1, and the share of that power that a bin captures. */
interface Signals {
  readonly values: Float32Array;
  readonly captured: number;
}

const kept = new Map<Case['signal'], Signals>();
let noise: PooledNoise | undefined;

function whiteNoise(): PooledNoise {
  noise ??= PooledNoise.create(1);
  return noise;
}

function signalsOf(signal: Case['signal']): Signals {
  const known = kept.get(signal) ?? (signal === 'noise-like 25 kHz' ? noiseLike() : tones(signal));
  kept.set(signal, known);
  return known;
}

function tones(signal: Case['signal']): Signals {
  const random = new Random(3);
  const pairs = 2 * BINS;
  const values = new Float32Array(2 * pairs);
  for (const bin of binsOf(signal)) {
    const phase = 2 * Math.PI * random.uniform();
    for (let n = 0; n < pairs; n++) {
      const angle = phase + (2 * Math.PI * (bin - BINS / 2) * n) / BINS;
      values[2 * n] += Math.cos(angle);
      values[2 * n + 1] += Math.sin(angle);
    }
  }
  return { values, captured: 1 };
}

/** Long enough that a signal's power in one transform takes a thousand independent values. */
const NOISE_PAIRS = 2 ** 20;

/** Independent Gaussian lines over the band of each signal, transformed: band-limited Gaussian noise of one long period. */
function noiseLike(): Signals {
  const random = new Random(4);
  const lines = new Float64Array(2 * NOISE_PAIRS);
  const linesABin = NOISE_PAIRS / BINS;
  const half = Math.floor((linesABin * WINDOW.enbwBins) / 2);
  const scale = Math.sqrt(1 / (2 * (2 * half + 1)));
  for (const bin of binsOf('noise-like 25 kHz')) {
    for (let line = -half; line <= half; line++) {
      // The transform turns the other way.
      const at = ((BINS / 2 - bin) * linesABin + line + NOISE_PAIRS) % NOISE_PAIRS;
      lines[2 * at] = scale * random.gaussian();
      lines[2 * at + 1] = scale * random.gaussian();
    }
  }
  const fft = new FFT(NOISE_PAIRS);
  const out = fft.createComplexArray();
  fft.transform(out, lines);
  return { values: Float32Array.from(out), captured: capturedShare(half / linesABin) };
}

/** Mean of the window's power response over ± `half` bins. */
function capturedShare(half: number): number {
  const steps = 200;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += responseAt(((i + 0.5) / steps - 0.5) * 2 * half);
  return sum / steps;
}

/** |Σ w·e^(−j2π·offset·n/N)|²/(Σw)²: 1 at the middle of a bin. */
function responseAt(offsetBins: number): number {
  let re = 0;
  let im = 0;
  for (let n = 0; n < BINS; n++) {
    const angle = (2 * Math.PI * offsetBins * n) / BINS;
    re += WINDOW.values[n] * Math.cos(angle);
    im += WINDOW.values[n] * Math.sin(angle);
  }
  return (re * re + im * im) / WINDOW.sum ** 2;
}

function scallopingDb(): number {
  return 10 * Math.log10(responseAt(0.5));
}

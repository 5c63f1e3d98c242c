import type { Detection } from '../core/emission.ts';
import type { EstimationMethod, PowerSpectrum } from '../core/spectrum.ts';
import { powerFromDb } from '../core/units.ts';
import { averagedNoiseThreshold } from '../dsp/averaged-noise.ts';
import { quantile } from '../dsp/rank.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';
import { createWindow, effectiveAverages, type SpectralWindow } from '../dsp/windows.ts';
import { splitInTime, trimSkirts } from './cluster-parts.ts';
import { findClusters, splitAtMeanValleys, splitAtValleys, uniteClusters } from './clusters.ts';
import { coarseClusters } from './coarse-scales.ts';
import { estimateAverages, estimateFloorLevels, refineFloorLevels, segmentsOf, spreadOverBins } from './noise-floor.ts';
import { segmentsWithSignal } from './noise-likeness.ts';
import { quietRows, suppressTransients, transientRows, withoutDcSpike } from './receiver-effects.ts';
import { LOWER_TAIL, thresholdFactor } from './thresholds.ts';

/** One look taken apart: what is noise in it, and what stands out. Arrays belong to this look. */
export interface LookAnalysis {
  readonly look: PowerSpectrum;
  /** rows × bins: the look's powers without the DC spike and without the splatter of hard switching; the look's own where it has neither. */
  readonly rows: Float32Array;
  /** bins: mean over the rows. */
  readonly average: Float32Array;
  /** bins: the noise floor, linear. */
  readonly floor: Float32Array;
  /** The same in the middle of each of the segments that it was estimated in, dB. */
  readonly floorLevels: readonly number[];
  /** rows × segments: the power of each of them in each row, the DC spike taken out. */
  readonly segmentTotals: Float32Array;
  /** Power of the last row, all bins together. */
  readonly lastTotal: number;
  /** Effective number of averages of one row, and of `average`. */
  readonly rowAverages: number;
  readonly averages: number;
  readonly clusters: readonly Detection[];
  /** Power of the DC spike against the floor; 0 where there is none. */
  readonly dcRatio: number;
}

/**
 * Shares of the false-alarm probability of the statistics that look at the same bins: the mean and the row maximum, each
 * bin by bin, and each at two coarse scales (whose neighbours hardly differ: fewer chances).
 */
const FINE_SHARE = 0.4;
const COARSE_SHARE = 0.05;
const GAP_BINS = 3;
/** At each end of an IQ span lies what the receiver's filter folds over, and its stop band: nothing is looked for there. */
const ALIAS_SHARE = 0.01;
const STOP_BAND_FACTOR = 0.4;

/** What noise does in looks of one kind: how it is spread, and the factors over the floor that it seldom exceeds. */
interface NoiseModel {
  /** Effective averages of one row, and of the look. */
  readonly rowAverages: number;
  readonly averages: number;
  readonly mean: Thresholds;
  readonly max: Thresholds;
}

interface Thresholds {
  readonly upper: number;
  readonly lower: number;
}

const keptModels = new Map<string, NoiseModel>();

/** @param estimated effective averages of a look whose method is not known */
function noiseModelOf(look: PowerSpectrum, probability: number, estimated: () => number): NoiseModel {
  if (!look.method) {
    const rowAverages = estimated();
    const averages = rowAverages * look.rows;
    const thresholds = (shape: number, chances: number) => ({
      upper: thresholdFactor(shape, (probability * FINE_SHARE) / chances),
      lower: thresholdFactor(shape, LOWER_TAIL / chances),
    });
    return { rowAverages, averages, mean: thresholds(averages, 1), max: thresholds(rowAverages, look.rows) };
  }
  const { averages, window, overlap, transformBins } = look.method;
  const inLook = periodogramsIn(look, look.method);
  const key = `${window} ${transformBins} ${overlap} ${averages} ${inLook} ${look.rows} ${probability}`;
  const known = keptModels.get(key);
  if (known) return known;
  const factor = (count: number, tail: number) =>
    averagedNoiseThreshold(shortWindow(look.method!), count, overlap, tail);
  const thresholds = (count: number, chances: number) => ({
    upper: factor(count, (probability * FINE_SHARE) / chances),
    lower: factor(count, LOWER_TAIL / chances),
  });
  const model = {
    rowAverages: effective(look.method, averages),
    averages: effective(look.method, inLook),
    mean: thresholds(inLook, 1),
    max: thresholds(averages, look.rows),
  };
  if (keptModels.size > MOST_MODELS) keptModels.clear();
  keptModels.set(key, model);
  return model;
}

const MOST_MODELS = 1_000;

/** Effective averages of so many periodograms. */
function effective(method: EstimationMethod, periodograms: number): number {
  return effectiveAverages(shortWindow(method), periodograms, method.overlap);
}

/** The correlation at a given overlap hardly depends on the length: 256 values give four digits. */
function shortWindow({ window, transformBins }: EstimationMethod): SpectralWindow {
  return createWindow(window, Math.min(256, transformBins));
}

/** Periodograms in the look: its rows may average one more or less than its method says. */
function periodogramsIn(look: PowerSpectrum, { overlap }: EstimationMethod): number {
  return Math.max(1, Math.round((look.rows * look.rowSeconds * look.stepHz) / (1 - overlap)));
}

function averageRows(rows: Float32Array, bins: number, use: (row: number) => boolean): Float32Array {
  const average = new Float32Array(bins);
  let count = 0;
  for (let row = 0; row * bins < rows.length; row++) {
    if (!use(row)) continue;
    count++;
    for (let k = 0, at = row * bins; k < bins; k++, at++) average[k] += rows[at];
  }
  for (let k = 0; k < bins; k++) average[k] /= Math.max(1, count);
  return average;
}

/**
 * Finds what stands out of the noise in one look.
 * @param falseAlarmProbability a bin, for all statistics together
 * @param before the look before, of the same tuning; null for none
 */
export function analyzeLook(
  look: PowerSpectrum,
  falseAlarmProbability: number,
  before: LookAnalysis | null,
  statistics: RowStatistics,
): LookAnalysis {
  const { bins } = look;
  const segments = segmentsOf(bins);
  const { rows, dcRatio } = withoutDcSpike(look);
  statistics.take(rows, bins);
  const parts = statistics.runTotals(segments);
  const totals = totalsOf(parts, segments);
  const transient = transientRows(totals, look.lostBefore || !before ? null : before.lastTotal);
  const silent = quietRows(rows, bins, totals) ?? transient.map((is) => !is);
  let steady = 0;
  for (const is of silent) if (is) steady++;
  const all = statistics.fold();
  const isPart = steady > 0 && steady < look.rows;
  const quiet = isPart ? averageRows(rows, bins, (row) => silent[row]) : all.mean;
  const model = noiseModelOf(look, falseAlarmProbability, () => estimateAverages(quiet));
  const inQuiet = isPart ? (model.averages * steady) / look.rows : model.averages;
  const withSignal = look.method ? segmentsWithSignal(parts, segments, bins / segments, model.rowAverages) : null;
  const levels = estimateFloorLevels(quiet, inQuiet, statistics, withSignal);
  const floorLevels = refineFloorLevels(before?.floorLevels ?? null, levels);
  const floor = spreadOverBins(floorLevels, bins);
  const clean = suppressTransients(rows, floor, transient);
  if (clean !== rows) statistics.take(clean, bins);
  const { mean: average, max } = clean === rows ? all : statistics.fold();
  const { rowAverages, averages } = model;
  const trace = { floorLevels, segmentTotals: parts, lastTotal: totals[totals.length - 1] };
  const measured = { look, rows: clean, average, floor, rowAverages, averages, dcRatio, ...trace };
  return { ...measured, clusters: clustersOf(measured, max, model, statistics, falseAlarmProbability) };
}

function totalsOf(parts: Float32Array, segments: number): number[] {
  const totals: number[] = [];
  for (let row = 0; row < parts.length; row += segments) {
    let total = 0;
    for (let at = row; at < row + segments; at++) total += parts[at];
    totals.push(total);
  }
  return totals;
}

/** First and last bin where the receiver hears: within 4 dB of the span's median floor, and clear of the aliases. */
function passBand({ floor, floorLevels }: Measured): { first: number; last: number } {
  const least = powerFromDb(quantile(floorLevels, 0.5)) * STOP_BAND_FACTOR;
  let first = Math.ceil(floor.length * ALIAS_SHARE);
  let last = floor.length - 1 - first;
  while (first < last && floor[first] < least) first++;
  while (last > first && floor[last] < least) last--;
  return { first, last };
}

type Measured = Omit<LookAnalysis, 'clusters'>;

/** @param highest the largest row of each bin @param probability of a false alarm, a bin, for all statistics together */
function clustersOf(
  measured: Measured,
  highest: Float32Array,
  model: NoiseModel,
  statistics: RowStatistics,
  probability: number,
): Detection[] {
  const { look, rows, average, floor, averages, rowAverages } = measured;
  statistics.over(floor);
  const fine = (power: Float32Array, { upper, lower }: Thresholds, by: Detection['by']) =>
    findClusters({ power, floor, places: statistics.exceedances(power, upper), lower, gapBins: GAP_BINS, by });
  const mean = fine(average, model.mean, 'mean');
  const found = [...mean];
  const tail = probability * COARSE_SHARE;
  if (look.rows > 1) {
    const max = fine(highest, model.max, 'max');
    found.push(...max);
    const ofRows = { highest, power: rows, averages: rowAverages, tail: tail / look.rows } as const;
    found.push(...coarseClusters(statistics, { ...ofRows, fine: [...mean, ...max], by: 'max' }));
  }
  found.push(...coarseClusters(statistics, { highest, tail, power: average, averages, fine: mean, by: 'mean' }));
  const pass = look.method ? passBand(measured) : { first: 0, last: look.bins - 1 };
  const inside = found.filter(({ peakBin }) => peakBin >= pass.first && peakBin <= pass.last);
  const strongest = look.rows > 1 ? highest : average;
  const timed = splitInTime(uniteClusters(inside), { rows, floor, rowAverages }, strongest);
  const apart = splitAtMeanValleys(splitAtValleys(timed, strongest, floor), average, floor);
  return trimSkirts(apart, strongest).map((cluster) => ({
    ...cluster,
    peakPower: average[cluster.peakBin],
  }));
}

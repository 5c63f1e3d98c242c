import type { Detection } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { powerFromDb } from '../core/units.ts';
import { averagedNoiseThreshold } from '../dsp/averaged-noise.ts';
import { quantile } from '../dsp/rank.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';
import { createWindow, effectiveAverages } from '../dsp/windows.ts';
import { findClusters, splitAtValleys, uniteClusters } from './clusters.ts';
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
  readonly floorLevels: Float64Array;
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

const keptAverages = new Map<string, number>();
const keptFactors = new Map<string, number>();

/** Effective averages of `periodograms` of this look's method; kept by its arguments. */
function effective(look: PowerSpectrum, periodograms: number): number {
  if (!look.method) return periodograms;
  const { window, transformBins, overlap } = look.method;
  const key = `${window} ${overlap} ${periodograms}`;
  const known = keptAverages.get(key);
  if (known !== undefined) return known;
  // The correlation at a given overlap hardly depends on the length: 256 values give four digits.
  const value = effectiveAverages(createWindow(window, Math.min(256, transformBins)), periodograms, overlap);
  keptAverages.set(key, value);
  return value;
}

/** Periodograms in the look: its rows may average one more or less than its method says. */
function periodogramsIn(look: PowerSpectrum, perRow: number): number {
  if (!look.method) return perRow * look.rows;
  return Math.max(1, Math.round((look.rows * look.rowSeconds * look.stepHz) / (1 - look.method.overlap)));
}

/** Factor over the floor that noise in a bin of `periodograms` averaged ones exceeds with probability `tail`; kept. */
function binFactor(look: PowerSpectrum, periodograms: number, tail: number): number {
  if (!look.method) return thresholdFactor(periodograms, tail);
  const { window, transformBins, overlap } = look.method;
  const count = Math.round(periodograms);
  const key = `${window} ${overlap} ${count} ${tail}`;
  const known = keptFactors.get(key);
  if (known !== undefined) return known;
  const factor = averagedNoiseThreshold(createWindow(window, Math.min(256, transformBins)), count, overlap, tail);
  if (keptFactors.size > 10_000) keptFactors.clear();
  keptFactors.set(key, factor);
  return factor;
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
  const steady = silent.filter((is) => is).length;
  const all = statistics.fold();
  const quiet = steady > 0 && steady < look.rows ? averageRows(rows, bins, (row) => silent[row]) : all.mean;
  const rowAverages = look.method ? effective(look, look.method.averages) : estimateAverages(quiet);
  const perRow = look.method?.averages ?? rowAverages;
  const inLook = periodogramsIn(look, perRow);
  const inQuiet = effective(look, Math.round((inLook * (steady || look.rows)) / look.rows));
  const withSignal = look.method ? segmentsWithSignal(parts, segments, bins / segments, rowAverages) : null;
  const levels = estimateFloorLevels(quiet, inQuiet, statistics, withSignal);
  const floorLevels = refineFloorLevels(before?.floorLevels ?? null, levels);
  const floor = spreadOverBins(floorLevels, bins);
  const clean = suppressTransients(rows, floor, transient);
  if (clean !== rows) statistics.take(clean, bins);
  const { mean: average, max } = clean === rows ? all : statistics.fold();
  const averages = effective(look, inLook);
  const trace = { floorLevels, lastTotal: totals[totals.length - 1] };
  const base = { look, rows: clean, average, floor, rowAverages, averages, dcRatio, ...trace };
  const count = { perRow, inLook };
  return { ...base, clusters: clustersOf(base, max, statistics, count, falseAlarmProbability) };
}

function totalsOf(parts: Float32Array, segments: number): Float32Array {
  const totals = new Float32Array(parts.length / segments);
  for (let row = 0; row < totals.length; row++) {
    let total = 0;
    for (let at = row * segments; at < (row + 1) * segments; at++) total += parts[at];
    totals[row] = total;
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

/** @param highest the largest row of each bin @param count of periodograms @param probability of a false alarm, a bin, for all statistics together */
function clustersOf(
  measured: Measured,
  highest: Float32Array,
  statistics: RowStatistics,
  count: { readonly perRow: number; readonly inLook: number },
  probability: number,
): Detection[] {
  const { look, average, floor, averages, rowAverages } = measured;
  const fine = (power: Float32Array, periodograms: number, rows: number, by: Detection['by']) =>
    findClusters({
      power,
      floor,
      places: statistics.exceedances(power, floor, binFactor(look, periodograms, (probability * FINE_SHARE) / rows)),
      lower: binFactor(look, periodograms, LOWER_TAIL / rows),
      gapBins: GAP_BINS,
      by,
    });
  const mean = fine(average, count.inLook, 1, 'mean');
  const found = [mean];
  if (look.rows > 1) {
    const max = fine(highest, count.perRow, look.rows, 'max');
    const rowTail = (probability * COARSE_SHARE) / look.rows;
    found.push(max, coarseClusters(statistics, floor, rowAverages, rowTail, [...mean, ...max], 'max'));
  }
  statistics.take(average, look.bins);
  found.push(coarseClusters(statistics, floor, averages, probability * COARSE_SHARE, mean, 'mean'));
  const pass = look.method ? passBand(measured) : { first: 0, last: look.bins - 1 };
  const inside = found.flat().filter(({ peakBin }) => peakBin >= pass.first && peakBin <= pass.last);
  const united = uniteClusters(inside);
  return splitAtValleys(united, look.rows > 1 ? highest : average, floor).map((cluster) => ({
    ...cluster,
    peakPower: average[cluster.peakBin],
  }));
}

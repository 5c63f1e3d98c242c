import type { RobustEstimate } from '../core/calibration.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { dbFromPower } from '../core/units.ts';

/** Beyond this share of the sample rate from the centre the anti-alias filter bends a spectrum. */
const USABLE_SHARE = 0.475;
/** A station of which less than this share of its bandwidth can be seen on each side tells nothing of its middle. */
const LEAST_SHARE = 0.25;
const ITERATIONS = 60;

type Grid = Pick<PowerSpectrum, 'startHz' | 'stepHz' | 'bins' | 'centerHz' | 'rbwHz'>;

/** A station's band within a look; null where it cannot be seen far enough on both sides. */
export function visibleHalfHz(grid: Grid, licensedHz: number, bandwidthHz: number): number | null {
  const spanHz = grid.bins * grid.stepHz;
  const half = grid.centerHz === null ? spanHz / 2 : USABLE_SHARE * spanHz;
  const middleHz = grid.centerHz ?? grid.startHz + ((grid.bins - 1) * grid.stepHz) / 2;
  const halfHz = Math.min(bandwidthHz / 2, half - Math.abs(licensedHz - middleHz));
  return halfHz >= LEAST_SHARE * bandwidthHz ? halfHz : null;
}

/**
 * Middle of a carrier, Hz: the centre of gravity c of the power above the noise within c ± half. The window moves with
 * it, so that a symmetric spectrum gives its middle however much of its sides is seen. Of a frequency-modulated
 * carrier the centre of gravity is the mean of the instantaneous frequency, which sound, without a direct
 * component, leaves where the carrier is.
 */
export function carrierCentreHz(powers: ArrayLike<number>, grid: Grid, beginHz: number, halfHz: number): number {
  const { startHz, stepHz } = grid;
  let centreHz = beginHz;
  const floor = floorOf(powers);
  for (let i = 0; i < ITERATIONS; i++) {
    const low = (centreHz - halfHz - startHz) / stepHz;
    const high = (centreHz + halfHz - startHz) / stepHz;
    let sum = 0;
    let moment = 0;
    for (let k = Math.max(0, Math.round(low)); k <= Math.min(powers.length - 1, Math.round(high)); k++) {
      // The bins at both ends count as far as they lie within.
      const inside = Math.min(k + 0.5, high) - Math.max(k - 0.5, low);
      const power = Math.max(0, powers[k]! - floor) * Math.max(0, Math.min(1, inside));
      sum += power;
      moment += power * (startHz + k * stepHz - centreHz);
    }
    if (sum === 0) return centreHz;
    centreHz += moment / sum;
    if (Math.abs(moment / sum) < 1e-3) break;
  }
  return centreHz;
}

/** The quietest tenth of the bins. */
function floorOf(powers: ArrayLike<number>): number {
  const sorted = Float64Array.from(powers).sort();
  return sorted[Math.floor(sorted.length / 10)] ?? 0;
}

/** Times at which a measurement is cut: how the parts differ tells how sure the whole is. */
const PARTS = 8;

/** What one station's band shows over some seconds of looks of one tuning. */
export class StationListener {
  readonly licensedHz: number;
  readonly #halfHz: number;
  readonly #grid: Grid;
  readonly #seconds: number;
  readonly #fromMs: number;
  readonly #parts: { powers: Float64Array; looks: number }[] = [];

  constructor(grid: Grid, licensedHz: number, halfHz: number, period: { fromMs: number; seconds: number }) {
    this.licensedHz = licensedHz;
    this.#halfHz = halfHz;
    this.#grid = grid;
    this.#fromMs = period.fromMs;
    this.#seconds = period.seconds;
  }

  /** @param mean the look's rows in one */
  add(mean: Float32Array, startMs: number): void {
    const part = Math.min(
      PARTS - 1,
      Math.max(0, Math.floor(((startMs - this.#fromMs) / 1000 / this.#seconds) * PARTS)),
    );
    this.#parts[part] ??= { powers: new Float64Array(this.#grid.bins), looks: 0 };
    const sum = this.#parts[part];
    for (let k = 0; k < mean.length; k++) sum.powers[k]! += mean[k]!;
    sum.looks++;
  }

  /** Null where nothing was heard. */
  result(): { centreHz: number; deviationHz: number; level: number; snrDb: number } | null {
    const parts = this.#parts.filter((part) => part !== undefined);
    const looks = parts.reduce((sum, part) => sum + part.looks, 0);
    if (looks === 0) return null;
    const whole = new Float64Array(this.#grid.bins);
    for (const { powers } of parts) for (let k = 0; k < whole.length; k++) whole[k]! += powers[k]! / looks;
    const centreHz = carrierCentreHz(whole, this.#grid, this.licensedHz, this.#halfHz);
    const centres = parts.map(({ powers }) => carrierCentreHz(powers, this.#grid, this.licensedHz, this.#halfHz));
    const { signal, noise } = this.#powers(whole, centreHz);
    return {
      centreHz,
      deviationHz: centres.length > 1 ? deviation(centres) / Math.sqrt(centres.length) : this.#grid.stepHz,
      level: dbFromPower(signal),
      snrDb: dbFromPower(signal) - dbFromPower(noise),
    };
  }

  /** In the band, each bin as much of a bandwidth as the resolution counts for. */
  #powers(whole: Float64Array, centreHz: number): { signal: number; noise: number } {
    const { startHz, stepHz, rbwHz } = this.#grid;
    const floor = floorOf(whole);
    const low = Math.max(0, Math.round((centreHz - this.#halfHz - startHz) / stepHz));
    const high = Math.min(whole.length - 1, Math.round((centreHz + this.#halfHz - startHz) / stepHz));
    let signal = 0;
    for (let k = low; k <= high; k++) signal += Math.max(0, whole[k]! - floor) * (stepHz / rbwHz);
    return { signal, noise: floor * (high - low + 1) * (stepHz / rbwHz) };
  }
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** √(π/2): how much wider the median of normal values scatters than their mean. */
const MEDIAN_SPREAD = Math.sqrt(Math.PI / 2);
/** Median absolute deviation of normal values, as a share of their standard deviation. */
const MAD_SHARE = 0.6745;

/**
 * Median, which up to half of the inputs may be wrong about, and its uncertainty: what the inputs claim of themselves
 * or how they scatter, whichever is more.
 * @param deviations one standard deviation of each; empty where unknown
 */
export function robustMedian(values: readonly number[], deviations: readonly number[] = []): RobustEstimate {
  const value = median(values);
  const residuals = values.map((one) => one - value);
  const n = Math.max(1, values.length);
  const scatter = median(residuals.map(Math.abs)) / MAD_SHARE;
  const claimed = deviations.length > 0 ? Math.sqrt(deviations.reduce((sum, one) => sum + one * one, 0) / n) : 0;
  const isTold = values.length > 1 || deviations.length > 0;
  const uncertainty = isTold ? (MEDIAN_SPREAD * Math.max(scatter, claimed)) / Math.sqrt(n) : null;
  return { value, uncertainty, residuals };
}

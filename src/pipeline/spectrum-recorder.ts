import type { LiveSpectrum } from '../core/ports.ts';
import type { SpectrumRow } from '../core/records.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { dbFromPower } from '../core/units.ts';
import type { LevelScale } from '../spectrum/calibration.ts';

const LEVEL_STEP_DB = 0.5;
const ROW_INTERVAL_MS = 1_000;

/** Mean of a look's rows, linear. */
export function meanOfRows(look: PowerSpectrum): Float32Array {
  if (look.average !== undefined) return look.average;
  if (look.rows === 1) return look.mean;
  const mean = new Float32Array(look.bins);
  for (let row = 0; row < look.rows; row++) {
    const base = row * look.bins;
    for (let k = 0; k < look.bins; k++) mean[k] += look.mean[base + k];
  }
  for (let k = 0; k < look.bins; k++) mean[k] /= look.rows;
  return mean;
}

/** Levels of linear powers; with `offsetsDb`, one a bin, those of the calibration. */
function levelsOf(powers: ArrayLike<number>, offsetsDb: Float32Array | null = null): Float32Array {
  const levels = new Float32Array(powers.length);
  for (let k = 0; k < powers.length; k++) levels[k] = dbFromPower(powers[k]);
  if (offsetsDb !== null) for (let k = 0; k < levels.length; k++) levels[k] += offsetsDb[k];
  return levels;
}

/** A look for the live display, whose levels are made only if somebody asks for them: nobody watches all receivers. */
export function liveSpectrumOf(
  { receiver, startHz, stepHz }: PowerSpectrum,
  { unit, offsetsDb }: Scale,
  mean: Float32Array,
  timeMs: number,
): LiveSpectrum {
  let made: Float32Array | null = null;
  return {
    ...{ receiver, timeMs, startHz, stepHz, unit },
    get levels() {
      made ??= levelsOf(mean, offsetsDb);
      return made;
    },
  };
}

type Scale = Pick<LevelScale, 'unit' | 'offsetsDb'>;

interface Sum {
  readonly first: PowerSpectrum;
  readonly scale: Scale;
  readonly powers: Float64Array;
  readonly fromMs: number;
  looks: number;
}

/** Makes the stored spectra of one receiver: for IQ the mean of each second, for sweeps every one. */
export class SpectrumRecorder {
  private sum: Sum | null = null;

  /** @param mean the look's rows in one; @returns rows that are complete */
  add(look: PowerSpectrum, mean: Float32Array, timeMs: number, scale: Scale): SpectrumRow[] {
    if (look.method === null) return [rowOf(look, scale, mean, timeMs)];
    const rows: SpectrumRow[] = [];
    const isSame = this.sum !== null && this.sum.scale === scale && isSameTuning(this.sum.first, look);
    if (this.sum !== null && !(isSame && timeMs - this.sum.fromMs < ROW_INTERVAL_MS)) {
      rows.push(...this.finish());
    }
    this.sum ??= { first: look, scale, powers: new Float64Array(look.bins), fromMs: timeMs, looks: 0 };
    const { powers } = this.sum;
    for (let k = 0; k < look.bins; k++) powers[k] += mean[k];
    this.sum.looks++;
    return rows;
  }

  finish(): SpectrumRow[] {
    if (this.sum === null) return [];
    const { first, scale, powers, fromMs, looks } = this.sum;
    this.sum = null;
    return [
      rowOf(
        first,
        scale,
        powers.map((power) => power / looks),
        fromMs,
      ),
    ];
  }
}

function isSameTuning(one: PowerSpectrum, other: PowerSpectrum): boolean {
  return one.startHz === other.startHz && one.stepHz === other.stepHz && one.bins === other.bins;
}

/** 127.5 dB from the lowest level up; what lies over it saturates. */
function rowOf(
  look: PowerSpectrum,
  { unit, offsetsDb }: Scale,
  powers: ArrayLike<number>,
  timeMs: number,
): SpectrumRow {
  const levels = levelsOf(powers, offsetsDb);
  let lowest = Number.POSITIVE_INFINITY;
  for (const level of levels) if (level < lowest) lowest = level;
  // A dead bin (no power at all) must not take the whole range.
  const minLevel = Math.floor(Math.max(lowest, highest(levels) - 255 * LEVEL_STEP_DB));
  const bytes = new Uint8Array(levels.length);
  for (let k = 0; k < levels.length; k++) {
    bytes[k] = Math.max(0, Math.min(255, Math.round((levels[k] - minLevel) / LEVEL_STEP_DB)));
  }
  const { receiver, startHz, stepHz } = look;
  return { receiver, timeMs, startHz, stepHz, unit, minLevel, levelStepDb: LEVEL_STEP_DB, levels: bytes };
}

function highest(levels: Float32Array): number {
  let level = Number.NEGATIVE_INFINITY;
  for (const value of levels) if (value > level) level = value;
  return level;
}

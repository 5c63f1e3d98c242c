import type { Calibration, CalibrationFlag, CalibrationPoint, CalibrationUse } from '../core/calibration.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import type { LevelUnit } from '../core/units.ts';

/** Of a table's column at a frequency. */
export interface Interpolated {
  readonly value: number;
  /** The frequency lies outside of the table: the value of its nearest end. */
  readonly extrapolated: boolean;
}

type Column = 'levelOffsetDb' | 'antennaFactorDbPerM' | 'cableLossDb';

/** Linear in log f between neighbours, the edge's value beyond; null without a value in the column. */
function alongFrequency(points: readonly CalibrationPoint[], column: Column, hz: number): Interpolated | null {
  const known = points.filter((point) => point[column] !== null).sort((a, b) => a.frequencyHz - b.frequencyHz);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return null;
  if (hz <= first.frequencyHz) return { value: first[column]!, extrapolated: hz < first.frequencyHz };
  if (hz >= last.frequencyHz) return { value: last[column]!, extrapolated: hz > last.frequencyHz };
  const above = known.findIndex((point) => point.frequencyHz >= hz);
  const [low, high] = [known[above - 1]!, known[above]!];
  const share = Math.log(hz / low.frequencyHz) / Math.log(high.frequencyHz / low.frequencyHz);
  return { value: low[column]! + share * (high[column]! - low[column]!), extrapolated: false };
}

/** Rows of each gain, by gain; rows that hold at any gain count as a gain of their own. */
function byGain(points: readonly CalibrationPoint[], column: Column): Map<number | null, CalibrationPoint[]> {
  const groups = new Map<number | null, CalibrationPoint[]>();
  for (const point of points) {
    if (point[column] === null) continue;
    const group = groups.get(point.gainDb);
    if (group === undefined) groups.set(point.gainDb, [point]);
    else group.push(point);
  }
  return groups;
}

/** Gains of the table on both sides of `gainDb`, and how far towards the upper one it lies. */
function neighbours(gains: readonly number[], gainDb: number): { low: number; high: number; share: number } {
  const low = Math.max(...gains.filter((gain) => gain <= gainDb), Number.NEGATIVE_INFINITY);
  const high = Math.min(...gains.filter((gain) => gain >= gainDb), Number.POSITIVE_INFINITY);
  if (low === Number.NEGATIVE_INFINITY) return { low: high, high, share: 0 };
  if (high === Number.POSITIVE_INFINITY || high === low) return { low, high: low, share: 0 };
  return { low, high, share: (gainDb - low) / (high - low) };
}

export interface LevelOffset {
  readonly db: number;
  readonly flags: readonly CalibrationFlag[];
}

/**
 * What to add to a level that the receiver reads at this frequency and gain, dB; null where the table does not say.
 * Rows of the same gain go before rows of any gain; between two gains it is linear in dB.
 */
export function levelOffsetDb(
  points: readonly CalibrationPoint[],
  hz: number,
  gainDb: number | null,
): LevelOffset | null {
  const groups = byGain(points, 'levelOffsetDb');
  const anyGain = groups.get(null);
  const gains = [...groups.keys()].filter((gain) => gain !== null).sort((a, b) => a - b);
  const ofRows = (rows: readonly CalibrationPoint[], flags: CalibrationFlag[]): LevelOffset => {
    const { value, extrapolated } = alongFrequency(rows, 'levelOffsetDb', hz)!;
    return { db: value, flags: extrapolated ? [...flags, 'extrapolated'] : flags };
  };
  if (gains.length === 0) return anyGain === undefined ? null : ofRows(anyGain, []);
  if (gainDb === null) {
    if (anyGain !== undefined) return ofRows(anyGain, []);
    // Of several gains none can be told to be the one in use.
    return gains.length === 1 ? ofRows(groups.get(gains[0]!)!, ['gain-assumed']) : null;
  }
  const { low, high, share } = neighbours(gains, gainDb);
  const outside = gainDb < low - 0.05 || gainDb > high + 0.05;
  if (outside && anyGain !== undefined) return ofRows(anyGain, []);
  const lower = ofRows(groups.get(low)!, outside ? ['gain-extrapolated'] : []);
  const upper = ofRows(groups.get(high)!, []);
  const flags = [...new Set([...lower.flags, ...upper.flags])];
  return { db: lower.db + share * (upper.db - lower.db), flags };
}

/** 10·log10(Z) + 90 at Z = 50 Ω: a level of 0 dBm is this voltage, dBµV. */
const DBUV_OF_0_DBM = 10 * Math.log10(50) + 90;

/**
 * Field strength at the antenna, dBµV/m, from the level at the receiver's input, dBm:
 *
 *     E = P + 106.99 (50 Ω) + cable loss + antenna factor
 *
 * (ITU Handbook on Spectrum Monitoring, 4.4). Null where the calibration has no antenna factor.
 */
export function fieldStrengthDbuVM(
  levelDbm: number,
  frequencyHz: number,
  calibration: Pick<Calibration, 'points'>,
): { readonly dbuVM: number; readonly extrapolated: boolean } | null {
  const factor = alongFrequency(calibration.points, 'antennaFactorDbPerM', frequencyHz);
  if (factor === null) return null;
  const loss = alongFrequency(calibration.points, 'cableLossDb', frequencyHz);
  return {
    dbuVM: levelDbm + DBUV_OF_0_DBM + (loss?.value ?? 0) + factor.value,
    extrapolated: factor.extrapolated || (loss?.extrapolated ?? false),
  };
}

/** The same look on true frequencies. Powers are shared, not copied. */
export function onTrueFrequencies(look: PowerSpectrum, correctionPpm: number | null): PowerSpectrum {
  if (correctionPpm === null || correctionPpm === 0) return look;
  const factor = 1 + correctionPpm * 1e-6;
  return {
    ...look,
    startHz: look.startHz * factor,
    stepHz: look.stepHz * factor,
    rbwHz: look.rbwHz * factor,
    centerHz: look.centerHz === null ? null : look.centerHz * factor,
  };
}

/** How the levels of one tuning become those of the calibration. Detection knows nothing of it: it works on ratios. */
export interface LevelScale {
  readonly unit: LevelUnit;
  /** One a bin; null where nothing is added. */
  readonly offsetsDb: Float32Array | null;
  at(hz: number): { readonly offsetDb: number; readonly use: CalibrationUse | null };
}

export interface ScaleInputs {
  readonly calibration: Calibration | null;
  /** `info.calibrationOffsetDb`. */
  readonly ownOffsetDb: number | null;
  readonly gainDb: number | null;
  readonly nowMs: number;
}

type Grid = Pick<PowerSpectrum, 'startHz' | 'stepHz' | 'bins' | 'unit'>;

/** Offsets are smooth and a wide sweep has thousands of bins: the table is asked at about so many, or at each 5 % of frequency. */
const MOST_KNOTS = 32;
const KNOT_RATIO = 1.05;

/**
 * The office's calibration goes before the receiver's own word. That word turns dBFS and dB into dBm; a receiver that
 * sends dBm has applied it already. Field strengths are left alone: what made them knew its antenna.
 */
export function levelScale(grid: Grid, { calibration, ownOffsetDb, gainDb, nowMs }: ScaleInputs): LevelScale {
  const ppm = calibration?.frequencyCorrectionPpm ?? null;
  const expired: CalibrationFlag[] =
    calibration !== null && calibration.validUntilMs !== null && nowMs > calibration.validUntilMs ? ['expired'] : [];
  const office = (hz: number) =>
    calibration === null || grid.unit === 'dBuV/m' ? null : levelOffsetDb(calibration.points, hz, gainDb);
  const middleHz = grid.startHz + ((grid.bins - 1) * grid.stepHz) / 2;
  if (office(middleHz) !== null) {
    return {
      unit: 'dBm',
      offsetsDb: binOffsets(grid, calibration!.points, (hz) => office(hz)!.db),
      at(hz) {
        const { db, flags } = office(hz)!;
        const use = { levelOffsetDb: db, frequencyCorrectionPpm: ppm, flags: [...expired, ...flags] };
        return { offsetDb: db, use: { id: calibration!.id, ...use } };
      },
    };
  }
  const own = (grid.unit === 'dBFS' || grid.unit === 'dB') && ownOffsetDb !== null ? ownOffsetDb : null;
  const id = ppm === null ? null : calibration!.id;
  const flags = ppm === null ? [] : expired;
  const isUsed = own !== null || ppm !== null;
  const use = isUsed ? { id, levelOffsetDb: own, frequencyCorrectionPpm: ppm, flags } : null;
  return {
    unit: own === null ? grid.unit : 'dBm',
    offsetsDb: own === null ? null : new Float32Array(grid.bins).fill(own),
    at: () => ({ offsetDb: own ?? 0, use }),
  };
}

/** Bins at which the table is asked: its own corners, and as many between as its curve in log f needs. */
function knots({ startHz, stepHz, bins }: Grid, points: readonly CalibrationPoint[]): number[] {
  const last = bins - 1;
  const stride = Math.ceil(last / MOST_KNOTS);
  const found = new Set([0, last]);
  for (let k = 0; k < last; ) {
    const further = Math.ceil(((startHz + k * stepHz) * KNOT_RATIO - startHz) / stepHz);
    k = Math.min(last, k + stride, Math.max(k + 1, further));
    found.add(k);
  }
  for (const { frequencyHz } of points) {
    const at = (frequencyHz - startHz) / stepHz;
    for (const k of [Math.floor(at), Math.ceil(at)]) if (k > 0 && k < last) found.add(k);
  }
  return [...found].sort((a, b) => a - b);
}

/** Straight lines between the knots. */
function binOffsets(grid: Grid, points: readonly CalibrationPoint[], at: (hz: number) => number): Float32Array {
  const offsets = new Float32Array(grid.bins);
  let from = 0;
  let low = at(grid.startHz);
  offsets[0] = low;
  for (const to of knots(grid, points)) {
    const high = at(grid.startHz + to * grid.stepHz);
    for (let k = from + 1; k <= to; k++) offsets[k] = low + ((high - low) * (k - from)) / (to - from);
    from = to;
    low = high;
  }
  return offsets;
}

/** Keeps the scale of the tuning in use, so that a look costs a comparison. */
export class LevelScales {
  #key = '';
  #calibration: Calibration | null = null;
  #scale: LevelScale | null = null;

  of(grid: Grid, inputs: ScaleInputs): LevelScale {
    const { calibration, ownOffsetDb, gainDb, nowMs } = inputs;
    const isExpired = nowMs > (calibration?.validUntilMs ?? Number.POSITIVE_INFINITY);
    const key = `${grid.startHz} ${grid.stepHz} ${grid.bins} ${grid.unit} ${gainDb} ${ownOffsetDb} ${isExpired}`;
    if (this.#scale === null || key !== this.#key || calibration !== this.#calibration) {
      this.#key = key;
      this.#calibration = calibration;
      this.#scale = levelScale(grid, inputs);
    }
    return this.#scale;
  }
}

import type { Calibration } from '../core/calibration.ts';
import type { IqBlock } from '../core/frames.ts';
import type { EmissionMeasurement, RdsReading } from '../core/measurement.ts';
import type { Log } from '../core/ports.ts';
import type { EmissionRecord } from '../core/records.ts';
import { powerFromDb } from '../core/units.ts';
import type { LevelScale } from '../spectrum/calibration.ts';
import type { RecordChange } from './emission-ledger.ts';
import type { Estimation } from './estimation.ts';
import type { MeasurementTask } from './measurement.ts';
import { RecentBlocks } from './recent-blocks.ts';

export interface MeterDeps {
  readonly receiver: string;
  readonly measure: NonNullable<Estimation['measure']>;
  readonly log: Log;
  readonly done: (id: string, measurement: EmissionMeasurement, at: MeasuredLook) => void;
}

/** The look whose emissions are to be measured. */
export interface MeasuredLook {
  readonly block: Pick<IqBlock, 'timeNs' | 'centerHz' | 'sampleRateHz'>;
  readonly startMs: number;
  readonly endMs: number;
  readonly frequencyCorrectionPpm: number | null;
  readonly scale: LevelScale;
  readonly calibration: Calibration | null;
}

/** A receiver's emissions are measured so often in all: what it costs has an end. */
const MEASUREMENTS_PER_SECOND = 2;
/** So much IQ makes a measurement, and so much is worth the first one of what goes on. */
const STRETCH_SECONDS = 0.5;
const FIRST_SECONDS = 0.2;
/** Wide emissions tell as much in less time: at three values a hertz of the band no more than so many pairs. */
const MOST_PAIRS = 2 ** 19;
const PAIRS_PER_HZ = 3;
/** Blocks on their way through the estimator are remembered as well. */
const REMEMBERED_SECONDS = 1;
/** From one measurement of an emission to the next; the last one goes on. */
const INTERVALS_MS = [1_500, 10_000, 60_000];
const LEAST_SNR_DB = 6;
/** Measurements asked for and not done; beyond it nothing is begun. */
const MOST_WAITING = 4;
/** Emissions whose times are kept; of the one measured longest ago it is forgotten that it was. */
const MOST_FOLLOWED = 5_000;

interface Course {
  measuredMs: number;
  times: number;
}

/**
 * Decides which emissions of one receiver are measured when: each soon after it came up, again after 1.5 s and 10 s and
 * then every minute; those never measured first, two a second in all, one after the other. What finds no turn waits.
 * When is decided by the time of the looks: the same stream gives the same measurements.
 */
export class EmissionMeter {
  private readonly deps: MeterDeps;
  private readonly recent = new RecentBlocks(REMEMBERED_SECONDS);
  private readonly courses = new Map<string, Course>();
  private allowance = MEASUREMENTS_PER_SECOND;
  private allowedMs = 0;
  private order: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(deps: MeterDeps) {
    this.deps = deps;
  }

  /** Before the block's samples are given away. */
  remember(block: IqBlock): void {
    this.recent.remember(block);
  }

  looked(changes: readonly RecordChange[], look: MeasuredLook): void {
    for (const { change, record } of changes) if (change === 'closed') this.courses.delete(record.id);
    const passedMs = Math.max(0, look.endMs - this.allowedMs);
    this.allowance = Math.min(MEASUREMENTS_PER_SECOND, this.allowance + (passedMs / 1_000) * MEASUREMENTS_PER_SECOND);
    this.allowedMs = look.endMs;
    if (this.waiting >= MOST_WAITING || this.allowance < 1) return;
    const [record] = changes
      .filter(({ change, record }) => change !== 'closed' && this.isDue(record, look))
      .map(({ record }) => record)
      .sort((a, b) => this.timesOf(a) - this.timesOf(b) || b.snrDb - a.snrDb);
    if (record !== undefined) this.begin(record, look);
  }

  /** What was begun is done. */
  async idle(): Promise<void> {
    await this.order;
  }

  private timesOf({ id }: EmissionRecord): number {
    return this.courses.get(id)?.times ?? 0;
  }

  private isDue(record: EmissionRecord, { startMs, endMs }: MeasuredLook): boolean {
    if (record.artefact !== null || record.snrDb < LEAST_SNR_DB || record.lastSeenMs < startMs) return false;
    const course = this.courses.get(record.id);
    if (course === undefined) return !record.onAir || endMs - record.firstSeenMs >= FIRST_SECONDS * 1_000;
    return endMs - course.measuredMs >= INTERVALS_MS[Math.min(course.times, INTERVALS_MS.length) - 1];
  }

  private begin(record: EmissionRecord, look: MeasuredLook): void {
    const widthHz = Math.max(1, record.highHz - record.lowHz);
    const seconds = Math.min(STRETCH_SECONDS + 0.05, MOST_PAIRS / (PAIRS_PER_HZ * widthHz));
    const blocks = this.recent.until(look.block.timeNs, record.firstSeenMs, seconds);
    if (blocks.length === 0) return;
    const times = this.timesOf(record) + 1;
    this.courses.delete(record.id);
    const [oldest] = this.courses.keys();
    if (this.courses.size >= MOST_FOLLOWED && oldest !== undefined) this.courses.delete(oldest);
    this.courses.set(record.id, { measuredMs: look.endMs, times });
    this.allowance -= 1;
    this.waiting++;
    const task = taskOf(record, blocks, look);
    this.order = this.order
      .then(() => this.run(record.id, task, look))
      .finally(() => {
        this.recent.giveBack(blocks);
        this.waiting--;
      });
  }

  private async run(id: string, task: MeasurementTask, look: MeasuredLook): Promise<void> {
    try {
      const [measurement] = await this.deps.measure(task);
      if (measurement !== null) this.deps.done(id, measurement, look);
    } catch (error) {
      this.deps.log.error({ receiver: this.deps.receiver, error: String(error) }, 'an emission could not be measured');
    }
  }
}

function taskOf(record: EmissionRecord, blocks: readonly IqBlock[], look: MeasuredLook): MeasurementTask {
  const factor = 1 + (look.frequencyCorrectionPpm ?? 0) * 1e-6;
  const { lowHz, highHz } = record;
  const level = record.level - look.scale.at(record.centerHz).offsetDb;
  return {
    blocks: blocks.map(({ format, samples, pairs }) => ({ format, samples, pairs })),
    timeMs: Number(blocks[0].timeNs) / 1e6,
    centerHz: look.block.centerHz * factor,
    sampleRateHz: look.block.sampleRateHz * factor,
    targets: [{ lowHz, highHz, noiseDensity: powerFromDb(level - record.snrDb) / Math.max(1, highHz - lowHz) }],
  };
}

/**
 * Which of two measurements stands: the later one, but a pause of speech does not make a carrier of a transmission, and
 * a stretch in which nothing could be told does not undo one in which it could. The letters of a name add up.
 */
export function standing(before: EmissionMeasurement | null, now: EmissionMeasurement): EmissionMeasurement {
  if (before === null) return now;
  const rds = joinedRds(before.rds, now.rds);
  const saysLess =
    (now.modulation === 'unknown' && before.modulation !== 'unknown') ||
    (now.modulation === 'unmodulated' && (before.modulation === 'am' || before.modulation === 'nfm'));
  return saysLess ? before : { ...now, rds };
}

function joinedRds(before: RdsReading | null, now: RdsReading | null): RdsReading | null {
  if (now === null || before === null) return now ?? before;
  if (now.pi !== before.pi || before.name === null) return now;
  const name =
    now.name === null ? before.name : [...now.name].map((c, i) => (c === '_' ? before.name![i] : c)).join('');
  return { ...now, name };
}

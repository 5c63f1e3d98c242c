import { BandwardenError } from '../../core/errors.ts';
import type { Sweep } from '../../core/frames.ts';
import type { SweepBatch, SweepReader } from '../../formats/sweep-reader.ts';
import { formatTimeNs } from '../../formats/times.ts';
import type { FileFormat, Recording, RecordingOptions, SweepCapture } from './recording.ts';
import type { RecordingFile } from './recording-file.ts';

/** Up to so much a log is kept in memory after it was looked through; a longer one is read again. */
const KEPT_POINTS = 2 ** 22;
const KEPT_SWEEPS = 100_000;
/** Spans of one log, and their points together: a scanner has a few spans, a broken file one a line. */
const MOST_SPANS = 64;
const MOST_POINTS = 2 ** 21;

/** What a log counts its damage in. */
export type DamageUnit = 'byte' | 'line' | 'file';

export interface SweepLog {
  readonly format: FileFormat;
  readonly damageUnit: DamageUnit;
  /** A new reader: the log may be read more than once. */
  readonly reader: () => SweepReader;
}

/** Sweeps of one span, as they were counted when the log was looked through. */
interface Span {
  readonly first: Sweep;
  count: number;
  /** Sum of the linear power, and highest level, of each point. */
  readonly powerSums: Float64Array;
  readonly highest: Float32Array;
  latestNs: bigint;
  latestSeconds: number | null;
}

/** Looks a sweep log through. Throws `unreadable` where no sweep in it is whole. Takes over `file`. */
export async function openSweepLog(file: RecordingFile, log: SweepLog, options: RecordingOptions): Promise<Recording> {
  const recording = new SweepRecording(file, log);
  await recording.lookThrough(options);
  return recording;
}

class SweepRecording implements Recording {
  readonly file: string;
  readonly format: FileFormat;
  readonly bytesTotal: number;
  captures: readonly SweepCapture[] = [];
  rejected = 0;
  filledLevels = 0;
  readonly #file: RecordingFile;
  readonly #log: SweepLog;
  readonly #spans = new Map<string, Span>();
  #kept: Sweep[] | null = [];
  #keptPoints = 0;
  #spanPoints = 0;
  #firstDetail: string | null = null;

  constructor(file: RecordingFile, log: SweepLog) {
    this.file = file.path;
    this.format = log.format;
    this.bytesTotal = file.bytes;
    this.#file = file;
    this.#log = log;
  }

  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  get complaint(): string | null {
    if (this.#firstDetail === null) return null;
    const unit = `${this.#log.damageUnit}${this.rejected === 1 ? '' : 's'}`;
    return `${this.file}: ${this.rejected} ${unit} left out: ${this.#firstDetail}`;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async lookThrough(options: RecordingOptions): Promise<void> {
    for await (const batch of this.#batches()) {
      for (const reject of batch.rejects) {
        this.rejected += reject.count;
        this.#firstDetail ??= reject.detail;
      }
      for (const sweep of batch.sweeps) this.#count(sweep);
      this.filledLevels += batch.filledLevels;
      options.onProgress?.(this.#file.bytesRead, this.bytesTotal);
    }
    if (this.#spans.size === 0) {
      const why = this.#firstDetail === null ? '' : `: ${this.#firstDetail}`;
      throw new BandwardenError('unreadable', `${this.file}: no whole sweep, expected ${this.format}${why}`);
    }
    this.captures = [...this.#spans].map(([key, span]) => this.#capture(key, span));
  }

  async *#batches(): AsyncGenerator<SweepBatch> {
    const reader = this.#log.reader();
    for await (const chunk of this.#file.chunks()) yield reader.push(chunk);
    yield reader.finish();
  }

  #count(sweep: Sweep): void {
    const key = spanKey(sweep);
    let span = this.#spans.get(key);
    if (span === undefined) {
      this.#spanPoints += sweep.powers.length;
      if (this.#spans.size === MOST_SPANS || this.#spanPoints > MOST_POINTS) {
        this.#spanPoints -= sweep.powers.length;
        this.rejected += 1;
        this.#firstDetail ??= `sweeps of more than ${MOST_SPANS} different spans`;
        return;
      }
      span = newSpan(sweep);
      this.#spans.set(key, span);
    }
    this.#keep(sweep);
    span.count += 1;
    if (sweep.timeNs >= span.latestNs) {
      span.latestNs = sweep.timeNs;
      span.latestSeconds = sweep.durationSeconds;
    }
    const { powerSums, highest } = span;
    for (let i = 0; i < highest.length; i += 1) {
      const level = sweep.powers[i]!;
      powerSums[i]! += Math.exp((Math.LN10 / 10) * level);
      if (level > highest[i]!) highest[i] = level;
    }
  }

  #keep(sweep: Sweep): void {
    if (this.#kept === null) return;
    this.#keptPoints += sweep.powers.length;
    if (this.#keptPoints > KEPT_POINTS || this.#kept.length >= KEPT_SWEEPS) this.#kept = null;
    else this.#kept.push(sweep);
  }

  #capture(key: string, span: Span): SweepCapture {
    const { startHz, stepHz, powers, timeNs, unit } = span.first;
    const peak = indexOfGreatest(span.powerSums);
    const betweenSeconds = Number(span.latestNs - timeNs) / 1e9;
    const lastSeconds = span.latestSeconds ?? (span.count > 1 ? betweenSeconds / (span.count - 1) : 0);
    return {
      kind: 'sweep',
      count: span.count,
      points: powers.length,
      startHz,
      stopHz: startHz + (powers.length - 1) * stepHz,
      stepHz,
      peakHz: startHz + peak * stepHz,
      peakLevel: span.highest[peak]!,
      unit,
      startTime: timeNs === 0n ? null : formatTimeNs(timeNs),
      durationSeconds: betweenSeconds + lastSeconds,
      sweeps: () => this.#sweeps(key),
    };
  }

  async *#sweeps(key: string): AsyncGenerator<Sweep> {
    if (this.#kept !== null) {
      this.#file.bytesRead = this.bytesTotal;
      for (const sweep of this.#kept) if (spanKey(sweep) === key) yield sweep;
      return;
    }
    for await (const batch of this.#batches()) {
      for (const sweep of batch.sweeps) if (spanKey(sweep) === key) yield sweep;
    }
  }
}

function newSpan(first: Sweep): Span {
  return {
    first,
    count: 0,
    powerSums: new Float64Array(first.powers.length),
    highest: new Float32Array(first.powers.length).fill(Number.NEGATIVE_INFINITY),
    latestNs: first.timeNs,
    latestSeconds: null,
  };
}

function indexOfGreatest(values: Float64Array): number {
  let greatest = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[greatest]!) greatest = i;
  return greatest;
}

function spanKey(sweep: Sweep): string {
  return `${sweep.startHz} ${sweep.stepHz} ${sweep.powers.length} ${sweep.unit}`;
}

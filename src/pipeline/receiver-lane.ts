import type { RegisterIndex } from '../analysis/register-match.ts';
import type { Calibration } from '../core/calibration.ts';
import type { Frame, IqBlock } from '../core/frames.ts';
import type { EmissionMeasurement } from '../core/measurement.ts';
import type { Log } from '../core/ports.ts';
import type { EmissionRecord, ReceiverInfo } from '../core/records.ts';
import type { PowerSpectrum, WindowName } from '../core/spectrum.ts';
import { EmissionDetector } from '../detection/emission-detector.ts';
import { type LevelScale, LevelScales, onTrueFrequencies } from '../spectrum/calibration.ts';
import { planEstimation } from '../spectrum/plan.ts';
import { spectrumFromSweep } from '../spectrum/sweep-spectrum.ts';
import { EmissionLedger, type RecordChange } from './emission-ledger.ts';
import { EmissionMeter, type MeasuredLook, standing } from './emission-meter.ts';
import type { Estimation } from './estimation.ts';
import { FrameQueue } from './frame-queue.ts';
import { rowStatistics } from './kernel-file.ts';
import { completed } from './measurement-record.ts';

export interface LaneOptions {
  readonly queueBlocks: number;
  readonly falseAlarmProbability: number;
  readonly window: WindowName;
  readonly overlap: number;
}

/** A look that went through detection. */
export interface LaneLook {
  /** On true frequencies; its powers and its unit are as the receiver read them. */
  readonly look: PowerSpectrum;
  /** What makes true levels of them. */
  readonly scale: LevelScale;
  readonly frequencyCorrectionPpm: number | null;
  readonly kind: Frame['kind'];
  /** null for sweeps without one. */
  readonly sequence: number | null;
  readonly sampleRateHz: number | null;
  readonly startMs: number;
  /** Time of the last sample in it. */
  readonly endMs: number;
  readonly gnssTime: boolean;
  /** In the unit of `scale`. */
  readonly noiseFloor: number | null;
  readonly changes: readonly RecordChange[];
}

export interface LaneDeps {
  readonly receiver: string;
  readonly options: LaneOptions;
  readonly estimation: Estimation;
  readonly log: Log;
  readonly register: () => RegisterIndex;
  readonly info: () => ReceiverInfo | null;
  /** What was heard shortly before the start of the service. */
  readonly known?: readonly EmissionRecord[];
  readonly calibration?: () => Calibration | null;
  /** Called for each look, in the order of the frames. */
  readonly looked: (look: LaneLook) => void;
  readonly dropped: (blocks: number) => void;
  /** A measurement came to a record; its emission may have changed since the look that it was made in. */
  readonly measured?: (record: EmissionRecord) => void;
}

/** Blocks of one receiver under estimation at once: enough to keep the threads busy, few enough to drop late. */
const MOST_UNDER_WAY = 4;
/** A look this much before the one before it comes from a clock that was set back: the stream begins anew. */
const BACKWARDS_MS = 1_000;

/** The way of one receiver's frames: queue, estimation in threads, then detection here, in order. */
export class ReceiverLane {
  private readonly deps: LaneDeps;
  private readonly queue: FrameQueue;
  private detector: EmissionDetector;
  private readonly ledger: EmissionLedger;
  private readonly scales = new LevelScales();
  /** null where nobody measures. */
  private readonly meter: EmissionMeter | null;
  /** What the detector was made for: spurs and the correction of frequencies. */
  private made = '';
  private underWay = 0;
  private lastStartMs = Number.NEGATIVE_INFINITY;
  private order: Promise<void> = Promise.resolve();

  constructor(deps: LaneDeps) {
    this.deps = deps;
    this.queue = new FrameQueue(deps.options.queueBlocks);
    this.ledger = new EmissionLedger(deps.receiver, deps.known);
    this.detector = this.newDetector();
    const { receiver, log, estimation } = deps;
    const measure = estimation.measure?.bind(estimation);
    this.meter = measure
      ? new EmissionMeter({ receiver, log, measure, done: (...measured) => this.measured(...measured) })
      : null;
  }

  take(frame: Frame): void {
    const dropped = this.queue.push(frame);
    if (dropped > 0) this.deps.dropped(dropped);
    this.pump();
  }

  onAir(): EmissionRecord[] {
    return this.ledger.onAir();
  }

  /** The receiver has gone offline. */
  allOffAir(): RecordChange[] {
    return this.ledger.allOffAir();
  }

  /** All frames taken so far have been looked at. */
  async idle(): Promise<void> {
    while (this.underWay > 0 || this.queue.length > 0) await this.order;
    await this.meter?.idle();
  }

  private pump(): void {
    while (this.underWay < MOST_UNDER_WAY) {
      const frame = this.queue.shift();
      if (frame === null) return;
      this.underWay++;
      const estimated = this.estimate(frame);
      // Heard below, in order; a rejection before its turn must not count as unhandled.
      estimated.catch(() => undefined);
      this.order = this.order.then(() => this.settle(frame, estimated));
    }
  }

  private async estimate(frame: Frame): Promise<PowerSpectrum> {
    if (frame.kind === 'sweep') return spectrumFromSweep(frame);
    const { window, overlap } = this.deps.options;
    this.meter?.remember(frame);
    const plan = planEstimation(frame.sampleRateHz, null, { window, overlap });
    return this.deps.estimation.estimate({ block: frame, plan });
  }

  private async settle(frame: Frame, estimated: Promise<PowerSpectrum>): Promise<void> {
    try {
      this.detect(frame, await estimated);
    } catch (error) {
      this.queue.markGap();
      this.deps.dropped(1);
      this.deps.log.error({ receiver: this.deps.receiver, error: String(error) }, 'a block could not be analysed');
    } finally {
      this.underWay--;
      this.pump();
    }
  }

  private detect(frame: Frame, estimated: PowerSpectrum): void {
    const startMs = Number(frame.timeNs) / 1e6;
    const endMs = startMs + secondsOf(frame) * 1_000;
    const calibration = this.deps.calibration?.() ?? null;
    const frequencyCorrectionPpm = calibration?.frequencyCorrectionPpm ?? null;
    const look = onTrueFrequencies(estimated, frequencyCorrectionPpm);
    const ownOffsetDb = this.deps.info()?.calibrationOffsetDb ?? null;
    const scale = this.scales.of(look, { calibration, ownOffsetDb, gainDb: look.gainDb ?? null, nowMs: endMs });
    this.restartIfNeeded(startMs);
    const changes = this.detector.push(look);
    const epochMs = Number(this.detector.epochNs ?? frame.timeNs) / 1e6;
    const context = {
      look,
      epochMs,
      startMs,
      endMs,
      scale,
      register: this.deps.register(),
      location: this.deps.info()?.location ?? null,
    };
    const records = this.ledger.apply(changes, context);
    if (frame.kind === 'iq') {
      this.meter?.looked(records, { block: frame, startMs, endMs, frequencyCorrectionPpm, scale, calibration });
    }
    const floor = this.detector.noiseFloorDb();
    const middleHz = look.startHz + ((look.bins - 1) * look.stepHz) / 2;
    this.deps.looked({
      look,
      scale,
      frequencyCorrectionPpm,
      kind: frame.kind,
      sequence: frame.sequence,
      sampleRateHz: frame.kind === 'iq' ? frame.sampleRateHz : null,
      startMs,
      endMs,
      gnssTime: frame.kind === 'iq' && frame.gnssTime,
      noiseFloor: floor === null ? null : floor + scale.at(middleHz).offsetDb,
      changes: records,
    });
  }

  private measured(id: string, measurement: EmissionMeasurement, { scale, calibration }: MeasuredLook): void {
    const register = this.deps.register();
    const record = this.ledger.measured(id, (known) =>
      standing(known.measurement ?? null, completed(measurement, known, { scale, calibration, register })),
    );
    if (record !== null) this.deps.measured?.(record);
  }

  /** A clock set back, other spurs or other frequencies: the detector begins anew, and hears again what it followed. */
  private restartIfNeeded(startMs: number): void {
    const isBack = startMs < this.lastStartMs - BACKWARDS_MS;
    this.lastStartMs = startMs;
    if (!isBack && this.wanted() === this.made) return;
    this.ledger.beginAnew(startMs);
    this.detector = this.newDetector();
  }

  /** On true frequencies. */
  private spursHz(): number[] {
    const factor = 1 + this.correctionPpm() * 1e-6;
    return (this.deps.info()?.spursHz ?? []).map((hz) => hz * factor);
  }

  private wanted(): string {
    return [this.correctionPpm(), ...this.spursHz()].join(' ');
  }

  private correctionPpm(): number {
    return this.deps.calibration?.()?.frequencyCorrectionPpm ?? 0;
  }

  private newDetector(): EmissionDetector {
    const spursHz = this.spursHz();
    this.made = this.wanted();
    const { falseAlarmProbability } = this.deps.options;
    return new EmissionDetector({ falseAlarmProbability, spursHz, statistics: rowStatistics() });
  }
}

function secondsOf(frame: Frame): number {
  return frame.kind === 'iq' ? iqSeconds(frame) : (frame.durationSeconds ?? 0);
}

function iqSeconds({ pairs, sampleRateHz }: IqBlock): number {
  return pairs / sampleRateHz;
}

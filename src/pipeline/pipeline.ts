import { ruleFor, type Sighting } from '../alerts/sighting.ts';
import { RegisterIndex } from '../analysis/register-match.ts';
import type { Calibration } from '../core/calibration.ts';
import type { Frame } from '../core/frames.ts';
import type { Log, Store } from '../core/ports.ts';
import type { Assignment, EmissionRecord, ReceiverInfo, SpectrumRow } from '../core/records.ts';
import type { RecordChange } from './emission-ledger.ts';
import { EmissionWriter } from './emission-writer.ts';
import type { Estimation } from './estimation.ts';
import type { LiveHub } from './live-hub.ts';
import { type LaneLook, type LaneOptions, ReceiverLane } from './receiver-lane.ts';
import { liveSpectrumOf, meanOfRows, SpectrumRecorder } from './spectrum-recorder.ts';

export interface PipelineDeps {
  readonly options: LaneOptions;
  readonly estimation: Estimation;
  readonly store: Pick<Store, 'emissions' | 'spectra'>;
  readonly hub: LiveHub;
  readonly log: Log;
  readonly infoOf: (receiver: string) => ReceiverInfo | null;
  readonly calibrationOf?: (receiver: string) => Calibration | null;
  /** What may be a matter for a person. */
  readonly observe: (sighting: Sighting) => void;
  /** Taken in by the detector (`iq`) or stored (`sweep`). */
  readonly acknowledge: (receiver: string, kind: Frame['kind'], sequence: number) => void;
  readonly dropped: (receiver: string, blocks: number) => void;
  readonly looked: (look: LaneLook) => void;
}

/** Emissions on the air are stored, and told, this often where nothing turns. */
const STORE_INTERVAL_MS = 10_000;
/** What turns on and off many times a second is stored this often. */
const TURN_INTERVAL_MS = 1_000;
const TELL_INTERVAL_MS = 1_000;

interface Lane {
  readonly lane: ReceiverLane;
  readonly recorder: SpectrumRecorder;
  readonly pace: Map<string, Pace>;
  /** Emissions that turned since they were stored. */
  readonly unsaved: Map<string, EmissionRecord>;
}

/** When an emission was last stored and told, by the time of its looks. */
interface Pace {
  storedMs: number;
  toldMs: number;
  stored: Promise<void>;
  /** The latest sighting, which waits until the record is stored. */
  sighting: Sighting | null;
}

/** The only place that knows what follows what: frames, looks, emissions, records, alerts. */
export class Pipeline {
  private readonly deps: PipelineDeps;
  private readonly lanes = new Map<string, Lane>();
  private readonly known = new Map<string, EmissionRecord[]>();
  private readonly writer: EmissionWriter;
  private register = new RegisterIndex([]);
  private samples = 0;
  private frames = 0;
  private droppedBlocks = 0;
  /** Rows being stored; awaited at the end. */
  private readonly storing = new Set<Promise<unknown>>();

  constructor(deps: PipelineDeps) {
    this.deps = deps;
    this.writer = new EmissionWriter(deps.store.emissions, deps.log);
  }

  get totals(): { readonly samples: number; readonly frames: number; readonly blocksDropped: number } {
    return { samples: this.samples, frames: this.frames, blocksDropped: this.droppedBlocks };
  }

  get registerIndex(): RegisterIndex {
    return this.register;
  }

  setRegister(rows: readonly Assignment[]): void {
    this.register = new RegisterIndex(rows);
  }

  /** What the runs before heard last, before the first frame comes: what goes on keeps its id. */
  remember(records: readonly EmissionRecord[]): void {
    for (const record of records) {
      const known = this.known.get(record.receiver);
      if (known === undefined) this.known.set(record.receiver, [record]);
      else known.push(record);
    }
  }

  take(frame: Frame): void {
    this.frames++;
    if (frame.kind === 'iq') this.samples += frame.pairs;
    this.laneOf(frame.receiver).lane.take(frame);
  }

  /** Emissions on the air now. */
  onAir(): EmissionRecord[] {
    return [...this.lanes.values()].flatMap(({ lane }) => lane.onAir());
  }

  /** A receiver went offline: what it heard last is not known to be on the air. */
  receiverGone(receiver: string, nowMs: number): void {
    const lane = this.lanes.get(receiver);
    if (lane === undefined) return;
    for (const change of lane.lane.allOffAir()) {
      this.follow(lane, change, nowMs);
      this.save(lane, change.record, nowMs);
    }
  }

  /** Finishes what was taken and stores what is not yet stored; from here on nothing is known to be on the air. */
  async stop(): Promise<void> {
    for (const lane of this.lanes.values()) {
      await lane.lane.idle();
      for (const row of lane.recorder.finish()) void this.keepRow(row);
      for (const { record } of lane.lane.allOffAir()) lane.unsaved.set(record.id, record);
      for (const record of lane.unsaved.values()) void this.writer.write(record);
    }
    await this.writer.stop();
    await Promise.all(this.storing);
  }

  private laneOf(receiver: string): Lane {
    const known = this.lanes.get(receiver);
    if (known !== undefined) return known;
    const lane: Lane = {
      recorder: new SpectrumRecorder(),
      pace: new Map(),
      unsaved: new Map(),
      lane: new ReceiverLane({
        receiver,
        options: this.deps.options,
        estimation: this.deps.estimation,
        log: this.deps.log,
        register: () => this.register,
        info: () => this.deps.infoOf(receiver),
        known: this.known.get(receiver) ?? [],
        calibration: () => this.deps.calibrationOf?.(receiver) ?? null,
        looked: (look) => this.looked(lane, look),
        dropped: (blocks) => {
          this.droppedBlocks += blocks;
          this.deps.dropped(receiver, blocks);
        },
        measured: (record) => {
          lane.unsaved.set(record.id, record);
          this.deps.hub.emit('emission', record);
        },
      }),
    };
    this.lanes.set(receiver, lane);
    return lane;
  }

  private looked(lane: Lane, laneLook: LaneLook): void {
    const { look, scale, kind, sequence, endMs, changes } = laneLook;
    // First what may be urgent.
    for (const change of changes) this.follow(lane, change, endMs);
    for (const record of lane.unsaved.values()) {
      if (endMs - paceOf(lane, record).storedMs >= TURN_INTERVAL_MS) this.save(lane, record, endMs);
    }
    this.deps.looked(laneLook);
    const mean = meanOfRows(look);
    this.deps.hub.emit('spectrum', liveSpectrumOf(look, scale, mean, endMs));
    const rows = lane.recorder.add(look, mean, laneLook.startMs, scale);
    const stored = rows.map((row) => this.keepRow(row));
    if (sequence === null) return;
    const { receiver } = look;
    if (kind === 'iq') this.deps.acknowledge(receiver, 'iq', sequence);
    else
      void Promise.all(stored).then((safe) => safe.every(Boolean) && this.deps.acknowledge(receiver, kind, sequence));
  }

  private follow(lane: Lane, { record, change, looks, turned, service }: RecordChange, evidenceMs: number): void {
    const pace = paceOf(lane, record);
    if (turned || lane.unsaved.has(record.id)) lane.unsaved.set(record.id, record);
    if (change !== 'updated' || evidenceMs - pace.storedMs >= STORE_INTERVAL_MS) this.save(lane, record, evidenceMs);
    if (turned || evidenceMs - pace.toldMs >= TELL_INTERVAL_MS) {
      pace.toldMs = evidenceMs;
      this.deps.hub.emit('emission', record);
    }
    if (turned || ruleFor(record) !== null) {
      this.observeStored(pace, { record, looks, ended: change === 'closed', evidenceMs, service });
    }
    if (change === 'closed') lane.pace.delete(record.id);
  }

  private save(lane: Lane, record: EmissionRecord, nowMs: number): void {
    const pace = paceOf(lane, record);
    pace.storedMs = nowMs;
    pace.stored = this.writer.write(record);
    lane.unsaved.delete(record.id);
  }

  /** The record that an alert names must be there before the alert is; of the sightings until then the last counts. */
  private observeStored(pace: Pace, sighting: Sighting): void {
    const isWaiting = pace.sighting !== null;
    pace.sighting = sighting;
    if (isWaiting) return;
    void pace.stored.then(() => {
      const latest = pace.sighting;
      pace.sighting = null;
      if (latest !== null) this.deps.observe(latest);
    });
  }

  /** Resolves to whether it was stored. */
  private keepRow(row: SpectrumRow): Promise<boolean> {
    const stored = this.deps.store.spectra.put([row]).then(
      () => true,
      (error: unknown) => {
        this.deps.log.error({ receiver: row.receiver, error: String(error) }, 'a spectrum could not be stored');
        return false;
      },
    );
    this.storing.add(stored);
    void stored.then(() => this.storing.delete(stored));
    return stored;
  }
}

function paceOf(lane: Lane, { id }: EmissionRecord): Pace {
  let pace = lane.pace.get(id);
  if (pace === undefined) {
    const never = Number.NEGATIVE_INFINITY;
    pace = { storedMs: never, toldMs: never, stored: Promise.resolve(), sighting: null };
    lane.pace.set(id, pace);
  }
  return pace;
}

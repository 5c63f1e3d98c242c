import type { DriverSink } from '../core/driver.ts';
import { BandwardenError } from '../core/errors.ts';
import type { Frame, Reject, RejectReason } from '../core/frames.ts';
import type { Clock, Log, ReceiverDesk, Store } from '../core/ports.ts';
import type { FoundPort, ReceiverInfo, ReceiverRecord, ReceiverStatus } from '../core/records.ts';
import { faultOf } from './frame-check.ts';
import { KeptReceiver, type LookFigures } from './kept-receiver.ts';

export interface ReceiverKeeperDeps {
  readonly store: Pick<Store, 'receivers' | 'receiverCredentials'>;
  readonly clock: Clock;
  readonly log: Log;
  /** A frame of an approved receiver. */
  readonly take: (frame: Frame) => void;
  /** A receiver's state or figures changed; at most once a second each, but a new state at once. */
  readonly tell: (status: ReceiverStatus) => void;
  /** A person had it forgotten. */
  readonly forgotten?: (id: string) => void;
}

/** A receiver of the configuration or of the demonstration. */
export interface KnownReceiver {
  readonly id: string;
  readonly name: string | null;
  readonly approved: boolean;
  readonly location: ReceiverRecord['info']['location'];
}

/** Names that may wait for approval: an open broker must not fill the store with invented ones. */
const MOST_UNAPPROVED = 256;
const TICK_MS = 1_000;
const LOG_INTERVAL_MS = 10_000;

/** Keeps the receivers: who they are, whether they are there, and that only sane frames of approved ones go on. */
export class ReceiverKeeper implements DriverSink, ReceiverDesk {
  private readonly deps: ReceiverKeeperDeps;
  private readonly receivers = new Map<string, KeptReceiver>();
  private readonly rejects = new Map<RejectReason, number>();
  private timer: NodeJS.Timeout | null = null;
  private lastRejectLogMs = Number.NEGATIVE_INFINITY;

  private constructor(deps: ReceiverKeeperDeps) {
    this.deps = deps;
  }

  /** Takes up what is stored; what `known` says of approval, name and place goes before it. */
  static async open(deps: ReceiverKeeperDeps, known: readonly KnownReceiver[]): Promise<ReceiverKeeper> {
    const keeper = new ReceiverKeeper(deps);
    for (const record of await deps.store.receivers.list()) keeper.receivers.set(record.id, new KeptReceiver(record));
    for (const { id, name, approved, location } of known) {
      const kept = keeper.receivers.get(id) ?? new KeptReceiver(newRecord(id));
      kept.record = {
        ...kept.record,
        // What a person refused stays so until a person thinks otherwise.
        approved: approved && !kept.record.refused,
        name: name ?? kept.record.name,
        info: { ...kept.record.info, location: location ?? kept.record.info.location },
      };
      kept.fixedLocation = location;
      kept.fixed = { name: name !== null };
      keeper.receivers.set(id, kept);
      await deps.store.receivers.put(kept.record);
    }
    keeper.timer = setInterval(() => keeper.tick(), TICK_MS).unref();
    return keeper;
  }

  list(): ReceiverStatus[] {
    const nowMs = this.deps.clock.nowMs();
    return [...this.receivers.values()].map((kept) => kept.status(nowMs));
  }

  /** Those that were found at ports of this machine. */
  found(): Array<{ readonly id: string; readonly found: FoundPort; readonly approved: boolean }> {
    return [...this.receivers.values()].flatMap(({ record: { id, found, approved } }) =>
      found ? { id, found, approved } : [],
    );
  }

  /** A device at a port that nobody knows yet: it waits for approval, under the first free id of `names`. */
  offer(names: Iterable<string>, found: FoundPort, model: string): string | null {
    const nowMs = this.deps.clock.nowMs();
    for (const id of names) {
      if (this.receivers.has(id)) continue;
      const kept = this.keptFor(id, nowMs);
      if (kept === null) return null;
      kept.record = { ...kept.record, found, info: { ...kept.record.info, model } };
      kept.dirty = true;
      return id;
    }
    return null;
  }

  infoOf(id: string): ReceiverInfo | null {
    return this.receivers.get(id)?.record.info ?? null;
  }

  rejectedTotals(): Partial<Record<RejectReason, number>> {
    return Object.fromEntries(this.rejects);
  }

  async approve(id: string, approved: boolean): Promise<ReceiverStatus> {
    return this.change(id, { approved, refused: !approved });
  }

  async rename(id: string, name: string): Promise<ReceiverStatus> {
    if (this.existing(id).fixed?.name) {
      throw new BandwardenError('conflict', `${id} has its name from the configuration; change it there`);
    }
    return this.change(id, { name: name.trim() === '' ? id : name.trim() });
  }

  async forget(id: string): Promise<void> {
    if (this.existing(id).fixed !== null) {
      throw new BandwardenError(
        'conflict',
        `${id} is in the configuration; take it out there, or withdraw its approval`,
      );
    }
    await this.deps.store.receivers.remove(id);
    this.receivers.delete(id);
    this.deps.forgotten?.(id);
  }

  private existing(id: string): KeptReceiver {
    const kept = this.receivers.get(id);
    if (kept === undefined) throw new BandwardenError('not-found', `there is no receiver ${id}`);
    return kept;
  }

  private async change(id: string, change: Partial<ReceiverRecord>): Promise<ReceiverStatus> {
    const kept = this.existing(id);
    await this.deps.store.receivers.put({ ...kept.record, ...change });
    kept.record = { ...kept.record, ...change };
    const status = kept.status(this.deps.clock.nowMs());
    this.deps.tell(status);
    return status;
  }

  frame(frame: Frame): void {
    const nowMs = this.deps.clock.nowMs();
    const kept = this.keptFor(frame.receiver, nowMs);
    if (kept === null || kept.wait(frame)) return;
    if (!kept.record.approved) {
      this.rejected(frame.receiver, { reason: 'not-approved', detail: 'the receiver waits for approval' });
      return;
    }
    const fault = faultOf(frame, nowMs);
    if (fault !== null) {
      this.rejected(frame.receiver, fault);
      return;
    }
    kept.count(frame, nowMs);
    this.deps.take(frame);
  }

  info(receiver: string, info: ReceiverInfo): void {
    const kept = this.keptFor(receiver, this.deps.clock.nowMs());
    if (kept === null) return;
    kept.record = { ...kept.record, info: { ...info, location: kept.fixedLocation ?? info.location } };
    kept.dirty = true;
  }

  status(receiver: string, status: 'online' | 'offline', detail?: string): void {
    const nowMs = this.deps.clock.nowMs();
    const kept = this.keptFor(receiver, nowMs);
    if (kept === null) return;
    kept.presence.status(status, nowMs);
    kept.detail = detail ?? null;
    this.tellIfChanged(kept, nowMs, true);
  }

  rejected(receiver: string | null, reject: Reject, count = 1): void {
    this.rejects.set(reject.reason, (this.rejects.get(reject.reason) ?? 0) + count);
    const kept = receiver === null ? undefined : this.receivers.get(receiver);
    if (kept !== undefined) kept.packetsRejected += count;
    const nowMs = this.deps.clock.nowMs();
    if (nowMs - this.lastRejectLogMs < LOG_INTERVAL_MS) return;
    this.lastRejectLogMs = nowMs;
    this.deps.log.warn({ receiver, ...reject }, 'a packet was not taken');
  }

  lost(receiver: string, packets: number): void {
    const kept = this.receivers.get(receiver);
    if (kept !== undefined) kept.packetsLost += packets;
  }

  /** Blocks that the pipeline's queue let go. */
  dropped(receiver: string, blocks: number): void {
    const kept = this.receivers.get(receiver);
    if (kept !== undefined) kept.blocksDropped += blocks;
  }

  /** What the pipeline's last look of a receiver showed. */
  looked(receiver: string, figures: LookFigures): void {
    const kept = this.receivers.get(receiver);
    if (kept !== undefined) kept.figures = figures;
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    for (const kept of this.receivers.values()) {
      if (kept.dirty || kept.lastFrameMs !== null) await this.deps.store.receivers.put(kept.record);
    }
  }

  private keptFor(id: string, nowMs: number): KeptReceiver | null {
    const known = this.receivers.get(id);
    if (known !== undefined) return known;
    const unapproved = [...this.receivers.values()].filter(({ record }) => !record.approved).length;
    if (unapproved >= MOST_UNAPPROVED) {
      this.rejected(null, { reason: 'not-approved', detail: `${unapproved} receivers wait for approval already` });
      return null;
    }
    const kept = new KeptReceiver({ ...newRecord(id), firstSeenMs: nowMs, lastSeenMs: nowMs });
    this.receivers.set(id, kept);
    void this.lookUp(kept);
    return kept;
  }

  /** A receiver that came up while the service runs: `receiver add` may have made it known meanwhile. */
  private async lookUp(kept: KeptReceiver): Promise<void> {
    const { id } = kept.record;
    const { receivers, receiverCredentials } = this.deps.store;
    kept.waiting = [];
    try {
      const [stored, credentials] = await Promise.all([receivers.get(id), receiverCredentials.get(id)]);
      // What the receiver said of itself while it was looked up is newer than what is stored.
      const info = kept.dirty ? kept.record.info : (stored?.info ?? kept.record.info);
      kept.record = { ...kept.record, ...(stored ?? { approved: credentials !== null }), info };
    } catch (error) {
      this.deps.log.error({ receiver: id, error: String(error) }, 'a receiver could not be looked up');
    }
    if (!kept.record.approved) this.deps.log.info({ receiver: id }, 'a receiver that nobody knows waits for approval');
    this.save(kept);
    this.tellIfChanged(kept, this.deps.clock.nowMs(), true);
    const { waiting } = kept;
    kept.waiting = null;
    for (const frame of waiting ?? []) this.frame(frame);
  }

  private tick(): void {
    const nowMs = this.deps.clock.nowMs();
    for (const kept of this.receivers.values()) {
      this.tellIfChanged(kept, nowMs, false);
      if (kept.dirty || kept.isDue(nowMs)) this.save(kept);
    }
  }

  private tellIfChanged(kept: KeptReceiver, nowMs: number, now: boolean): void {
    const status = kept.status(nowMs);
    if (!kept.hasNews(status, now)) return;
    this.deps.tell(status);
  }

  private save(kept: KeptReceiver): void {
    kept.savedMs = this.deps.clock.nowMs();
    kept.dirty = false;
    this.deps.store.receivers.put(kept.record).catch((error: unknown) => {
      this.deps.log.error({ receiver: kept.record.id, error: String(error) }, 'a receiver could not be stored');
    });
  }
}

function newRecord(id: string): ReceiverRecord {
  return {
    id,
    name: id,
    approved: false,
    info: {
      model: null,
      serial: null,
      location: null,
      antenna: null,
      calibrationOffsetDb: null,
      spursHz: [],
      ranges: [],
    },
    firstSeenMs: null,
    lastSeenMs: null,
  };
}

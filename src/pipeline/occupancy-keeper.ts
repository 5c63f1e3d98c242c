import { bandShare, counted, estimateOccupancy, NOTHING_COUNTED, type OccupancyCounts } from '../analysis/occupancy.ts';
import type { RegisterIndex } from '../analysis/register-match.ts';
import type { OccupancyKind, OccupancyQuery, OccupancyReading, OccupancyRow } from '../core/occupancy.ts';
import type { Log, OccupancyDesk, Store } from '../core/ports.ts';
import type { EmissionRecord } from '../core/records.ts';
import type { LaneLook } from './receiver-lane.ts';

export interface OccupancyKeeperDeps {
  readonly store: Store['occupancy'];
  readonly log: Log;
  readonly register: () => RegisterIndex;
}

const HOUR_MS = 3_600_000;
/** At a power cut so much is lost. */
const WRITE_MS = 60_000;
/** A look that begins later than this after the one before does not follow it: what was between is not known. */
const GAP_MS = 2_000;
/** Channels and emissions followed at once; beyond it those of nobody are not counted. */
const MOST_FOLLOWED = 5_000;
/** Tunings of all receivers; the one that was not looked at for longest is let go. */
const MOST_WATCHES = 4_000;
/** Rows that wait for a store that fails; past that the oldest are dropped. */
const MOST_WAITING = 20_000;

interface Followed {
  readonly kind: OccupancyKind;
  readonly name: string;
  readonly lowHz: number;
  readonly highHz: number;
  counts: OccupancyCounts;
  seconds: number;
  last: boolean | null;
  lastMs: number;
}

interface Watch {
  hourMs: number;
  register: RegisterIndex | null;
  readonly followed: Map<string, Followed>;
}

/**
 * Counts, look by look, in which channels a receiver found an emission: each look is one sample of every assigned
 * channel whose middle half it holds, and of every emission of nobody's. Written every minute as what was added, an hour a row.
 */
export class OccupancyKeeper implements OccupancyDesk {
  private readonly deps: OccupancyKeeperDeps;
  /** By receiver and tuning. */
  private readonly watches = new Map<string, Watch>();
  private waiting: OccupancyRow[] = [];
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(deps: OccupancyKeeperDeps) {
    this.deps = deps;
    this.timer = setInterval(() => void this.write(), WRITE_MS).unref();
  }

  looked({ look, startMs, endMs, changes }: LaneLook): void {
    const { receiver, startHz, stepHz, bins } = look;
    const key = `${receiver} ${startHz} ${stepHz} ${bins}`;
    const hourMs = Math.floor(startMs / HOUR_MS) * HOUR_MS;
    const watch = this.watches.get(key) ?? { hourMs, register: null, followed: new Map<string, Followed>() };
    this.watches.delete(key);
    this.watches.set(key, watch);
    this.forget();
    if (watch.hourMs !== hourMs) this.take(receiver, watch, hourMs);
    const active = changes
      .filter(({ change, record }) => change !== 'closed' && record.artefact === null && record.lastSeenMs >= startMs)
      .map(({ record }) => record);
    const band = { lowHz: startHz - stepHz / 2, highHz: startHz + (bins - 0.5) * stepHz };
    this.follow(watch, band, active);
    for (const item of watch.followed.values()) sample(item, active, startMs, endMs);
  }

  async find(query: OccupancyQuery): Promise<OccupancyReading[]> {
    await this.write();
    return (await this.deps.store.find(query)).map(readingOf);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  private forget(): void {
    const [oldest] = this.watches;
    if (this.watches.size <= MOST_WATCHES || oldest === undefined) return;
    const [key, watch] = oldest;
    this.take(receiverOf(key), watch, watch.hourMs);
    this.watches.delete(key);
  }

  private follow(watch: Watch, band: { readonly lowHz: number; readonly highHz: number }, active: EmissionRecord[]) {
    const register = this.deps.register();
    if (watch.register !== register) {
      watch.register = register;
      add(watch, { kind: 'band', name: '', ...band });
      for (const { id, kind, centerHz, bandwidthHz } of register.overlapping(band.lowHz, band.highHz)) {
        const channel = { lowHz: centerHz - bandwidthHz / 2, highHz: centerHz + bandwidthHz / 2 };
        // Its edges may lie outside: an emission in it is heard all the same.
        const isWithin = centerHz - bandwidthHz / 4 >= band.lowHz && centerHz + bandwidthHz / 4 <= band.highHz;
        if (kind === 'assignment' && isWithin) add(watch, { kind: 'channel', name: id, ...channel });
      }
    }
    for (const { id, assignment, lowHz, highHz } of active) {
      if (assignment === null) add(watch, { kind: 'emission', name: id, lowHz, highHz });
    }
  }

  /** What was counted up to now becomes rows; emissions that were silent are let go with the hour. */
  private take(receiver: string, watch: Watch, hourMs: number): void {
    for (const [key, item] of watch.followed) {
      const { kind, name, lowHz, highHz, counts, seconds } = item;
      if (counts.samples > 0) {
        this.waiting.push({ receiver, hourMs: watch.hourMs, kind, name, lowHz, highHz, seconds, ...counts });
      } else if (kind === 'emission') watch.followed.delete(key);
      if (watch.hourMs !== hourMs && kind === 'emission' && counts.occupied === 0) watch.followed.delete(key);
      item.counts = NOTHING_COUNTED;
      item.seconds = 0;
    }
    watch.hourMs = hourMs;
  }

  private write(): Promise<void> {
    for (const [key, watch] of this.watches) this.take(receiverOf(key), watch, watch.hourMs);
    const rows = this.waiting;
    this.waiting = [];
    if (rows.length > 0) this.writing = this.writing.then(() => this.add(rows));
    return this.writing;
  }

  private async add(rows: OccupancyRow[]): Promise<void> {
    try {
      await this.deps.store.add(rows);
    } catch (error) {
      this.deps.log.error({ error: String(error), rows: rows.length }, 'occupancy could not be stored; trying again');
      this.waiting = [...rows, ...this.waiting].slice(-MOST_WAITING);
    }
  }
}

/** A receiver's id has no space. */
function receiverOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

type Item = Pick<Followed, 'kind' | 'name' | 'lowHz' | 'highHz'>;

function add({ followed }: Watch, item: Item): void {
  const key = `${item.kind} ${item.name}`;
  if (followed.has(key) || (followed.size >= MOST_FOLLOWED && item.kind === 'emission')) return;
  followed.set(key, { ...item, counts: NOTHING_COUNTED, seconds: 0, last: null, lastMs: Number.NEGATIVE_INFINITY });
}

function sample(item: Followed, active: readonly EmissionRecord[], startMs: number, endMs: number): void {
  const before = startMs - item.lastMs > GAP_MS ? null : item.last;
  item.seconds += (endMs - startMs) / 1_000;
  item.lastMs = endMs;
  if (item.kind === 'band') {
    const { samples, occupied } = item.counts;
    const share = bandShare(active, item.lowHz, item.highHz);
    item.counts = { ...item.counts, samples: samples + 1, occupied: occupied + share };
    return;
  }
  const is = active.some((record) => isIn(record, item));
  item.counts = counted(item.counts, is, before);
  item.last = is;
}

/** An emission occupies a channel where its middle lies in it, or where it covers the channel's middle. */
function isIn(record: EmissionRecord, { kind, name, lowHz, highHz }: Followed): boolean {
  if (kind === 'emission') return record.id === name;
  const middleHz = (lowHz + highHz) / 2;
  const holds = record.centerHz >= lowHz && record.centerHz <= highHz;
  return holds || (record.lowHz <= middleHz && record.highHz >= middleHz);
}

/** A band's samples are shares of it, whose spread is not kept: no interval. */
function readingOf(row: OccupancyRow): OccupancyReading {
  const estimate = estimateOccupancy(row);
  const isBand = row.kind === 'band' || estimate === null;
  return {
    ...row,
    occupancyPct: row.samples > 0 ? (100 * row.occupied) / row.samples : 0,
    lowPct: isBand ? null : 100 * estimate.low,
    highPct: isBand ? null : 100 * estimate.high,
    effectiveSamples: isBand ? null : estimate.effectiveSamples,
  };
}

import type { RegisterIndex } from '../analysis/register-match.ts';
import type { Emission } from '../core/emission.ts';
import type { EmissionMeasurement } from '../core/measurement.ts';
import type { Assignment, EmissionRecord, Location } from '../core/records.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import type { EmissionChange } from '../detection/emission-detector.ts';
import type { LevelScale } from '../spectrum/calibration.ts';
import { apartHz, EmissionMemory, type Remembered, SILENCE_MS } from './emission-memory.ts';

/** A change of an emission as the service keeps it. */
export interface RecordChange {
  readonly record: EmissionRecord;
  readonly change: EmissionChange['change'];
  /** Looks in which it was on the air so far. */
  readonly looks: number;
  /** Something turned: it opened, closed, went on or off the air, or its verdict is another. */
  readonly turned: boolean;
  /** The radio service of its band; empty where unknown. */
  readonly service: string;
}

/** What the ledger needs to know beside the detector's changes. */
export interface LookContext {
  readonly look: PowerSpectrum;
  /** Makes true levels of the detector's. */
  readonly scale: LevelScale;
  /** Time of the detector's second 0, and of the look's begin and end, ms since 1970. */
  readonly epochMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly register: RegisterIndex;
  readonly location: Location | null;
}

/** A record, and the detector's emissions that it is made of: one for each tuning in which it was heard. */
interface Entry {
  record: EmissionRecord;
  /** What it had before these parts. */
  readonly before: Pick<EmissionRecord, 'firstSeenMs' | 'activeSeconds' | 'bursts'> | null;
  readonly parts: Map<number, Part>;
  looks: number;
  touchedMs: number;
}

interface Part {
  readonly tuning: string;
  /** Its first transmission is the last one of another part, which went on while nobody looked. */
  readonly goesOn: boolean;
  readonly activeSeconds: number;
  readonly bursts: number;
  /** The detector has closed it. */
  readonly isOver: boolean;
}

/** Not seen for this long where the receiver looks, an emission is off the air; sweeps are given three of theirs. */
const GONE_MS = 500;
const GONE_SWEEPS = 3;
/** Where the receiver does not look any more nothing is known: after this long it does not count as on the air. */
const UNKNOWN_MS = 60_000;
/** How far the nearest row of the register may lie to tell the service of a band. */
const NEIGHBOURHOOD_HZ = 5e6;

/** Turns the detector's emissions of one receiver into records that stay the same over restarts and tunings. */
export class EmissionLedger {
  private readonly receiver: string;
  private readonly entries = new Map<number, Entry>();
  private readonly memory: EmissionMemory;
  /** The present tuning, and since when it is watched; '' before the first look of a stream. */
  private tuning = '';
  private watchedFromMs = 0;

  /** @param known what the run before left */
  constructor(receiver: string, known: readonly EmissionRecord[] = []) {
    this.receiver = receiver;
    this.memory = new EmissionMemory(known);
  }

  onAir(): EmissionRecord[] {
    return this.records().filter(({ onAir }) => onAir);
  }

  apply(changes: readonly EmissionChange[], context: LookContext): RecordChange[] {
    this.watch(context);
    const resumed = this.resume(changes, context);
    const told = changes.flatMap((change) => this.change(change, context, resumed.get(change.emission.id) ?? null));
    return [...told, ...this.gone(context), ...this.forgotten(context)];
  }

  /** Puts a measurement to its record; null where the record is gone meanwhile. */
  measured(id: string, measure: (record: EmissionRecord) => EmissionMeasurement): EmissionRecord | null {
    const entry = [...this.entries.values()].find(({ record }) => record.id === id);
    if (entry === undefined) return null;
    entry.record = { ...entry.record, measurement: measure(entry.record) };
    return entry.record;
  }

  /** The receiver is gone: nothing of it is known to be on the air. */
  allOffAir(): RecordChange[] {
    const followed = [...new Set(this.entries.values())].filter(({ record }) => record.onAir);
    const left = [...this.memory.all()].filter(({ record }) => record.onAir);
    return [...followed.map((entry) => offAir(entry)), ...left.map(({ record }) => this.leftOffAir(record))];
  }

  /** The detector begins anew: what it hears in their bands goes on under their ids. */
  beginAnew(nowMs: number): void {
    for (const { record } of new Set(this.entries.values())) this.memory.keep(record, nowMs);
    this.entries.clear();
    this.tuning = '';
  }

  private records(): EmissionRecord[] {
    const followed = [...new Set(this.entries.values())].map(({ record }) => record);
    return [...followed, ...[...this.memory.all()].map(({ record }) => record)];
  }

  private watch({ look, startMs }: LookContext): void {
    const tuning = tuningOf(look);
    if (tuning === this.tuning) return;
    if (this.tuning === '') this.memory.anchor(startMs);
    this.tuning = tuning;
    this.watchedFromMs = startMs;
  }

  /** Of what is heard for the first time here: what it was before, the nearest first, each once. */
  private resume(changes: readonly EmissionChange[], context: LookContext): Map<number, Entry | Remembered> {
    const pairs = changes.flatMap(({ change, emission }) => {
      if (change === 'closed' || this.entries.has(emission.id)) return [];
      const firstSeenMs = context.epochMs + emission.startSeconds * 1_000;
      const others = [...new Set(this.entries.values())].filter(({ parts }) => !isIn(parts, this.tuning));
      return [...others, ...this.memory.within(firstSeenMs)].flatMap((known) => {
        const hz = apartHz(known.record, emission);
        return hz === null ? [] : [{ id: emission.id, known, hz }];
      });
    });
    const resumed = new Map<number, Entry | Remembered>();
    const taken = new Set<Entry | Remembered>();
    for (const { id, known } of pairs.sort((a, b) => a.hz - b.hz)) {
      if (resumed.has(id) || taken.has(known)) continue;
      resumed.set(id, known);
      taken.add(known);
    }
    return resumed;
  }

  private change(
    { change, emission }: EmissionChange,
    context: LookContext,
    resumed: Entry | Remembered | null,
  ): RecordChange[] {
    const known = this.entries.get(emission.id);
    if (known !== undefined && change === 'closed' && this.isFollowedElsewhere(known, emission.id)) return [];
    const entry = known ?? this.open(emission, context, resumed);
    const before = known === undefined && resumed === null ? null : entry.record;
    this.count(entry, emission, context);
    entry.record = this.recordOf(emission, context, entry);
    const { record } = entry;
    const turned =
      known === undefined ||
      change !== 'updated' ||
      before?.onAir !== record.onAir ||
      before?.verdict !== record.verdict;
    entry.touchedMs = context.endMs;
    if (change !== 'closed') entry.looks++;
    else {
      this.entries.delete(emission.id);
      this.memory.keep({ ...record, onAir: false }, null);
    }
    return [{ record, change, looks: entry.looks, turned, service: serviceNear(context.register, record.centerHz) }];
  }

  /** Silent in one tuning; another still follows it. */
  private isFollowedElsewhere({ parts }: Entry, id: number): boolean {
    const part = parts.get(id);
    if (part === undefined) return false;
    parts.set(id, { ...part, isOver: true });
    const isFollowed = [...parts.values()].some(({ isOver }) => !isOver);
    if (isFollowed) this.entries.delete(id);
    return isFollowed;
  }

  private open(emission: Emission, context: LookContext, resumed: Entry | Remembered | null): Entry {
    const entry = entryOf(resumed) ?? {
      record: this.recordOf(emission, context, null),
      before: null,
      parts: new Map<number, Part>(),
      looks: seenBefore(emission, context) ? 1 : 0,
      touchedMs: context.endMs,
    };
    if (resumed !== null) this.memory.forget(entry.record.id);
    this.entries.set(emission.id, entry);
    return entry;
  }

  private count(entry: Entry, { id, startSeconds, activeSeconds, bursts }: Emission, context: LookContext): void {
    const isFirst = entry.parts.size === 0 && entry.before === null;
    const sinceWatched = context.epochMs + startSeconds * 1_000 <= this.watchedFromMs + 1;
    const goesOn = entry.parts.get(id)?.goesOn ?? (!isFirst && sinceWatched);
    entry.parts.set(id, { tuning: tuningOf(context.look), goesOn, activeSeconds, bursts, isOver: false });
  }

  private recordOf(emission: Emission, context: LookContext, entry: Entry | null): EmissionRecord {
    const { id, startSeconds, stopSeconds, ...read } = emission;
    const { offsetDb, use } = context.scale.at(read.centerHz);
    const calibrated = use === null ? {} : { calibration: use };
    const rest = { ...read, level: read.level + offsetDb, unit: context.scale.unit, ...calibrated };
    const firstSeenMs = context.epochMs + startSeconds * 1_000;
    const lastSeenMs = context.epochMs + stopSeconds * 1_000;
    const { verdict, assignment, reasons } = context.register.match(emission, {
      timeMs: lastSeenMs,
      location: context.location,
    });
    const recordId = entry?.record.id ?? `${this.receiver}-${Math.floor(firstSeenMs).toString(36)}-${id}`;
    const own = { id: recordId, receiver: this.receiver, firstSeenMs, lastSeenMs, verdict, assignment, reasons };
    if (entry === null) return { ...rest, ...own };
    const { measurement } = entry.record;
    return { ...rest, ...own, ...(measurement ? { measurement } : {}), ...totalsOf(entry, own) };
  }

  /** What nobody follows any more is off the air soon, and over when it has been silent for long. */
  private forgotten({ endMs }: LookContext): RecordChange[] {
    const told: RecordChange[] = [];
    for (const { record, seenMs, leftMs } of this.memory.all()) {
      if (leftMs !== null && record.onAir && Math.abs(endMs - leftMs) > GONE_MS) told.push(this.leftOffAir(record));
      if (endMs - seenMs <= SILENCE_MS) continue;
      this.memory.forget(record.id);
      if (leftMs !== null) told.push({ record, change: 'closed', looks: 1, turned: true, service: '' });
    }
    return told;
  }

  private leftOffAir(known: EmissionRecord): RecordChange {
    const record = { ...known, onAir: false };
    this.memory.update(record);
    return { record, change: 'updated', looks: 1, turned: true, service: '' };
  }

  /** The detector is silent about what went off the air between two looks: its time says so. */
  private gone({ look, endMs, startMs }: LookContext): RecordChange[] {
    const highHz = look.startHz + (look.bins - 1) * look.stepHz;
    const patienceMs = look.method === null ? Math.max(GONE_MS, GONE_SWEEPS * (endMs - startMs)) : GONE_MS;
    const gone: RecordChange[] = [];
    for (const entry of new Set(this.entries.values())) {
      const { record, touchedMs } = entry;
      if (!record.onAir || touchedMs === endMs) continue;
      const isWatched = record.centerHz >= look.startHz && record.centerHz <= highHz;
      if (endMs - touchedMs > (isWatched ? patienceMs : UNKNOWN_MS)) gone.push(offAir(entry));
    }
    return gone;
  }
}

function tuningOf({ startHz, stepHz, bins }: PowerSpectrum): string {
  return `${startHz} ${stepHz} ${bins}`;
}

function isIn(parts: ReadonlyMap<number, Part>, tuning: string): boolean {
  return [...parts.values()].some((part) => part.tuning === tuning && !part.isOver);
}

function entryOf(resumed: Entry | Remembered | null): Entry | null {
  if (resumed === null || 'parts' in resumed) return resumed;
  const { record, seenMs } = resumed;
  return { record, before: record, parts: new Map(), looks: 1, touchedMs: seenMs };
}

/** Of all parts together. */
function totalsOf({ before, parts, record }: Entry, latest: Pick<EmissionRecord, 'firstSeenMs' | 'lastSeenMs'>) {
  let activeSeconds = before?.activeSeconds ?? 0;
  let bursts = before?.bursts ?? 0;
  for (const part of parts.values()) {
    activeSeconds += part.activeSeconds;
    bursts += part.bursts - (part.goesOn ? 1 : 0);
  }
  const firstSeenMs = Math.min(record.firstSeenMs, latest.firstSeenMs);
  // Only parts of one stream share a clock.
  const lastSeenMs = parts.size > 1 ? Math.max(record.lastSeenMs, latest.lastSeenMs) : latest.lastSeenMs;
  return { activeSeconds, bursts, firstSeenMs, lastSeenMs };
}

function offAir(entry: Entry): RecordChange {
  entry.record = { ...entry.record, onAir: false };
  return { record: entry.record, change: 'updated', looks: entry.looks, turned: true, service: '' };
}

/** A weak emission is opened by its second look: the first one counts as well. */
function seenBefore(emission: Emission, { epochMs, startMs }: LookContext): boolean {
  return epochMs + emission.startSeconds * 1_000 < startMs - 1;
}

export function serviceNear(register: RegisterIndex, hz: number): string {
  let nearest: Assignment | null = null;
  for (const row of register.overlapping(hz - NEIGHBOURHOOD_HZ, hz + NEIGHBOURHOOD_HZ)) {
    if (nearest === null || edgeDistanceHz(row, hz) < edgeDistanceHz(nearest, hz)) nearest = row;
  }
  return nearest?.service ?? '';
}

function edgeDistanceHz({ centerHz, bandwidthHz }: Assignment, hz: number): number {
  return Math.max(0, Math.abs(centerHz - hz) - bandwidthHz / 2);
}

import type { RegisterIndex } from '../analysis/register-match.ts';
import type { Emission } from '../core/emission.ts';
import type { Assignment, EmissionRecord, Location } from '../core/records.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import type { EmissionChange } from '../detection/emission-detector.ts';
import type { LevelScale } from '../spectrum/calibration.ts';

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

interface Entry {
  record: EmissionRecord;
  looks: number;
  touchedMs: number;
}

/** Not seen for this long where the receiver looks, an emission is off the air; sweeps are given three of theirs. */
const GONE_MS = 500;
const GONE_SWEEPS = 3;
/** Where the receiver does not look any more nothing is known: after this long it does not count as on the air. */
const UNKNOWN_MS = 60_000;
/** How far the nearest row of the register may lie to tell the service of a band. */
const NEIGHBOURHOOD_HZ = 5e6;

/** Turns the detector's emissions of one receiver into records that stay the same over restarts. */
export class EmissionLedger {
  private readonly receiver: string;
  private readonly entries = new Map<number, Entry>();

  constructor(receiver: string) {
    this.receiver = receiver;
  }

  onAir(): EmissionRecord[] {
    return [...this.entries.values()].filter(({ record }) => record.onAir).map(({ record }) => record);
  }

  apply(changes: readonly EmissionChange[], context: LookContext): RecordChange[] {
    const told = changes.map((change) => this.change(change, context));
    return [...told, ...this.gone(context)];
  }

  /** The receiver is gone: nothing of it is known to be on the air. */
  allOffAir(): RecordChange[] {
    return [...this.entries.values()].filter(({ record }) => record.onAir).map((entry) => offAir(entry));
  }

  /** The detector begins anew: it will never speak of these again. */
  closeAll(): RecordChange[] {
    const closed = [...this.entries.values()].map((entry) => ({ ...offAir(entry), change: 'closed' as const }));
    this.entries.clear();
    return closed;
  }

  private change({ change, emission }: EmissionChange, context: LookContext): RecordChange {
    const before = this.entries.get(emission.id);
    const record = this.recordOf(emission, context, before?.record ?? null);
    const entry = before ?? { record, looks: seenBefore(emission, context) ? 1 : 0, touchedMs: context.endMs };
    const turned =
      before === undefined ||
      change !== 'updated' ||
      before.record.onAir !== record.onAir ||
      before.record.verdict !== record.verdict;
    entry.record = record;
    entry.touchedMs = context.endMs;
    if (change !== 'closed') entry.looks++;
    this.entries.set(emission.id, entry);
    if (change === 'closed') this.entries.delete(emission.id);
    return { record, change, looks: entry.looks, turned, service: serviceNear(context.register, record.centerHz) };
  }

  private recordOf(emission: Emission, context: LookContext, before: EmissionRecord | null): EmissionRecord {
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
    const recordId = before?.id ?? `${this.receiver}-${Math.floor(firstSeenMs).toString(36)}-${id}`;
    return { ...rest, id: recordId, receiver: this.receiver, firstSeenMs, lastSeenMs, verdict, assignment, reasons };
  }

  /** The detector is silent about what went off the air between two looks: its time says so. */
  private gone({ look, endMs, startMs }: LookContext): RecordChange[] {
    const highHz = look.startHz + (look.bins - 1) * look.stepHz;
    const patienceMs = look.method === null ? Math.max(GONE_MS, GONE_SWEEPS * (endMs - startMs)) : GONE_MS;
    const gone: RecordChange[] = [];
    for (const entry of this.entries.values()) {
      const { record, touchedMs } = entry;
      if (!record.onAir || touchedMs === endMs) continue;
      const isWatched = record.centerHz >= look.startHz && record.centerHz <= highHz;
      if (endMs - touchedMs > (isWatched ? patienceMs : UNKNOWN_MS)) gone.push(offAir(entry));
    }
    return gone;
  }
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

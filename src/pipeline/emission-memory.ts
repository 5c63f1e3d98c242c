import type { Emission } from '../core/emission.ts';
import type { EmissionRecord } from '../core/records.ts';

/** Heard again after this long an emission is another one; the detector closes it after the same time. */
export const SILENCE_MS = 600_000;
/** A stream that begins so long before the last one ended comes from a clock that was set back. */
const BACKWARDS_MS = 1_000;
const MOST_REMEMBERED = 4_096;

/** What counts for the frequency of an emission. */
export type Band = Pick<
  Emission,
  'centerHz' | 'lowHz' | 'highHz' | 'occupiedBandwidthHz' | 'rbwHz' | 'kind' | 'artefact'
>;

export interface Remembered {
  readonly record: EmissionRecord;
  /** Its last activity, by the clock of now. */
  seenMs: number;
  /** Since when nobody follows it; null for one of a run before. */
  readonly leftMs: number | null;
}

/**
 * Emissions of one receiver that the detector does not follow any more, or not yet: of the run before, of before the
 * clock was set back, of a tuning that was given up. What is heard in such a band within the silence that ends an
 * emission goes on under its id.
 */
export class EmissionMemory {
  private readonly kept = new Map<string, Remembered>();

  constructor(records: readonly EmissionRecord[] = []) {
    for (const record of records) this.keep(record, null);
  }

  keep(record: EmissionRecord, leftMs: number | null): void {
    if (record.artefact === 'sideband') return;
    this.kept.set(record.id, { record, seenMs: record.lastSeenMs, leftMs });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_REMEMBERED && oldest !== undefined) this.kept.delete(oldest);
  }

  /** The stream goes on at `startMs`: by a clock that was set back, what was heard last was heard right before. */
  anchor(startMs: number): void {
    let newest = Number.NEGATIVE_INFINITY;
    for (const { seenMs } of this.kept.values()) newest = Math.max(newest, seenMs);
    if (startMs >= newest - BACKWARDS_MS) return;
    for (const one of this.kept.values()) one.seenMs += startMs - newest;
  }

  /** Those that something heard since `firstSeenMs` may be. */
  within(firstSeenMs: number): Remembered[] {
    return [...this.kept.values()].filter(({ seenMs }) => Math.abs(firstSeenMs - seenMs) <= SILENCE_MS);
  }

  all(): IterableIterator<Remembered> {
    return this.kept.values();
  }

  update(record: EmissionRecord): void {
    const known = this.kept.get(record.id);
    if (known !== undefined) this.kept.set(record.id, { ...known, record });
  }

  forget(id: string): void {
    this.kept.delete(id);
  }
}

/** Beside two bins each: how far the receiver's oscillator moves over a restart, a share of the frequency. */
const OSCILLATOR_TOLERANCE = 2e-6;
/** One of them seen for a moment only may show this much less of its band. */
const WIDTH_FACTOR = 4;

/** How far apart two bands lie, Hz, where they may be of one emission of one receiver; null where they cannot be. */
export function apartHz(a: Band, b: Band): number | null {
  if (a.artefact !== b.artefact || (a.kind === 'noise') !== (b.kind === 'noise')) return null;
  const rbwHz = Math.max(a.rbwHz, b.rbwHz);
  const [narrow, wide] = [widthHz(a), widthHz(b)].sort((x, y) => x - y);
  if (wide > WIDTH_FACTOR * narrow + 4 * rbwHz) return null;
  const hz = Math.abs(a.centerHz - b.centerHz);
  return hz <= wide / 2 + 2 * rbwHz + OSCILLATOR_TOLERANCE * Math.abs(a.centerHz) ? hz : null;
}

function widthHz(band: Band): number {
  return band.occupiedBandwidthHz ?? band.highHz - band.lowHz;
}

import type { EmissionKind, Verdict } from '../core/emission.ts';
import type { EmissionRecord } from '../core/records.ts';

/** What a receiver's detector says of one emission now. */
export interface Sighting {
  readonly record: EmissionRecord;
  /** Looks of the receiver in which it was on the air so far. */
  readonly looks: number;
  /** It has ended: no more sightings of this emission follow. */
  readonly ended: boolean;
  /** Time of the last sample that went into this. */
  readonly evidenceMs: number;
  /** The radio service of the band; empty where unknown. */
  readonly service: string;
}

interface Rule {
  readonly verdict: Verdict;
  /** Holds for this kind of emission only. */
  readonly kind?: EmissionKind;
  readonly rule: string;
  /** Least time on the air, whatever the configuration says: bandwidth and centre need it to settle. */
  readonly settleSeconds: number;
}

/** Which verdicts are matters for a person. */
const RULES: readonly Rule[] = [
  { verdict: 'unassigned', kind: 'noise', rule: 'wideband-rise', settleSeconds: 0 },
  { verdict: 'unassigned', rule: 'unassigned-emission', settleSeconds: 0 },
  { verdict: 'outside-terms', rule: 'outside-terms', settleSeconds: 1 },
];

/** A sweep gives no time on the air: it must be there in this many. */
const LEAST_SWEEPS = 2;

type Judged = Pick<EmissionRecord, 'verdict' | 'kind'>;

function rowFor({ verdict, kind }: Judged): Rule | undefined {
  return RULES.find((row) => row.verdict === verdict && (row.kind === undefined || row.kind === kind));
}

export function ruleFor(record: Judged): string | null {
  return rowFor(record)?.rule ?? null;
}

/** Long enough on the air that it is no click, and that what is said of it holds. */
export function isConfirmed({ record, looks }: Sighting, minimumOnAirSeconds: number): boolean {
  const rule = rowFor(record);
  if (rule === undefined || record.artefact !== null) return false;
  if (record.method === null) return looks >= LEAST_SWEEPS;
  return record.activeSeconds >= Math.max(minimumOnAirSeconds, rule.settleSeconds);
}

/** Share of the frequency by which two receivers' oscillators may differ. */
const OSCILLATOR_TOLERANCE = 4e-6;

interface Band {
  readonly centerHz: number;
  readonly bandwidthHz: number;
}

export function bandwidthOf(record: EmissionRecord): number {
  return record.occupiedBandwidthHz ?? record.highHz - record.lowHz;
}

/**
 * The same transmitter by its band: the centre of one lies in the other, give or take what the receivers'
 * oscillators and resolution leave open.
 */
export function sameBand(one: Band, other: Band, rbwHz: number): boolean {
  const apartHz = Math.abs(one.centerHz - other.centerHz);
  const toleranceHz = 2 * rbwHz + OSCILLATOR_TOLERANCE * Math.abs(one.centerHz);
  return apartHz <= Math.max(one.bandwidthHz, other.bandwidthHz) / 2 + toleranceHz;
}

import { BandwardenError } from '../core/errors.ts';
import { type Alert, type AlertState, SEVERITIES, type Severity } from '../core/records.ts';
import { severityOf } from './severity.ts';
import { bandwidthOf, isConfirmed, ruleFor, type Sighting, sameBand } from './sighting.ts';

export interface AlertOptions {
  /** Time on the air before an alert is raised. */
  readonly minimumOnAirSeconds: number;
  /** Heard again after this long, a transmitter raises a new alert; before, it renews the old one. */
  readonly quietMs: number;
}

/** Emissions that one alert names: the first, and the latest of a transmitter that comes and goes for days. */
const MOST_EMISSIONS = 200;
/** Levels and times of an alert are told this often; what a person must know at once is told at once. */
const REFRESH_MS = 10_000;
const ON_AIR_REFRESH_MS = 1_000;

/** What the book knows of an alert beyond what is told. */
interface Following {
  readonly onAir: Set<string>;
  /** The receiver that hears it best: its figures stand in the alert. */
  leader: string | null;
}

/**
 * The life of alerts: raised by a sighting, acknowledged, closed and reopened by people. It only proposes: the
 * caller stores a proposal and then commits it, so that nothing is told, or built upon, that is not safe.
 */
export class AlertBook {
  private readonly options: AlertOptions;
  private readonly alerts = new Map<string, Alert>();
  private readonly byEmission = new Map<string, string>();
  private readonly following = new Map<string, Following>();
  private revision: number;

  /** @param known alerts that are not closed, of the runs before */
  constructor(options: AlertOptions, known: readonly Alert[], lastRevision: number) {
    this.options = options;
    this.revision = lastRevision;
    for (const alert of known) this.keep(alert);
  }

  /** The alert that a sighting raises or changes; null where there is nothing to tell. */
  propose(sighting: Sighting, nowMs: number): Alert | null {
    const alert = this.alertFor(sighting);
    if (alert === null)
      return isConfirmed(sighting, this.options.minimumOnAirSeconds) ? this.raise(sighting, nowMs) : null;
    if (alert.state === 'closed') return null;
    const following = this.followingOf(alert);
    if (sighting.record.onAir && !sighting.ended) following.onAir.add(sighting.record.id);
    else following.onAir.delete(sighting.record.id);
    const next = this.merge(alert, sighting, following);
    return isNews(alert, next, sighting.ended, nowMs) ? this.changed(next, nowMs) : null;
  }

  /** After a restart nobody has heard anything yet: what was on the air is not known to be. */
  proposeOffAir(nowMs: number): Alert[] {
    const onAir = [...this.alerts.values()].filter((alert) => alert.onAir);
    return onAir.map((alert, i) => ({
      ...alert,
      onAir: false,
      updatedMs: nowMs,
      revision: this.revision + 1 + i,
    }));
  }

  proposeState(alert: Alert, state: AlertState, by: string, text: string, nowMs: number): Alert {
    const from = ALLOWED_FROM[state];
    if (!from.includes(alert.state)) {
      throw new BandwardenError('conflict', `the alert is ${alert.state}; expected ${from.join(' or ')}`);
    }
    const note = { timeMs: nowMs, by, text };
    const acknowledged = state === 'acknowledged' ? { acknowledgedBy: by, acknowledgedMs: nowMs } : {};
    const reopened = state === 'raised' ? { acknowledgedBy: null, acknowledgedMs: null } : {};
    const notes = text === '' ? alert.notes : [...alert.notes, note];
    return this.changed({ ...alert, ...acknowledged, ...reopened, state, notes }, nowMs);
  }

  /** The alert as last committed; null for one that the book has let go. */
  get(id: string): Alert | null {
    return this.alerts.get(id) ?? null;
  }

  /** Takes over a proposal that is safe. */
  commit(alert: Alert): void {
    this.revision = Math.max(this.revision, alert.revision);
    this.keep(alert);
  }

  private keep(alert: Alert): void {
    this.alerts.set(alert.id, alert);
    for (const emission of alert.emissions) this.byEmission.set(emission, alert.id);
    if (alert.state === 'closed') this.forgetOldest();
  }

  /** Closed alerts are kept only so that what is still on the air does not raise them anew. */
  private forgetOldest(): void {
    const closed = [...this.alerts.values()].filter(({ state }) => state === 'closed');
    for (const alert of closed.slice(0, Math.max(0, closed.length - 1_000))) {
      this.alerts.delete(alert.id);
      this.following.delete(alert.id);
      for (const emission of alert.emissions) this.byEmission.delete(emission);
    }
  }

  private alertFor({ record }: Sighting): Alert | null {
    const known = this.alerts.get(this.byEmission.get(record.id) ?? '');
    if (known !== undefined) return known;
    const rule = ruleFor(record);
    if (rule === null) return null;
    const band = { centerHz: record.centerHz, bandwidthHz: bandwidthOf(record) };
    let nearest: Alert | null = null;
    for (const alert of this.alerts.values()) {
      if (alert.state === 'closed' || alert.rule !== rule || !sameBand(alert, band, record.rbwHz)) continue;
      if (record.firstSeenMs - alert.lastSeenMs > this.options.quietMs) continue;
      if (nearest === null || apartHz(alert, record) < apartHz(nearest, record)) nearest = alert;
    }
    return nearest;
  }

  private followingOf({ id }: Alert): Following {
    let following = this.following.get(id);
    if (following === undefined) {
      following = { onAir: new Set(), leader: null };
      this.following.set(id, following);
    }
    return following;
  }

  private raise(sighting: Sighting, nowMs: number): Alert {
    const { record, evidenceMs, service } = sighting;
    const revision = this.revision + 1;
    const alert: Alert = {
      id: `${nowMs.toString(36)}-${revision}`,
      revision,
      state: 'raised',
      severity: severityOf(record.lowHz, record.highHz, record.verdict),
      rule: ruleFor(record) ?? record.verdict,
      raisedMs: nowMs,
      updatedMs: nowMs,
      evidenceMs,
      firstSeenMs: record.firstSeenMs,
      lastSeenMs: record.lastSeenMs,
      onAir: record.onAir && !sighting.ended,
      receivers: [record.receiver],
      emissions: [record.id],
      acknowledgedBy: null,
      acknowledgedMs: null,
      notes: [],
      ...figuresOf(sighting),
      service,
    };
    this.following.set(alert.id, { onAir: new Set(alert.onAir ? [record.id] : []), leader: record.receiver });
    return alert;
  }

  private merge(alert: Alert, sighting: Sighting, following: Following): Alert {
    const { record } = sighting;
    const leads = following.leader === null || following.leader === record.receiver || record.snrDb > alert.snrDb;
    if (leads) following.leader = record.receiver;
    return {
      ...alert,
      ...(leads ? figuresOf(sighting) : {}),
      severity: worse(
        alert.severity,
        severityOf(record.lowHz, record.highHz, record.verdict),
        record.verdict !== 'unassigned',
      ),
      firstSeenMs: Math.min(alert.firstSeenMs, record.firstSeenMs),
      lastSeenMs: Math.max(alert.lastSeenMs, record.lastSeenMs),
      onAir: following.onAir.size > 0,
      receivers: withNew(alert.receivers, record.receiver, Number.POSITIVE_INFINITY),
      emissions: withNew(alert.emissions, record.id, MOST_EMISSIONS),
    };
  }

  private changed(alert: Alert, nowMs: number): Alert {
    return { ...alert, revision: this.revision + 1, updatedMs: nowMs };
  }
}

const ALLOWED_FROM: Readonly<Record<AlertState, readonly AlertState[]>> = {
  acknowledged: ['raised'],
  raised: ['acknowledged', 'closed'],
  closed: ['raised', 'acknowledged'],
};

function apartHz(alert: Alert, record: { readonly centerHz: number }): number {
  return Math.abs(alert.centerHz - record.centerHz);
}

function figuresOf({ record }: Sighting) {
  return {
    verdict: record.verdict,
    centerHz: record.centerHz,
    bandwidthHz: bandwidthOf(record),
    level: record.level,
    unit: record.unit,
    snrDb: record.snrDb,
    assignment: record.assignment,
    reasons: record.reasons,
  };
}

function withNew(list: readonly string[], item: string, most: number): readonly string[] {
  if (list.includes(item)) return list;
  const full = [...list, item];
  return full.length > most ? [full[0], ...full.slice(full.length - most + 1)] : full;
}

/** A matter only grows worse by what is measured later; a verdict that is none of the rules leaves it alone. */
function worse(now: Severity, measured: Severity, explained: boolean): Severity {
  if (explained) return now;
  return SEVERITIES.indexOf(measured) < SEVERITIES.indexOf(now) ? measured : now;
}

function isNews(before: Alert, after: Alert, ended: boolean, nowMs: number): boolean {
  const waitedMs = nowMs - before.updatedMs;
  if (after.receivers.length !== before.receivers.length || after.verdict !== before.verdict) return true;
  if (after.severity !== before.severity) return true;
  if (after.onAir !== before.onAir || after.emissions !== before.emissions)
    return ended || waitedMs >= ON_AIR_REFRESH_MS;
  return after.lastSeenMs > before.lastSeenMs && waitedMs >= REFRESH_MS;
}

import { ALERT_STATES, type Alert, SEVERITIES } from '../../../src/core/records.ts';
import type { AlertFilter } from './route.ts';

/** The queue: what wants a person first, then the gravest, then the latest. */
export function compareAlerts(a: Alert, b: Alert): number {
  return (
    ALERT_STATES.indexOf(a.state) - ALERT_STATES.indexOf(b.state) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.raisedMs - a.raisedMs ||
    b.revision - a.revision
  );
}

export function matchesFilter(alert: Alert, filter: AlertFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'open' ? alert.state !== 'closed' : alert.state === filter;
}

export function alertQueue(alerts: Iterable<Alert>, filter: AlertFilter): Alert[] {
  return [...alerts].filter((alert) => matchesFilter(alert, filter)).sort(compareAlerts);
}

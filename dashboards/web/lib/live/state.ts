import type { Alert, EmissionRecord, ReceiverStatus } from '../../../../src/core/records.ts';
import type { TaskingStatus } from '../../../../src/core/tasking.ts';
import type { ServerMessage } from '../../../../src/gateway/messages.ts';

/** How the way to the service stands. `retryAtMs` is by the browser's clock. */
export type ConnectionState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open' }
  | { readonly phase: 'lost'; readonly sinceMs: number; readonly retryAtMs: number };

/** What the service has told this page. Replaced, never changed in place. */
export interface LiveState {
  readonly connection: ConnectionState;
  readonly service: string;
  readonly version: string;
  /** Service clock minus browser clock, ms. */
  readonly clockOffsetMs: number;
  readonly helloSeen: boolean;
  readonly receivers: ReadonlyMap<string, ReceiverStatus>;
  /** Who commands which receiver: those of which this page was told, or which it asked for. */
  readonly tasking: ReadonlyMap<string, TaskingStatus>;
  readonly channels: ReadonlyMap<number, string>;
  /** On the air, and those that went off within `EMISSION_KEPT_MS`. */
  readonly emissions: ReadonlyMap<string, EmissionRecord>;
  readonly alerts: ReadonlyMap<string, Alert>;
  /** Highest alert revision known: `resume` starts there. */
  readonly revision: number;
  /** Alerts that were raised since this page opened, newest first. */
  readonly raised: readonly string[];
  /** Spectra that the service left out for this page since it connected. */
  readonly skipped: number;
  readonly lastMessageMs: number;
}

export const EMISSION_KEPT_MS = 120_000;
const EMISSIONS_KEPT = 3_000;
const RAISED_KEPT = 50;

export const EMPTY_STATE: LiveState = {
  connection: { phase: 'connecting' },
  service: '',
  version: '',
  clockOffsetMs: 0,
  helloSeen: false,
  receivers: new Map(),
  tasking: new Map(),
  channels: new Map(),
  emissions: new Map(),
  alerts: new Map(),
  revision: 0,
  raised: [],
  skipped: 0,
  lastMessageMs: 0,
};

export function reduce(state: LiveState, message: ServerMessage, nowMs: number): LiveState {
  const seen: LiveState = { ...state, lastMessageMs: nowMs };
  switch (message.type) {
    case 'hello':
      return {
        ...seen,
        connection: { phase: 'open' },
        service: message.service,
        version: message.version,
        clockOffsetMs: message.nowMs - nowMs,
        helloSeen: true,
        receivers: new Map(message.receivers.map((receiver) => [receiver.id, receiver])),
        channels: new Map(Object.entries(message.channels).map(([id, channel]) => [channel, id])),
        emissions: new Map(message.emissions.map((emission) => [emission.id, emission])),
        skipped: 0,
      };
    case 'receiver':
      return {
        ...seen,
        receivers: new Map(state.receivers).set(message.receiver.id, message.receiver),
        channels:
          state.channels.get(message.channel) === message.receiver.id
            ? state.channels
            : new Map(state.channels).set(message.channel, message.receiver.id),
      };
    case 'forgotten':
      return forgetReceiver(seen, message.receiver);
    case 'tasking':
      return replaceTasking(seen, message.tasking);
    case 'emission':
      return { ...seen, emissions: withEmission(state.emissions, message.emission, nowMs + state.clockOffsetMs) };
    case 'alert':
      return withAlert(seen, message.alert, true);
    case 'resumed':
      return { ...seen, revision: Math.max(state.revision, message.revision) };
    case 'behind':
      return { ...seen, skipped: message.skipped };
    case 'error':
      return seen;
  }
}

function withEmission(
  emissions: ReadonlyMap<string, EmissionRecord>,
  emission: EmissionRecord,
  serviceNowMs: number,
): ReadonlyMap<string, EmissionRecord> {
  const next = new Map(emissions);
  // Deleted first, so that the map stays in order of the latest change.
  next.delete(emission.id);
  next.set(emission.id, emission);
  for (const [id, { onAir, lastSeenMs }] of next) {
    if (!onAir && serviceNowMs - lastSeenMs > EMISSION_KEPT_MS) next.delete(id);
  }
  for (const id of next.keys()) {
    if (next.size <= EMISSIONS_KEPT) break;
    next.delete(id);
  }
  return next;
}

/** Takes an alert in unless a later revision of it is known. `live`: it came by itself, not from a list. */
function withAlert(state: LiveState, alert: Alert, live: boolean): LiveState {
  const known = state.alerts.get(alert.id);
  if (known && known.revision >= alert.revision) return state;
  const isNew = live && alert.state === 'raised' && (known === undefined || known.state === 'closed');
  return {
    ...state,
    alerts: new Map(state.alerts).set(alert.id, alert),
    revision: Math.max(state.revision, alert.revision),
    raised: isNew ? [alert.id, ...state.raised.filter((id) => id !== alert.id)].slice(0, RAISED_KEPT) : state.raised,
  };
}

/** Alerts that a REST call brought: known, not news. */
export function takeAlerts(state: LiveState, alerts: readonly Alert[]): LiveState {
  return alerts.reduce((next, alert) => withAlert(next, alert, false), state);
}

export function replaceReceiver(state: LiveState, receiver: ReceiverStatus): LiveState {
  return { ...state, receivers: new Map(state.receivers).set(receiver.id, receiver) };
}

export function forgetReceiver(state: LiveState, receiver: string): LiveState {
  const without = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([id]) => id !== receiver));
  return { ...state, receivers: without(state.receivers), tasking: without(state.tasking) };
}

export function replaceTasking(state: LiveState, tasking: TaskingStatus): LiveState {
  return { ...state, tasking: new Map(state.tasking).set(tasking.receiver, tasking) };
}

/** Alerts that still want a person. */
export function raisedCount(state: LiveState): number {
  let count = 0;
  for (const alert of state.alerts.values()) if (alert.state === 'raised') count++;
  return count;
}

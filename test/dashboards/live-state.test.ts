import { describe, expect, it } from 'vitest';
import { alertQueue } from '../../dashboards/web/lib/alert-order.ts';
import { backoffMs } from '../../dashboards/web/lib/live/backoff.ts';
import { EMISSION_KEPT_MS, EMPTY_STATE, raisedCount, reduce, takeAlerts } from '../../dashboards/web/lib/live/state.ts';
import { placeLabels } from '../../dashboards/web/lib/spectrum/label-lanes.ts';
import type { Alert, EmissionRecord, ReceiverStatus } from '../../src/core/records.ts';
import type { ServerMessage } from '../../src/gateway/messages.ts';

const NOW_MS = 1_800_000_000_000;

const alert = (id: string, revision: number, changes: Partial<Alert> = {}) =>
  ({ id, revision, state: 'raised', severity: 'medium', raisedMs: NOW_MS, ...changes }) as Alert;
const emission = (id: string, changes: Partial<EmissionRecord> = {}) =>
  ({ id, receiver: 'a', onAir: true, lastSeenMs: NOW_MS, ...changes }) as EmissionRecord;
const receiver = (id: string) => ({ id, name: id, state: 'online' }) as ReceiverStatus;
const hello: ServerMessage = {
  type: 'hello',
  service: 'city',
  version: '1',
  nowMs: NOW_MS + 500,
  revision: 7,
  receivers: [receiver('a')],
  emissions: [emission('e1')],
  channels: { a: 0 },
};
const told = (messages: readonly ServerMessage[], from = EMPTY_STATE, atMs = NOW_MS) =>
  messages.reduce((state, message) => reduce(state, message, atMs), from);

describe('what the service tells', () => {
  it('begins with its greeting: receivers, channels, emissions and its clock', () => {
    const state = told([hello]);
    expect(state.connection.phase).toBe('open');
    expect(state.channels.get(0)).toBe('a');
    expect([...state.emissions.keys()]).toEqual(['e1']);
    expect(state.clockOffsetMs).toBe(500);
  });

  it('does not raise the revision by the greeting, so that resume asks for what is missing', () => {
    expect(told([hello]).revision).toBe(0);
    expect(told([hello, { type: 'alert', alert: alert('x', 5) }]).revision).toBe(5);
    expect(told([hello, { type: 'resumed', revision: 7 }]).revision).toBe(7);
  });

  it('gives a new receiver its channel', () => {
    const state = told([hello, { type: 'receiver', receiver: receiver('b'), channel: 4 }]);
    expect(state.receivers.has('b')).toBe(true);
    expect(state.channels.get(4)).toBe('b');
  });

  it('keeps the alerts over a second greeting', () => {
    const state = told([hello, { type: 'alert', alert: alert('x', 5) }, hello]);
    expect(state.alerts.get('x')?.revision).toBe(5);
  });

  it('counts as news only what comes live, is raised, and was not known', () => {
    const listed = takeAlerts(EMPTY_STATE, [alert('old', 1)]);
    expect(listed.raised).toEqual([]);
    const state = told(
      [
        { type: 'alert', alert: alert('old', 2) },
        { type: 'alert', alert: alert('done', 3, { state: 'closed' }) },
        { type: 'alert', alert: alert('new', 4) },
      ],
      listed,
    );
    expect(state.raised).toEqual(['new']);
    expect(raisedCount(state)).toBe(2);
  });

  it('never goes back to an earlier revision of an alert', () => {
    const state = told([
      { type: 'alert', alert: alert('x', 5, { state: 'acknowledged' }) },
      { type: 'alert', alert: alert('x', 4) },
    ]);
    expect(state.alerts.get('x')?.state).toBe('acknowledged');
  });

  it('forgets emissions some time after they went off the air', () => {
    const off = emission('off', { onAir: false, lastSeenMs: NOW_MS });
    const soon = told([hello, { type: 'emission', emission: off }]);
    expect(soon.emissions.has('off')).toBe(true);
    const first = told([{ type: 'emission', emission: off }]);
    const late = reduce(
      first,
      { type: 'emission', emission: emission('on', { lastSeenMs: NOW_MS + EMISSION_KEPT_MS + 1000 }) },
      NOW_MS + EMISSION_KEPT_MS + 1000,
    );
    expect([...late.emissions.keys()]).toEqual(['on']);
  });
});

describe('the queue', () => {
  it('puts what wants a person first, then the gravest, then the latest', () => {
    const queue = alertQueue(
      [
        alert('acknowledged', 1, { state: 'acknowledged', severity: 'critical' }),
        alert('low', 2, { severity: 'low' }),
        alert('high-old', 3, { severity: 'high', raisedMs: NOW_MS - 1 }),
        alert('high', 4, { severity: 'high' }),
        alert('closed', 5, { state: 'closed' }),
      ],
      'open',
    );
    expect(queue.map(({ id }) => id)).toEqual(['high', 'high-old', 'low', 'acknowledged']);
  });
});

describe('reconnecting', () => {
  it('waits longer each time, up to a quarter of a minute, never all desks at once', () => {
    const waits = [0, 1, 2, 3, 20].map((attempt) => backoffMs(attempt, () => 0));
    expect(waits).toEqual([500, 1000, 2000, 4000, 15_000]);
    expect(backoffMs(3, () => 1)).toBe(3000);
  });
});

describe('labels', () => {
  it('do not touch, the important ones are kept, and all stay on the screen', () => {
    const places = placeLabels(
      [
        { x: 50, width: 40 },
        { x: 55, width: 40 },
        { x: 60, width: 40 },
        { x: 2, width: 20 },
      ],
      2,
      200,
    );
    expect(places.map(({ lane }) => lane)).toEqual([0, 1, -1, 0]);
    expect(places[3].left).toBe(0);
  });
});

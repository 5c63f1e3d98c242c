import { describe, expect, it } from 'vitest';
import { AlertBook } from '../../src/alerts/alert-book.ts';
import type { Sighting } from '../../src/alerts/sighting.ts';
import type { Alert, EmissionRecord } from '../../src/core/records.ts';
import { sighting, T0_MS } from './sightings.ts';

const OPTIONS = { minimumOnAirSeconds: 0.2, quietMs: 600_000 };

function newBook(known: readonly Alert[] = [], lastRevision = 0) {
  const book = new AlertBook(OPTIONS, known, lastRevision);
  /** Proposes and commits, as a store that never fails would. */
  const see = (seen: Sighting, nowMs = seen.evidenceMs + 20) => {
    const alert = book.propose(seen, nowMs);
    if (alert !== null) book.commit(alert);
    return alert;
  };
  return { book, see };
}

function raised(change: Partial<EmissionRecord> = {}) {
  const { book, see } = newBook();
  const alert = see(sighting(change));
  if (alert === null) throw new Error('an alert was expected');
  return { book, see, alert };
}

describe('raising', () => {
  it('raises an unassigned emission once it was on the air long enough, with the time of the last sample needed', () => {
    const { see } = newBook();
    expect(see(sighting({ activeSeconds: 0.19 }))).toBeNull();
    const alert = see(sighting({ activeSeconds: 0.2 }, { evidenceMs: T0_MS + 200 }), T0_MS + 260);
    expect(alert).toMatchObject({
      state: 'raised',
      rule: 'unassigned-emission',
      severity: 'high',
      evidenceMs: T0_MS + 200,
      raisedMs: T0_MS + 260,
      centerHz: 98.7e6,
      bandwidthHz: 150e3,
      receivers: ['rx-1'],
      emissions: ['rx-1-a-1'],
      service: 'broadcasting',
      revision: 1,
      onAir: true,
    });
  });

  it.each(['assigned', 'exempt', 'artefact', 'undetermined', 'data-error'] as const)(
    'never raises what is %s',
    (verdict) => {
      const { see } = newBook();
      expect(see(sighting({ verdict }))).toBeNull();
    },
  );

  it('wants two sweeps, since one sweep says nothing of the time on the air', () => {
    const { see } = newBook();
    const swept = { method: null, activeSeconds: 0 } as const;
    expect(see(sighting(swept, { looks: 1 }))).toBeNull();
    expect(see(sighting(swept, { looks: 2 }))).not.toBeNull();
  });

  it('waits a second before it says that a station is outside its terms, and says it with less urgency', () => {
    const { see } = newBook();
    const off = { verdict: 'outside-terms', assignment: 'fm-12' } as const;
    expect(see(sighting({ ...off, activeSeconds: 0.5 }))).toBeNull();
    expect(see(sighting({ ...off, activeSeconds: 1 }))).toMatchObject({
      rule: 'outside-terms',
      severity: 'low',
      assignment: 'fm-12',
    });
  });
});

describe('one transmitter, one alert', () => {
  it('joins a second receiver that hears the same frequency, and keeps the figures of the one that hears it best', () => {
    const { see, alert } = raised({ snrDb: 20 });
    const weaker = see(sighting({ id: 'rx-2-b-1', receiver: 'rx-2', snrDb: 12, centerHz: 98.7003e6 }));
    expect(weaker).toMatchObject({
      id: alert.id,
      receivers: ['rx-1', 'rx-2'],
      centerHz: 98.7e6,
      snrDb: 20,
      revision: 2,
    });
    const stronger = see(sighting({ id: 'rx-3-c-1', receiver: 'rx-3', snrDb: 33, centerHz: 98.7001e6 }));
    expect(stronger).toMatchObject({ id: alert.id, centerHz: 98.7001e6, snrDb: 33 });
  });

  it('joins two receivers whose oscillators differ by 3 ppm on an unmodulated carrier', () => {
    const carrier = { centerHz: 121.5e6, lowHz: 121.4995e6, highHz: 121.5005e6, occupiedBandwidthHz: null, rbwHz: 100 };
    const { see, alert } = raised(carrier);
    const other = see(sighting({ ...carrier, id: 'rx-2-b-1', receiver: 'rx-2', centerHz: 121.5e6 * (1 + 3e-6) }));
    expect(other?.id).toBe(alert.id);
  });

  it('raises two alerts for two stations in neighbouring channels', () => {
    const { see, alert } = raised();
    const neighbour = see(sighting({ id: 'rx-1-a-2', centerHz: 98.9e6 }));
    expect(neighbour).not.toBeNull();
    expect(neighbour?.id).not.toBe(alert.id);
  });

  it('stays one alert while a talker presses and releases, and is told off the air between', () => {
    const { see, alert } = raised();
    const released = see(sighting({ onAir: false }), T0_MS + 3_000);
    expect(released).toMatchObject({ id: alert.id, onAir: false, state: 'raised' });
    const again = sighting({ id: 'rx-1-a-2', firstSeenMs: T0_MS + 300_000, lastSeenMs: T0_MS + 300_500 });
    expect(see(again)).toMatchObject({ id: alert.id, onAir: true, emissions: ['rx-1-a-1', 'rx-1-a-2'] });
  });

  it('raises a new alert when it returns after the quiet time', () => {
    const { see, alert } = raised();
    const lastMs = alert.lastSeenMs;
    const inTime = sighting({ id: 'rx-1-a-2', firstSeenMs: lastMs + 600_000, lastSeenMs: lastMs + 600_000 });
    expect(see(inTime)?.id).toBe(alert.id);
    const tooLate = sighting({ id: 'rx-1-a-3', firstSeenMs: lastMs + 1_200_001, lastSeenMs: lastMs + 1_201_000 });
    expect(see(tooLate)?.id).not.toBe(alert.id);
  });
});

describe('telling', () => {
  it('tells nothing again for ten seconds while nothing turns', () => {
    const { see, alert } = raised();
    const later = (afterMs: number) =>
      see(sighting({ lastSeenMs: T0_MS + 1_000 + afterMs }), alert.updatedMs + afterMs);
    expect(later(5_000)).toBeNull();
    expect(later(9_999)).toBeNull();
    expect(later(10_000)).toMatchObject({ id: alert.id, lastSeenMs: T0_MS + 11_000, revision: 2 });
  });

  it('tells of a dozen bursts a second once a second, and of the last one always', () => {
    const { see, alert } = raised();
    const flips = Array.from({ length: 24 }, (_, i) =>
      see(sighting({ onAir: i % 2 === 1, lastSeenMs: T0_MS + 1_000 + i * 40 }), alert.updatedMs + i * 40),
    );
    expect(flips.filter((told) => told !== null).length).toBeLessThanOrEqual(1);
    expect(see(sighting({ onAir: true }, { ended: true }), alert.updatedMs + 1_001)).toMatchObject({ onAir: false });
  });

  it('goes on with the revisions of the run before', () => {
    const { see } = newBook([], 41);
    expect(see(sighting())?.revision).toBe(42);
  });

  it('proposes the same again when the store failed to keep it', () => {
    const book = new AlertBook(OPTIONS, [], 0);
    const first = book.propose(sighting(), T0_MS + 1_000);
    const second = book.propose(sighting(), T0_MS + 1_100);
    expect(first?.revision).toBe(1);
    expect(second).toMatchObject({ revision: 1, state: 'raised' });
  });
});

describe('what people do', () => {
  it('acknowledges, reopens and closes, with who and why', () => {
    const { book, alert } = raised();
    const seen = book.proposeState(alert, 'acknowledged', 'li', 'on it', T0_MS + 60_000);
    expect(seen).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'li',
      acknowledgedMs: T0_MS + 60_000,
      revision: 2,
    });
    book.commit(seen);
    const closed = book.proposeState(seen, 'closed', 'li', '', T0_MS + 70_000);
    expect(closed).toMatchObject({ state: 'closed', revision: 3, notes: [{ by: 'li', text: 'on it' }] });
    book.commit(closed);
    expect(book.proposeState(closed, 'raised', 'wang', 'again', T0_MS + 80_000)).toMatchObject({
      state: 'raised',
      acknowledgedBy: null,
      revision: 4,
    });
  });

  it.each([
    ['acknowledged', 'acknowledged'],
    ['acknowledged', 'closed'],
    ['raised', 'raised'],
    ['closed', 'closed'],
  ] as const)('refuses %s from %s as a conflict', (to, from) => {
    const { book, alert } = raised();
    const attempt = () => book.proposeState({ ...alert, state: from }, to, 'li', '', T0_MS);
    expect(attempt).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('does not raise what was closed while it is still on the air, but does when it comes anew', () => {
    const { book, see, alert } = raised();
    book.commit(book.proposeState(alert, 'closed', 'li', 'known', T0_MS + 2_000));
    expect(see(sighting({ lastSeenMs: T0_MS + 100_000 }))).toBeNull();
    expect(see(sighting({ id: 'rx-1-a-2' }))?.id).not.toBe(alert.id);
  });
});

describe('a restart', () => {
  it('takes up open alerts, says that nothing is known to be on the air, and joins what is heard again', () => {
    const { alert } = raised();
    const { book, see } = newBook([alert], alert.revision);
    const [off] = book.proposeOffAir(T0_MS + 30_000);
    expect(off).toMatchObject({ id: alert.id, onAir: false, revision: 2 });
    book.commit(off);
    const again = see(sighting({ id: 'rx-1-z-1', firstSeenMs: T0_MS + 31_000, lastSeenMs: T0_MS + 32_000 }));
    expect(again).toMatchObject({ id: alert.id, onAir: true, revision: 3 });
  });
});

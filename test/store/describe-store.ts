import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/core/ports.ts';
import { account, alert, assignment, emission, mission, receiver, spectrumRow, tasking } from './records.ts';

/** What holds for every engine behind the `Store` port. `open` gives an empty store. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    describeReceivers(() => store);
    describeAssignments(() => store);
    describeEmissions(() => store);
    describeAlerts(() => store);
    describeSpectra(() => store);
    describePeople(() => store);
    describeAudit(() => store);
  });
}

function ids(records: readonly { id: unknown }[]): unknown[] {
  return records.map(({ id }) => id);
}

function describeReceivers(store: () => Store): void {
  describe('receivers', () => {
    it('come back field by field, in the order of their ids', async () => {
      const roof = receiver('roof');
      const harbour = receiver('harbour', { approved: false, firstSeenMs: null, lastSeenMs: 1_790_000_000_001 });
      await store().receivers.put(roof);
      await store().receivers.put(harbour);
      expect(await store().receivers.list()).toEqual([harbour, roof]);
      expect(await store().receivers.get('roof')).toEqual(roof);
      expect(await store().receivers.get('nowhere')).toBeNull();
    });

    it('are replaced by a later put of the same id', async () => {
      await store().receivers.put(receiver('roof'));
      const renamed = receiver('roof', { name: '山頂', approved: false });
      await store().receivers.put(renamed);
      expect(await store().receivers.list()).toEqual([renamed]);
    });

    it('say that a person refused them, until they are approved', async () => {
      const refused = receiver('roof', { approved: false, refused: true });
      await store().receivers.put(refused);
      expect(await store().receivers.get('roof')).toEqual(refused);
      await store().receivers.put({ ...refused, approved: true });
      expect((await store().receivers.get('roof'))?.refused).toBeUndefined();
    });

    it('go with their credentials, plan and missions when they are removed, and no others with them', async () => {
      for (const id of ['roof', 'harbour']) {
        await store().receivers.put(receiver(id));
        await store().receiverCredentials.put(id, 'hash');
        await store().tasking.put(tasking(id));
        await store().missions.put(mission(`night-${id}`, id));
      }
      await store().receivers.remove('roof');
      expect(ids(await store().receivers.list())).toEqual(['harbour']);
      expect(await store().receiverCredentials.get('roof')).toBeNull();
      expect(await store().tasking.list()).toEqual([tasking('harbour')]);
      expect(await store().missions.list()).toEqual([mission('night-harbour', 'harbour')]);
    });

    it('have plans and missions that come back field by field, and are replaced by a later put', async () => {
      await store().tasking.put(tasking('roof'));
      const without = { ...tasking('roof'), plan: null, home: null, changedBy: 'wang', changedMs: 7.5 };
      await store().tasking.put(without);
      expect(await store().tasking.list()).toEqual([without]);
      await store().missions.put(mission('m1', 'roof'));
      const stopped = { ...mission('m1', 'harbour'), name: '夜间', enabled: false };
      await store().missions.put(stopped);
      expect(await store().missions.list()).toEqual([stopped]);
      await store().missions.remove('m1');
      expect(await store().missions.list()).toEqual([]);
    });

    it('keep the latest password hash beside them, and none where none was put', async () => {
      await store().receiverCredentials.put('roof', 'first');
      await store().receiverCredentials.put('roof', 'second');
      expect(await store().receiverCredentials.get('roof')).toBe('second');
      expect(await store().receiverCredentials.get('harbour')).toBeNull();
    });
  });
}

function describeAssignments(store: () => Store): void {
  describe('assignments', () => {
    it('come back field by field', async () => {
      const full = assignment('A1', 98_700_000);
      const bare = assignment('A2', 433_920_000, {
        kind: 'exempt',
        bandwidthHz: 1_740_000,
        lat: null,
        lon: null,
        radiusKm: null,
        validFromMs: null,
        validUntilMs: Date.UTC(2030, 11, 31),
      });
      await store().assignments.replace('city', [bare, full]);
      expect(await store().assignments.list()).toEqual([full, bare]);
    });

    it('are found by overlap of their band, edges included, and exact to the hertz', async () => {
      const { assignments } = store();
      await assignments.replace('city', [
        assignment('fm', 98_700_000, { bandwidthHz: 200_000 }),
        assignment('uhf', 2_400_000_201, { bandwidthHz: 100 }),
        assignment('wide', 500_000_000, { bandwidthHz: 600_000_000 }),
      ]);
      const found = async (fromHz: number, toHz: number) => ids(await assignments.list({ fromHz, toHz }));
      expect(await found(98_800_000, 98_900_000)).toEqual(['fm']);
      expect(await found(98_800_001, 98_900_000)).toEqual([]);
      // A float32 step is 256 Hz at 2.4 GHz: these limits lie within one step of the band's edges.
      expect(await found(2_400_000_251, 2_400_000_300)).toEqual(['uhf']);
      expect(await found(2_400_000_252, 2_400_000_300)).toEqual([]);
      expect(await found(2_400_000_000, 2_400_000_150)).toEqual([]);
      expect(await found(433_000_000, 434_000_000)).toEqual(['wide']);
      expect(ids(await assignments.list({ fromHz: 0, toHz: 3e9, limit: 2 }))).toEqual(['fm', 'wide']);
    });

    it('of one source are replaced whole, and of another source stay', async () => {
      await store().assignments.replace('city', [assignment('A1', 1e8), assignment('A2', 2e8)]);
      await store().assignments.replace('air', [assignment('B1', 1.2e8)]);
      await store().assignments.replace('city', [assignment('A2', 3e8)]);
      expect(ids(await store().assignments.list())).toEqual(['B1', 'A2']);
      expect(await store().assignments.count()).toBe(2);
      expect(await store().assignments.list({ fromHz: 2e8, toHz: 2e8 })).toEqual([]);
    });

    it('stay as they were when one row of a replacement is refused', async () => {
      await store().assignments.replace('city', [assignment('A1', 1e8)]);
      await store().assignments.replace('air', [assignment('B1', 1.2e8)]);
      const clash = store().assignments.replace('city', [assignment('A9', 1e8), assignment('B1', 1e8)]);
      await expect(clash).rejects.toMatchObject({ code: 'conflict', message: /B1.*air/ });
      expect(ids(await store().assignments.list())).toEqual(['A1', 'B1']);
      const twice = store().assignments.replace('city', [assignment('A9', 1e8), assignment('A9', 2e8)]);
      await expect(twice).rejects.toMatchObject({ code: 'conflict', message: /A9.*twice/ });
    });

    it('may be many thousands in one replacement', async () => {
      const rows = Array.from({ length: 12_345 }, (_, i) => assignment(`A${i}`, 1e8 + i * 12_500));
      await store().assignments.replace('city', rows);
      expect(await store().assignments.count()).toBe(12_345);
    });
  });
}

function describeEmissions(store: () => Store): void {
  describe('emissions', () => {
    it('come back field by field, and a later put of the same id replaces all of it', async () => {
      const first = emission('roof-a-1', 98_000_000, 98_200_000);
      await store().emissions.put([first]);
      expect(await store().emissions.get('roof-a-1')).toEqual(first);
      const later = emission('roof-a-1', 98_010_000, 98_190_000, {
        onAir: false,
        lastSeenMs: 1_790_000_090_000,
        occupiedBandwidthHz: 176_000.5,
        artefact: 'image',
        method: null,
        verdict: 'assigned',
        assignment: 'A1',
        reasons: [],
      });
      await store().emissions.put([later, emission('roof-a-2', 1e8, 1e8)]);
      expect(await store().emissions.get('roof-a-1')).toEqual(later);
      expect(await store().emissions.get('roof-a-3')).toBeNull();
      await store().emissions.put([]);
    });

    it('are found by receiver, band, period and verdict, latest activity first', async () => {
      const { emissions } = store();
      await emissions.put([
        emission('e1', 98e6, 98.2e6, { firstSeenMs: 1000, lastSeenMs: 2000 }),
        emission('e2', 409e6, 409.01e6, { firstSeenMs: 1500, lastSeenMs: 5000, receiver: 'harbour' }),
        emission('e3', 98.1e6, 98.3e6, { firstSeenMs: 3000, lastSeenMs: 3000, verdict: 'assigned' }),
      ]);
      const found = async (query: object) => ids(await emissions.find({ limit: 10, ...query }));
      expect(await found({})).toEqual(['e2', 'e3', 'e1']);
      expect(await found({ limit: 1 })).toEqual(['e2']);
      expect(await found({ receiver: 'roof' })).toEqual(['e3', 'e1']);
      expect(await found({ verdict: 'assigned' })).toEqual(['e3']);
      expect(await found({ fromHz: 98.2e6, toHz: 98.25e6 })).toEqual(['e3', 'e1']);
      expect(await found({ fromHz: 98.200_001e6, toHz: 98.25e6 })).toEqual(['e3']);
      expect(await found({ fromHz: 100e6 })).toEqual(['e2']);
      expect(await found({ toHz: 98e6 })).toEqual(['e1']);
      expect(await found({ sinceMs: 3000 })).toEqual(['e2', 'e3']);
      expect(await found({ untilMs: 3000 })).toEqual(['e2', 'e1']);
    });

    it('are found alike in a band that holds few and in one that holds many', async () => {
      const many = Array.from({ length: 5000 }, (_, i) => {
        return emission(`e${i}`, 100e6 + i * 1000, 100e6 + i * 1000 + 500, { lastSeenMs: (i * 7919) % 5000 });
      });
      await store().emissions.put(many);
      const latest = many.toSorted((a, b) => b.lastSeenMs - a.lastSeenMs);
      const expected = (fromHz: number, toHz: number) => {
        return ids(latest.filter(({ lowHz, highHz }) => highHz >= fromHz && lowHz <= toHz).slice(0, 10));
      };
      for (const [fromHz, toHz] of [
        [100e6, 105e6],
        [100e6, 104e6],
        [102e6, 102.1e6],
      ]) {
        expect(ids(await store().emissions.find({ fromHz, toHz, limit: 10 }))).toEqual(expected(fromHz, toHz));
      }
    });

    it('are found where their band is now, not where it was', async () => {
      await store().emissions.put([emission('e1', 98e6, 98.2e6)]);
      await store().emissions.put([emission('e1', 200e6, 200.2e6)]);
      expect(await store().emissions.find({ fromHz: 98e6, toHz: 99e6, limit: 10 })).toEqual([]);
      expect(ids(await store().emissions.find({ fromHz: 200e6, toHz: 201e6, limit: 10 }))).toEqual(['e1']);
    });
  });
}

function describeAlerts(store: () => Store): void {
  describe('alerts', () => {
    it('come back field by field, at their last revision', async () => {
      await store().alerts.put(alert('a1', 1));
      const acknowledged = alert('a1', 2, {
        state: 'acknowledged',
        acknowledgedBy: 'li',
        acknowledgedMs: 1_790_000_001_000,
        assignment: 'A1',
        onAir: false,
        notes: [],
      });
      await store().alerts.put(acknowledged);
      expect(await store().alerts.get('a1')).toEqual(acknowledged);
      expect(await store().alerts.get('a2')).toBeNull();
    });

    it('are listed latest revision first, and oldest first after a revision', async () => {
      const { alerts } = store();
      expect(await alerts.lastRevision()).toBe(0);
      for (let i = 1; i <= 4; i++) await alerts.put(alert(`a${i}`, i, { state: i % 2 ? 'raised' : 'closed' }));
      await alerts.put(alert('a1', 5));
      expect(await alerts.lastRevision()).toBe(5);
      expect(ids(await alerts.find({ limit: 10 }))).toEqual(['a1', 'a4', 'a3', 'a2']);
      expect(ids(await alerts.find({ afterRevision: 2, limit: 2 }))).toEqual(['a3', 'a4']);
      expect(ids(await alerts.find({ state: 'closed', limit: 10 }))).toEqual(['a4', 'a2']);
      expect(ids(await alerts.find({ state: 'raised', afterRevision: 3, limit: 10 }))).toEqual(['a1']);
    });

    it('never share a revision', async () => {
      await store().alerts.put(alert('a1', 1));
      await expect(store().alerts.put(alert('a2', 1))).rejects.toMatchObject({ code: 'store-failed' });
    });
  });
}

function describeSpectra(store: () => Store): void {
  describe('spectra', () => {
    it('come back byte by byte, oldest first, from a half-open period of one receiver', async () => {
      const rows = [1000, 1100.5, 1200, 1300].map((timeMs) => spectrumRow(timeMs));
      await store().spectra.put(rows);
      await store().spectra.put([spectrumRow(1100, { receiver: 'harbour' })]);
      const found = await store().spectra.find({ receiver: 'roof', fromMs: 1000, toMs: 1300, limit: 10 });
      expect(found).toEqual(rows.slice(0, 3));
    });

    it('are thinned evenly over the period where there are more than the limit', async () => {
      await store().spectra.put(Array.from({ length: 1000 }, (_, i) => spectrumRow(i)));
      const found = await store().spectra.find({ receiver: 'roof', fromMs: 0, toMs: 1000, limit: 10 });
      expect(found.map(({ timeMs }) => timeMs)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
      const uneven = await store().spectra.find({ receiver: 'roof', fromMs: 0, toMs: 1000, limit: 300 });
      expect(uneven.length).toBe(250);
      expect(await store().spectra.find({ receiver: 'roof', fromMs: 0, toMs: 1000, limit: 1000 })).toHaveLength(1000);
    });

    it('older than the limit are deleted and counted', async () => {
      await store().spectra.put(Array.from({ length: 5000 }, (_, i) => spectrumRow(i)));
      expect(await store().spectra.prune(4990)).toBe(4990);
      expect(await store().spectra.prune(4990)).toBe(0);
      const left = await store().spectra.find({ receiver: 'roof', fromMs: 0, toMs: 1e6, limit: 100 });
      expect(left.map(({ timeMs }) => timeMs)).toEqual(Array.from({ length: 10 }, (_, i) => 4990 + i));
    });
  });
}

function describePeople(store: () => Store): void {
  describe('accounts, sessions and tokens', () => {
    it('accounts come back field by field, by id and by name in any case', async () => {
      const li = account('1', 'Li', { role: 'officer', disabled: true });
      await store().accounts.add(li);
      await store().accounts.add(account('2', '陳大文'));
      expect(await store().accounts.byId('1')).toEqual(li);
      expect(await store().accounts.byName('lI')).toEqual(li);
      expect(await store().accounts.byName('Lin')).toBeNull();
      expect(await store().accounts.byId('3')).toBeNull();
      expect(await store().accounts.count()).toBe(2);
      expect(ids(await store().accounts.list())).toEqual(['1', '2']);
    });

    it('a name is taken once, whatever its case', async () => {
      await store().accounts.add(account('1', 'li'));
      await store().accounts.add(account('2', 'wang'));
      const taken = { code: 'conflict', message: /LI/ };
      await expect(store().accounts.add(account('3', 'LI'))).rejects.toMatchObject(taken);
      await expect(store().accounts.update(account('2', 'LI'))).rejects.toMatchObject(taken);
    });

    it('an account is updated where it is, and one that is not there is not found', async () => {
      await store().accounts.add(account('1', 'li'));
      const changed = account('1', 'li', { role: 'auditor', passwordHash: 'other' });
      await store().accounts.update(changed);
      expect(await store().accounts.byId('1')).toEqual(changed);
      await expect(store().accounts.update(account('9', 'no'))).rejects.toMatchObject({ code: 'not-found' });
    });

    it('sessions are kept, renewed, removed, ended with their account, and cleared when expired', async () => {
      await store().accounts.add(account('1', 'li'));
      await store().accounts.add(account('2', 'wang'));
      const { sessions } = store();
      const session = (tokenHash: string, accountId: string, expiresMs: number) => {
        return { tokenHash, accountId, createdMs: 1, lastSeenMs: 2, expiresMs };
      };
      for (const [hash, owner, expiry] of [
        ['a', '1', 100],
        ['b', '1', 200],
        ['c', '2', 300],
        ['d', '2', 400],
      ] as const) {
        await sessions.put(session(hash, owner, expiry));
      }
      await sessions.put({ ...session('d', '2', 500), lastSeenMs: 9 });
      expect(await sessions.get('d')).toEqual({ ...session('d', '2', 500), lastSeenMs: 9 });
      await sessions.removeExpired(200);
      expect([await sessions.get('a'), await sessions.get('b')]).toEqual([null, null]);
      await sessions.remove('c');
      expect(await sessions.get('c')).toBeNull();
      await sessions.removeOfAccount('2');
      expect(await sessions.get('d')).toBeNull();
    });

    it('a session of no account is refused', async () => {
      const orphan = { tokenHash: 'a', accountId: 'none', createdMs: 1, lastSeenMs: 1, expiresMs: 2 };
      await expect(store().sessions.put(orphan)).rejects.toMatchObject({ code: 'store-failed' });
    });

    it('tokens are found by their hash, listed by account, updated and removed', async () => {
      await store().accounts.add(account('1', 'li'));
      const { tokens } = store();
      const token = { id: 't1', tokenHash: 'h', accountId: '1', label: '報表', createdMs: 1, expiresMs: null };
      await tokens.put({ ...token, lastUsedMs: null });
      await tokens.put({ ...token, lastUsedMs: 7 });
      expect(await tokens.byHash('h')).toEqual({ ...token, lastUsedMs: 7 });
      expect(await tokens.list('1')).toHaveLength(1);
      expect(await tokens.list('2')).toEqual([]);
      await tokens.remove('t1');
      expect(await tokens.byHash('h')).toBeNull();
    });
  });
}

function describeAudit(store: () => Store): void {
  describe('audit', () => {
    it('is listed latest first, with numbers that only grow', async () => {
      for (const subject of ['a', 'b', 'c']) {
        await store().audit.append({ timeMs: 5, by: 'li', action: 'alert.close', subject, detail: '已處理' });
      }
      const entries = await store().audit.list(2);
      expect(entries.map(({ subject }) => subject)).toEqual(['c', 'b']);
      expect(entries[0]).toEqual({ id: 3, timeMs: 5, by: 'li', action: 'alert.close', subject: 'c', detail: '已處理' });
    });
  });
}

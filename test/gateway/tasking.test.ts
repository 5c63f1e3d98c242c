import { describe, expect, it } from 'vitest';
import type { ScanPlan } from '../../src/core/tasking.ts';
import { own, type TestGateway, testGateway } from './support.ts';

const PLAN: ScanPlan = {
  bands: [{ lowHz: 88e6, highHz: 128e6, priority: 1, dwellSeconds: null }],
  dwellSeconds: 0.1,
  gainDb: null,
  sampleRateHz: null,
  usableShare: 1,
  rbwHz: null,
  stepSpanHz: null,
};
const MISSION = {
  receiver: 'roof',
  name: 'FM by night',
  schedule: {
    timeZone: 'UTC',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    start: '22:00',
    stop: '04:00',
    fromDate: null,
    untilDate: null,
  },
  plan: PLAN,
  enabled: true,
};
const task = (centerHz: number, more: object = {}) => ({
  tuning: { kind: 'tune', centerHz, sampleRateHz: null, gainDb: null },
  seconds: 600,
  ...more,
});

/** Calls the interface as an account of a role does; a name of its own makes a second person of the role. */
async function caller({ app, login }: TestGateway, role: 'operator' | 'officer' | 'supervisor') {
  const cookie = await login(role);
  return async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
    const answer = await app.inject({ method, url: `/api/v1${path}`, headers: { cookie, ...own }, payload });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
}

async function auditOf({ store }: TestGateway) {
  const entries = await store.audit.list(20);
  return entries
    .filter(({ action }) => !action.startsWith('session'))
    .map(({ by, action, detail }) => ({ by, action, detail }));
}

describe('a plan', () => {
  it('is told of before it is saved: 17 steps, and how often each is seen', async () => {
    const gateway = await testGateway();
    const operator = await caller(gateway, 'operator');
    const { status, body } = await operator('POST', '/receivers/roof/plan/outline', { plan: PLAN });
    expect(status).toBe(200);
    // 17 · (0.1 s dwell + 0.15 s assumed for each retune)
    expect(body.outline).toMatchObject({ steps: 17, retuneMeasured: false, problem: null });
    expect(body.outline.bands[0].revisitSeconds).toBeCloseTo(4.25, 6);
    expect(gateway.tasking.of('roof').plan).toBeNull();
  });

  it('is saved by an officer, shown, taken away, and each is in the audit log', async () => {
    const gateway = await testGateway();
    const officer = await caller(gateway, 'officer');
    expect(await officer('PUT', '/receivers/roof/plan', { plan: PLAN })).toMatchObject({
      status: 200,
      body: { tasking: { holder: 'plan', plan: PLAN, outline: { steps: 17 } } },
    });
    expect((await officer('GET', '/tasking')).body.tasking).toMatchObject([{ receiver: 'roof', holder: 'plan' }]);
    expect((await officer('DELETE', '/receivers/roof/plan')).body.tasking.plan).toBeNull();
    expect((await auditOf(gateway)).map(({ action }) => action)).toEqual(['receiver.plan-removed', 'receiver.plan']);
  });

  it('that is impossible is refused with a sentence, before saving and at it', async () => {
    const officer = await caller(await testGateway(), 'officer');
    const plan = { ...PLAN, bands: [{ ...PLAN.bands[0], highHz: 2e9 }] };
    const outlined = await officer('POST', '/receivers/roof/plan/outline', { plan });
    expect(outlined.body.outline.problem).toMatchObject({ code: 'outside-range', band: 0 });
    const { status, body } = await officer('PUT', '/receivers/roof/plan', { plan });
    expect([status, body.error.message]).toEqual([400, expect.stringMatching(/band 1, 88 MHz to 2000 MHz, is beyond/)]);
  });

  it.each([
    ['a priority of 10', { bands: [{ ...PLAN.bands[0], priority: 10 }] }],
    ['a dwell of nothing', { dwellSeconds: 0 }],
    ['a field that does not exist', { colour: 'red' }],
  ])('with %s is no plan', async (_case, change) => {
    const officer = await caller(await testGateway(), 'officer');
    expect((await officer('PUT', '/receivers/roof/plan', { plan: { ...PLAN, ...change } })).status).toBe(400);
    expect((await officer('PUT', '/receivers/nowhere/plan', { plan: PLAN })).status).toBe(404);
  });
});

describe('a task', () => {
  it('tunes, is told of to whoever comes second, and may be taken over, which the audit log says', async () => {
    const gateway = await testGateway();
    const operator = await caller(gateway, 'operator');
    const officer = await caller(gateway, 'officer');
    const first = await operator('POST', '/receivers/roof/task', task(98.7e6));
    expect(first.body.tasking).toMatchObject({ holder: 'task', task: { by: 'operator', role: 'operator' } });
    const second = await officer('POST', '/receivers/roof/task', task(101e6));
    expect(second.status).toBe(409);
    expect(second.body.error.message).toMatch(/^operator holds roof until 20/);
    const takeOver = first.body.tasking.task.id;
    expect((await officer('POST', '/receivers/roof/task', task(101e6, { takeOver }))).body.tasking.task.by).toBe(
      'officer',
    );
    expect(await auditOf(gateway)).toEqual([
      { by: 'officer', action: 'receiver.take-over', detail: '101000000 Hz, 600 s; from operator' },
      { by: 'operator', action: 'receiver.task', detail: '98700000 Hz, 600 s' },
    ]);
  });

  it('of a supervisor is not for an operator to take over or to release', async () => {
    const gateway = await testGateway();
    const supervisor = await caller(gateway, 'supervisor');
    const operator = await caller(gateway, 'operator');
    const { body } = await supervisor('POST', '/receivers/roof/task', task(98.7e6, { seconds: null }));
    const { id } = body.tasking.task;
    expect((await operator('POST', '/receivers/roof/task', task(101e6, { takeOver: id }))).status).toBe(403);
    expect((await operator('DELETE', `/receivers/roof/task/${id}`)).status).toBe(403);
    expect((await supervisor('DELETE', `/receivers/roof/task/${id}`)).body.tasking.task).toBeNull();
    expect((await supervisor('DELETE', `/receivers/roof/task/${id}`)).status).toBe(409);
  });

  it('beyond what the receiver tunes is refused with a sentence', async () => {
    const operator = await caller(await testGateway(), 'operator');
    const { status, body } = await operator('POST', '/receivers/roof/task', task(5e9));
    expect([status, body.error.message]).toEqual([400, expect.stringMatching(/0\.5 to 1766 MHz/)]);
  });
});

describe('a mission', () => {
  it('is scheduled, listed with its next start, switched off and removed', async () => {
    const gateway = await testGateway();
    const officer = await caller(gateway, 'officer');
    const { body } = await officer('POST', '/missions', MISSION);
    const start = new Date(body.mission.nextStartMs);
    expect([start.getUTCHours(), start.getUTCMinutes()]).toEqual([22, 0]);
    expect(body.mission.nextStopMs - body.mission.nextStartMs).toBe(6 * 3_600_000);
    const off = await officer('PUT', `/missions/${body.mission.id}`, { ...MISSION, enabled: false });
    expect(off.body.mission).toMatchObject({ enabled: false, nextStartMs: null });
    expect((await officer('GET', '/missions')).body.missions).toHaveLength(1);
    expect((await officer('DELETE', `/missions/${body.mission.id}`)).body.missions).toEqual([]);
    expect((await auditOf(gateway)).map(({ action }) => action)).toEqual([
      'mission.remove',
      'mission.change',
      'mission.add',
    ]);
  });

  it('whose schedule cannot be is refused with a sentence', async () => {
    const officer = await caller(await testGateway(), 'officer');
    const schedule = { ...MISSION.schedule, weekdays: [] };
    expect((await officer('POST', '/missions', { ...MISSION, schedule })).body.error.message).toMatch(/day/);
    expect((await officer('PUT', '/missions/none', MISSION)).status).toBe(404);
  });
});

describe('a receiver', () => {
  it('is renamed and forgotten by an officer, which the audit log says', async () => {
    const gateway = await testGateway();
    const officer = await caller(gateway, 'officer');
    expect((await officer('PATCH', '/receivers/roof', { name: 'Harbour mast' })).body.receiver.name).toBe(
      'Harbour mast',
    );
    expect((await officer('DELETE', '/receivers/roof')).status).toBe(204);
    expect((await auditOf(gateway)).map(({ action }) => action)).toEqual(['receiver.forget', 'receiver.rename']);
  });
});

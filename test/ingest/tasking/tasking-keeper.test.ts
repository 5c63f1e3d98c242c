import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sweep } from '../../../src/core/frames.ts';
import type { Mission, TaskRequest } from '../../../src/core/tasking.ts';
import { iq, PLAN, T0_MS, World } from './world.ts';

const task = (centerHz: number, change: Partial<TaskRequest> = {}): TaskRequest => ({
  tuning: { kind: 'tune', centerHz, sampleRateHz: null, gainDb: null },
  seconds: 600,
  by: 'li',
  role: 'operator',
  takeOver: null,
  ...change,
});

let world: World;
beforeEach(() => {
  vi.useFakeTimers({ now: T0_MS });
  world = new World();
});
afterEach(() => {
  world.keeper.stop();
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe('a plan', () => {
  it('is stepped in the order of its visits, each step for its dwell', async () => {
    await world.start();
    await world.keeper.setPlan('rx', PLAN, 'wang');
    await pass(1.99);
    // Two steps of 88–92.8 MHz once, one of 118–120 MHz twice in a round of four.
    expect(world.orders.map(({ atMs }) => atMs)).toEqual([0, 500, 1000, 1500]);
    expect([...world.centers].sort((a, b) => a - b)).toEqual([89.2, 91.6, 119, 119]);
    expect(world.status).toMatchObject({ holder: 'plan', order: 'accepted', step: { of: 3 } });
  });

  it('goes on after a restart of the service, from what was stored', async () => {
    await world.start();
    await world.keeper.setPlan('rx', PLAN, 'wang');
    world.keeper.stop();
    world.orders.length = 0;
    await world.start();
    await pass(0.6);
    expect(world.orders.length).toBeGreaterThan(0);
    expect(world.status).toMatchObject({ holder: 'plan', outline: { steps: 3, problem: null } });
  });

  it('goes whole to a receiver that steps by itself', async () => {
    await world.start({ features: ['plan'] });
    await world.keeper.setPlan('rx', PLAN, 'wang');
    await pass(60);
    expect(world.orders).toHaveLength(1);
    const { order } = world.orders[0];
    if (order.command !== 'plan') throw new Error(`expected a plan, not ${order.command}`);
    expect(order.steps).toHaveLength(4);
    expect(order.steps.filter((step) => 'centerHz' in step && step.centerHz === 119e6)).toEqual([
      { centerHz: 119e6, sampleRateHz: 2.4e6, gainDb: 20, dwellSeconds: 0.5 },
      { centerHz: 119e6, sampleRateHz: 2.4e6, gainDb: 20, dwellSeconds: 0.5 },
    ]);
  });

  it('of a receiver that steps by itself gives back to its own plan, whatever it looked at last', async () => {
    await world.start({ features: ['plan'] });
    await world.keeper.setPlan('rx', PLAN, 'wang');
    await pass(1);
    await world.keeper.setPlan('rx', null, 'wang');
    await pass(1);
    expect(world.orders.at(-1)?.order).toEqual({ command: 'plan', steps: [] });
    expect(world.status).toMatchObject({ holder: 'none', order: 'idle' });
  });

  it('is outlined with the time that retuning takes by the stamps of a receiver that steps by itself', async () => {
    await world.start({ features: ['plan'] });
    const startMs = Date.now();
    // Blocks of 54.6 ms, and 0.7 s from the end of one to the first of the next tuning.
    for (let i = 0; i < 50; i++) {
      const timeNs = BigInt(Math.round(startMs * 1e6 + i * (131_072 / 2.4e6 + 0.7) * 1e9));
      world.keeper.frame({ ...iq(100e6 + (i % 2) * 2e6), timeNs });
    }
    const outline = world.keeper.outline('rx', PLAN);
    expect(outline.retuneMeasured).toBe(true);
    expect(outline.retuneSeconds).toBeCloseTo(0.7, 2);
  });

  it('that is taken away gives back what the receiver looked at before', async () => {
    await world.start();
    await world.keeper.setPlan('rx', PLAN, 'wang');
    await pass(1);
    await world.keeper.setPlan('rx', null, 'wang');
    await pass(1);
    expect(world.orders.at(-1)?.order).toEqual({ command: 'tune', centerHz: 98e6, sampleRateHz: 2.4e6, gainDb: 22.9 });
    expect(world.status).toMatchObject({ holder: 'none', plan: null, order: 'idle' });
    expect(world.records.get('rx')?.home).toBeNull();
  });

  it('that is impossible is refused, and the one before it stays', async () => {
    await world.start();
    await world.keeper.setPlan('rx', PLAN, 'wang');
    const wrong = { ...PLAN, bands: [{ lowHz: 2e9, highHz: 2.1e9, priority: 1, dwellSeconds: null }] };
    await expect(world.keeper.setPlan('rx', wrong, 'li')).rejects.toMatchObject({
      code: 'bad-input',
      message: /24 MHz/,
    });
    expect(world.status.plan).toEqual(PLAN);
  });
});

describe('a task', () => {
  it('goes before the plan, and gives back when its time is over', async () => {
    await world.start();
    await world.keeper.setPlan('rx', PLAN, 'wang');
    await pass(0.7);
    await world.keeper.startTask('rx', task(98.7e6));
    world.orders.length = 0;
    await pass(599);
    expect(world.orders).toEqual([]);
    expect(world.status).toMatchObject({ holder: 'task', task: { by: 'li', endsMs: T0_MS + 600_700 } });
    await pass(2);
    expect(world.status).toMatchObject({ holder: 'plan', task: null });
    expect(world.centers[0]).not.toBe(98.7);
  });

  it('that begins while frames of the one before are still under way gives back to where that one gave back', async () => {
    await world.start();
    const first = await world.keeper.startTask('rx', task(433.92e6));
    world.keeper.frame(iq(433.92e6));
    await world.keeper.releaseTask('rx', first.task!.id);
    await pass(1);
    world.keeper.frame(iq(433.92e6));
    const second = await world.keeper.startTask('rx', task(99e6));
    world.keeper.frame(iq(99e6));
    await world.keeper.releaseTask('rx', second.task!.id);
    await pass(1);
    expect(world.centers).toEqual([433.92, 98, 99, 98]);
  });

  it('without an end stays until it is released, and not by the id of another', async () => {
    await world.start();
    const { task: held } = await world.keeper.startTask('rx', task(98.7e6, { seconds: null }));
    await pass(86_400);
    expect(world.status.holder).toBe('task');
    await expect(world.keeper.releaseTask('rx', 'another')).rejects.toMatchObject({ code: 'conflict' });
    await world.keeper.releaseTask('rx', held!.id);
    await pass(1);
    expect(world.centers).toEqual([98.7, 98]);
  });

  it('of another person is told of, and only taken over by name', async () => {
    await world.start();
    const { task: held } = await world.keeper.startTask('rx', task(98.7e6));
    const second = task(101e6, { by: 'wang' });
    await expect(world.keeper.startTask('rx', second)).rejects.toMatchObject({
      code: 'conflict',
      message: /^li holds rx until 2026-06-15T21:10/,
    });
    await expect(world.keeper.startTask('rx', { ...second, takeOver: 'older' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await world.keeper.startTask('rx', { ...second, takeOver: held!.id })).toMatchObject({
      task: { by: 'wang' },
    });
    await pass(0);
    expect(world.centers).toEqual([98.7, 101]);
  });

  it('gives back when the service starts again', async () => {
    await world.start();
    await world.keeper.startTask('rx', task(98.7e6, { seconds: null }));
    await pass(5);
    world.keeper.stop();
    await world.start({}, iq(98.7e6));
    await pass(1);
    expect(world.centers).toEqual([98.7, 98]);
    expect(world.status).toMatchObject({ holder: 'none', task: null });
  });

  it('is seen when frames of its tuning come, and those under way of the old one are not taken for it', async () => {
    await world.start();
    await world.keeper.startTask('rx', task(433.92e6));
    await pass(0);
    world.keeper.frame(iq(98e6));
    expect(world.status.order).toBe('accepted');
    world.keeper.frame(iq(433.92e6 + 20));
    expect(world.status.order).toBe('seen');
  });

  it('is commanded anew when the receiver has lost its tuning', async () => {
    await world.start();
    await world.keeper.startTask('rx', task(433.92e6));
    await pass(0);
    world.keeper.frame(iq(433.92e6));
    for (let i = 0; i < 12; i++) {
      await pass(1);
      world.keeper.frame(iq(98e6));
    }
    await pass(2);
    expect(world.centers).toEqual([433.92, 433.92]);
  });

  it.each([
    [task(5e9), /24 to 1766 MHz/],
    [{ ...task(0), tuning: { kind: 'scan' as const, startHz: 88e6, stopHz: 90e6, rbwHz: null } }, /centre/],
  ])('that cannot be is refused with a sentence', async (request, sentence) => {
    await world.start();
    await expect(world.keeper.startTask('rx', request)).rejects.toMatchObject({ code: 'bad-input', message: sentence });
  });

  it('is refused for a receiver that nobody approved', async () => {
    await world.start();
    world.state({ approved: false });
    await expect(world.keeper.startTask('rx', task(99e6))).rejects.toMatchObject({ message: /not approved/ });
  });
});

describe('a receiver', () => {
  it('that does not answer is asked again ever more slowly, and says so', async () => {
    world.answer = async () => ({ outcome: 'unanswered', error: 'the receiver did not answer' });
    await world.start();
    await world.keeper.startTask('rx', task(99e6, { seconds: null }));
    await pass(200);
    expect(world.orders.map(({ atMs }) => atMs / 1_000)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect(world.status).toMatchObject({ order: 'unanswered', orderError: 'the receiver did not answer' });
    world.answer = async () => ({ outcome: 'accepted' });
    await pass(60);
    expect(world.status).toMatchObject({ order: 'accepted', orderError: null, retryMs: null });
  });

  it('that refuses one step of a plan is asked for the others', async () => {
    world.answer = async (order) => {
      const refuses = order.command === 'tune' && order.centerHz === 119e6;
      return refuses ? { outcome: 'refused', error: 'no' } : { outcome: 'accepted' };
    };
    await world.start();
    await world.keeper.setPlan('rx', PLAN, 'wang');
    await pass(30);
    expect(new Set(world.centers)).toEqual(new Set([89.2, 91.6, 119]));
  });

  it('that is away is commanded when it comes back', async () => {
    await world.start();
    world.state({ state: 'offline' });
    await world.keeper.startTask('rx', task(99e6));
    await pass(30);
    expect([world.orders.length, world.status.order]).toEqual([0, 'away']);
    world.state({ state: 'online' });
    await pass(0);
    expect(world.centers).toEqual([99]);
    world.state({ state: 'offline' });
    world.state({ state: 'online' });
    await pass(0);
    expect(world.centers).toEqual([99, 99]);
  });

  it('that sweeps is given spans', async () => {
    const sweep = {
      ...iq(0),
      kind: 'sweep',
      startHz: 88e6,
      stepHz: 1e5,
      powers: new Float32Array(201),
    } as unknown as Sweep;
    await world.start({}, { ...sweep, sequence: 1, durationSeconds: 0.4, rbwHz: 1e5, unit: 'dBm', flags: [] });
    const tuning = { kind: 'scan', startHz: 118e6, stopHz: 137e6, rbwHz: 25_000 } as const;
    const { task: held } = await world.keeper.startTask('rx', { ...task(0), tuning });
    await world.keeper.releaseTask('rx', held!.id);
    await pass(1);
    expect(world.orders.map(({ order }) => order)).toEqual([
      { command: 'scan', startHz: 118e6, stopHz: 137e6, rbwHz: 25_000 },
      { command: 'scan', startHz: 88e6, stopHz: 108e6, rbwHz: 1e5 },
    ]);
  });
});

describe('a mission', () => {
  const mission = (change: Partial<Mission> = {}) => ({
    id: 'm1',
    receiver: 'rx',
    name: 'FM by night',
    schedule: {
      timeZone: 'UTC',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      start: '22:00',
      stop: '04:00',
      fromDate: null,
      untilDate: null,
    },
    plan: { ...PLAN, bands: [{ lowHz: 104e6, highHz: 106e6, priority: 1, dwellSeconds: null }] },
    enabled: true,
    changedBy: 'wang',
    ...change,
  });

  it('goes before the plan while it runs, a task before both, and each gives back', async () => {
    await world.start();
    await world.keeper.setPlan('rx', { ...PLAN, bands: [PLAN.bands[1]] }, 'wang');
    expect(await world.keeper.putMission(mission())).toMatchObject({
      running: false,
      nextStartMs: T0_MS + 3_600_000,
      nextStopMs: T0_MS + 7 * 3_600_000,
    });
    await pass(3_601);
    expect(world.status).toMatchObject({ holder: 'mission', mission: { id: 'm1', name: 'FM by night' } });
    await world.keeper.startTask('rx', task(433.92e6, { seconds: 60 }));
    expect(world.status.holder).toBe('task');
    await pass(61);
    expect(world.status.holder).toBe('mission');
    await pass(6 * 3_600);
    expect(world.status).toMatchObject({ holder: 'plan', mission: null });
    expect(world.centers).toEqual([119, 105, 433.92, 105, 119]);
    expect(world.keeper.missions()[0]).toMatchObject({ running: false, nextStartMs: T0_MS + 25 * 3_600_000 });
  });

  it('that is switched off or removed ends at once', async () => {
    await world.start();
    await world.keeper.putMission(mission({ schedule: { ...mission().schedule, start: '20:00' } }));
    await pass(1);
    expect(world.status.holder).toBe('mission');
    await world.keeper.putMission(mission({ enabled: false }));
    expect(world.status.holder).toBe('none');
    await world.keeper.removeMission('m1');
    expect([world.keeper.missions(), world.missions.size]).toEqual([[], 0]);
  });

  it('with a schedule that cannot be is refused with a sentence', async () => {
    await world.start();
    const wrong = mission({ schedule: { ...mission().schedule, timeZone: 'Mars/Olympus' } });
    await expect(world.keeper.putMission(wrong)).rejects.toMatchObject({ code: 'bad-input', message: /Mars/ });
  });
});

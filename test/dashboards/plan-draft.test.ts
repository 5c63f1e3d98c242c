import { describe, expect, it } from 'vitest';
import { formatCountdown, formatSeconds } from '../../dashboards/web/lib/format.ts';
import { formatRoute, parseRoute } from '../../dashboards/web/lib/route.ts';
import { draftOf, type PlanDraft, planOf } from '../../dashboards/web/receivers/plan-draft.ts';
import type { ReceiverReach, ScanPlan } from '../../src/core/tasking.ts';

const PLAN: ScanPlan = {
  bands: [
    { lowHz: 87_500_000, highHz: 108_000_000, priority: 3, dwellSeconds: null },
    { lowHz: 433_050_000, highHz: 434_790_000, priority: 1, dwellSeconds: 0.25 },
  ],
  dwellSeconds: 0.2,
  gainDb: 22.9,
  sampleRateHz: 2_400_000,
  usableShare: 0.8,
  rbwHz: 12_500,
  stepSpanHz: 5_000_000,
};
const REACH: ReceiverReach = {
  kind: 'scan',
  lowHz: 118e6,
  highHz: 137e6,
  sampleRateHz: null,
  gainDb: null,
  rbwHz: 25_000,
  frameSeconds: 1.21,
};

describe('a plan as it is typed', () => {
  it('means the plan that it was made of', () => {
    expect(planOf(draftOf(PLAN, null), PLAN.sampleRateHz)).toEqual({ ok: true, plan: PLAN });
  });

  it('begins with what the receiver sees now, and a dwell that holds one sweep', () => {
    const drafted = planOf(draftOf(null, REACH), null);
    expect(drafted).toMatchObject({
      ok: true,
      plan: { bands: [{ lowHz: 118e6, highHz: 137e6, priority: 1 }], dwellSeconds: 2.5, usableShare: 0.8 },
    });
  });

  it('takes frequencies as people write them', () => {
    const draft = draftOf(PLAN, null);
    const bands = [{ low: '7100k', high: '1,575 GHz', priority: '9', dwell: '0,5' }];
    const drafted = planOf({ ...draft, bands }, null);
    expect(drafted).toMatchObject({
      ok: true,
      plan: { bands: [{ lowHz: 7.1e6, highHz: 1.575e9, dwellSeconds: 0.5 }] },
    });
  });

  it.each<[Partial<PlanDraft>, number | null]>([
    [{ bands: [{ low: '88', high: '', priority: '1', dwell: '' }] }, 0],
    [{ bands: [{ low: '88', high: '108', priority: '10', dwell: '' }] }, 0],
    [{ bands: [{ low: '88', high: '108', priority: '1', dwell: '0' }] }, 0],
    [{ dwell: 'long' }, null],
    [{ usablePct: '120' }, null],
    [{ gain: 'max' }, null],
  ])('is no plan while a field makes no sense: %j', (change, badBand) => {
    expect(planOf({ ...draftOf(PLAN, null), ...change }, null)).toEqual({ ok: false, badBand });
  });
});

describe('times', () => {
  it.each([
    [0.012, '12 ms'],
    [0.112, '0.11 s'],
    [1.904, '1.9 s'],
    [64.2, '64 s'],
    [720, '12 min'],
    [9_000, '2.5 h'],
  ])('of %d s are told to two figures or three', (seconds, text) => {
    expect(formatSeconds(seconds, 'en')).toBe(text);
  });

  it('that are left count down to the last second', () => {
    expect([3729, 245, 0.4, -3].map(formatCountdown)).toEqual(['1:02:09', '4:05', '0:01', '0:00']);
  });
});

describe('the address of the page Receivers', () => {
  it('carries the receiver whose details are shown', () => {
    expect(formatRoute({ page: 'receivers', receiver: 'roof' })).toBe('/receivers?rx=roof');
    expect(parseRoute('/receivers', '?rx=roof')).toEqual({ page: 'receivers', receiver: 'roof' });
    expect(parseRoute('/receivers', '')).toEqual({ page: 'receivers', receiver: null });
  });
});

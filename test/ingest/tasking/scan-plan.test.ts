import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanBand, ReceiverReach, ScanPlan } from '../../../src/core/tasking.ts';
import { type PlanContext, roundOf, workOutPlan } from '../../../src/ingest/tasking/plan-outline.ts';
import { visitOrder } from '../../../src/ingest/tasking/visit-order.ts';

const priorities = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the order of visits', () => {
  it('gives each step as many visits in a round as its priority, and each slot one step', () => {
    fc.assert(
      fc.property(priorities, (given) => {
        const order = visitOrder(given);
        expect(order).toHaveLength(sum(given));
        for (const [step, priority] of given.entries()) {
          expect(order.filter((each) => each === step)).toHaveLength(priority);
        }
      }),
    );
  });

  it('keeps every step within one visit of its fair share, at every moment of the round', () => {
    fc.assert(
      fc.property(priorities, (given) => {
        const slots = sum(given);
        const visits = given.map(() => 0);
        visitOrder(given).forEach((step, slot) => {
          visits[step]++;
          for (const [i, priority] of given.entries()) {
            expect(Math.abs(visits[i] - (priority * (slot + 1)) / slots)).toBeLessThan(1);
          }
        });
      }),
      { numRuns: 50 },
    );
  });

  it('starves none: fewer than twice its mean interval of slots lie between two visits, over the round’s end too', () => {
    fc.assert(
      fc.property(priorities, (given) => {
        const slots = sum(given);
        const order = visitOrder(given);
        const twice = [...order, ...order];
        given.forEach((priority, step) => {
          const at = twice.flatMap((each, slot) => (each === step ? [slot] : []));
          for (let i = 1; i < at.length; i++) expect(at[i] - at[i - 1]).toBeLessThan((2 * slots) / priority);
        });
      }),
    );
  });

  it('is the same each time, and goes through steps of one priority from the first to the last', () => {
    expect(visitOrder([1, 1, 1, 1])).toEqual([0, 1, 2, 3]);
    expect(visitOrder([3, 1, 1, 1])).toEqual(visitOrder([3, 1, 1, 1]));
    expect(visitOrder([3, 1, 1, 1]).filter((step) => step === 0)).toHaveLength(3);
    expect(visitOrder([3, 1, 1, 1]).join('')).not.toMatch(/00/);
  });
});

const IQ: ReceiverReach = {
  kind: 'tune',
  lowHz: 97e6,
  highHz: 99e6,
  sampleRateHz: 2.4e6,
  gainDb: null,
  rbwHz: null,
  frameSeconds: 0.0546,
};
const SWEEP: ReceiverReach = { ...IQ, kind: 'scan', sampleRateHz: null, rbwHz: 10_000, frameSeconds: 0.5 };

const context = (change: Partial<PlanContext> = {}): PlanContext => ({
  reach: IQ,
  ranges: [{ lowHz: 24e6, highHz: 1766e6 }],
  retuneSeconds: 0.012,
  retuneMeasured: true,
  ...change,
});
const band = (lowHz: number, highHz: number, change: Partial<PlanBand> = {}): PlanBand => ({
  lowHz,
  highHz,
  priority: 1,
  dwellSeconds: null,
  ...change,
});
const plan = (bands: readonly PlanBand[], change: Partial<ScanPlan> = {}): ScanPlan => ({
  bands,
  dwellSeconds: 0.1,
  gainDb: null,
  sampleRateHz: null,
  usableShare: 1,
  rbwHz: null,
  stepSpanHz: null,
  ...change,
});

describe('a plan', () => {
  it('of 40 MHz at 2.4 MS/s has 17 steps, each seen every 1.9 s', () => {
    const { outline } = workOutPlan(plan([band(88e6, 128e6)]), context());
    expect(outline.steps).toBe(17);
    // 17 · (100 ms + 12 ms)
    expect(outline.bands[0].revisitSeconds).toBeCloseTo(1.904, 9);
    expect(outline.bands[0].longestGapSeconds).toBeCloseTo(1.904 - 0.112, 9);
    expect(outline.problem).toBeNull();
  });

  it('uses only the flat middle of the filter: at 80 % the same band has 21 steps', () => {
    expect(workOutPlan(plan([band(88e6, 128e6)], { usableShare: 0.8 }), context()).outline.steps).toBe(21);
  });

  it('sees a band of priority 3 three times as often as one of priority 1', () => {
    const bands = [band(88e6, 88e6 + 4.8e6, { priority: 3 }), band(108e6, 108e6 + 9.6e6)];
    const { outline } = workOutPlan(plan(bands), context());
    const [fm, air] = outline.bands;
    // A round is 2 · 3 + 4 · 1 visits of 112 ms.
    expect(outline.roundSeconds).toBeCloseTo(1.12, 9);
    expect(air.revisitSeconds).toBeCloseTo(1.12, 9);
    expect(fm.revisitSeconds).toBeCloseTo(1.12 / 3, 9);
  });

  it('holds a single step without going away from it', () => {
    const { outline } = workOutPlan(plan([band(98e6, 100e6)]), context());
    expect(outline).toMatchObject({ steps: 1, roundSeconds: 0.1, bands: [{ longestGapSeconds: 0 }] });
  });

  it('covers every hertz of its bands with its steps, none wider than what the receiver sees', () => {
    const bands = fc.array(
      fc.record({
        lowHz: fc.integer({ min: 24_000_000, max: 1_000_000_000 }),
        span: fc.integer({ min: 1_000, max: 60_000_000 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(bands, fc.double({ min: 0.3, max: 1, noNaN: true }), (given, usableShare) => {
        const asked = given.map(({ lowHz, span }) => band(lowHz, lowHz + span));
        const { steps } = workOutPlan(plan(asked, { usableShare }), context());
        asked.forEach(({ lowHz, highHz }, index) => {
          const own = steps.filter((step) => step.band === index);
          expect([own[0].lowHz, own[own.length - 1].highHz]).toEqual([lowHz, highHz]);
          own.forEach((step, i) => {
            if (i > 0) expect(step.lowHz).toBe(own[i - 1].highHz);
            const { tuning } = step;
            if (tuning.kind !== 'tune') throw new Error('expected a tuning');
            const half = (2.4e6 * usableShare) / 2;
            expect(tuning.centerHz - half).toBeLessThanOrEqual(step.lowHz + 1);
            expect(tuning.centerHz + half).toBeGreaterThanOrEqual(step.highHz - 1);
          });
        });
      }),
    );
  });

  it('of a sweeping receiver has one sweep a band, or as many as the span of a step asks for', () => {
    const sweeping = context({ reach: SWEEP });
    const wide = plan([band(88e6, 108e6)], { dwellSeconds: 1, rbwHz: 30_000 });
    expect(workOutPlan(wide, sweeping).steps.map(({ tuning }) => tuning)).toEqual([
      { kind: 'scan', startHz: 88e6, stopHz: 108e6, rbwHz: 30_000 },
    ]);
    expect(workOutPlan({ ...wide, stepSpanHz: 5e6 }, sweeping).steps).toHaveLength(4);
  });

  it('goes round in the order of the visits', () => {
    const asked = plan([band(88e6, 90e6, { priority: 2 }), band(100e6, 102e6)]);
    const { steps } = workOutPlan(asked, context());
    expect(roundOf(asked, steps).map((step) => step.band)).toEqual(visitOrder([2, 1]));
  });
});

describe('an impossible plan is refused with a sentence', () => {
  it.each([
    ['no band', plan([]), {}, 'no-band', null],
    ['a band backwards', plan([band(108e6, 88e6)]), {}, 'band-order', 0],
    ['a band that is too high', plan([band(88e6, 90e6), band(1.7e9, 1.9e9)]), {}, 'outside-range', 1],
    ['a dwell below one block', plan([band(88e6, 90e6)], { dwellSeconds: 0.05 }), {}, 'dwell-too-short', 0],
    ['a dwell below one sweep', plan([band(88e6, 90e6)]), { reach: SWEEP }, 'dwell-too-short', 0],
    ['too many steps', plan([band(24e6, 1766e6)]), {}, 'too-many-steps', null],
    ['a round of days', plan([band(24e6, 624e6)], { dwellSeconds: 3600 }), {}, 'round-too-long', null],
    ['a receiver that never sent anything', plan([band(88e6, 90e6)]), { reach: null }, 'reach-unknown', null],
  ] as const)('%s', (_case, asked, change, code, at) => {
    const { outline, steps } = workOutPlan(asked, context(change));
    expect(outline.problem).toMatchObject({ code, band: at });
    expect(outline.problem?.message).toMatch(/^[a-z].{15,}/);
    expect(steps).toEqual([]);
  });
});

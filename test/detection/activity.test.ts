import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Activity, compareTiming, HANG_SECONDS } from '../../src/detection/activity.ts';

const ROW = 0.004;

/** Rows of 4 ms: '#' on the air, '.' off, '|' a gap in the observation. */
function play(pattern: string, observedBefore = true): Activity {
  const activity = new Activity(HANG_SECONDS, observedBefore);
  let at = 0;
  for (const mark of pattern) {
    if (mark === '#') activity.on(at, ROW, 1);
    else if (mark === '.') activity.off(at, ROW);
    else activity.interrupt();
    at += ROW;
  }
  return activity;
}

const timing = (stronger: string, weaker: string) => compareTiming(play(stronger), play(weaker), 2 * ROW).is;

describe('the activity of a track', () => {
  it('counts transmissions, and takes a pause shorter than the hang time for keying', () => {
    expect(play('..####....####....').bursts).toBe(2);
    expect(play('..##.##.##.##....').bursts).toBe(1);
  });

  it('adds up the rows on the air', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('#', '.'), { minLength: 1, maxLength: 80 }), (marks) => {
        const activity = play(marks.join(''));
        expect(activity.activeSeconds).toBeCloseTo(marks.filter((mark) => mark === '#').length * ROW, 9);
      }),
    );
  });

  it('keeps its intervals in order and apart', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('#', '.', '|'), { minLength: 1, maxLength: 200 }), (marks) => {
        const all = play(marks.join('')).all();
        for (const [i, interval] of all.entries()) {
          expect(interval.stop).toBeGreaterThan(interval.start);
          if (i > 0) expect(interval.start).toBeGreaterThanOrEqual(all[i - 1].stop - 1e-9);
        }
      }),
    );
  });

  it('goes on over a gap in the observation, whose ends are no edges of the signal', () => {
    const activity = play('####|####....');
    expect(activity.bursts).toBe(1);
    expect(activity.all().map(({ startSeen, stopSeen }) => [startSeen, stopSeen])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('finds an edge inside a row by the share of power that the row has', () => {
    const activity = new Activity(HANG_SECONDS, true);
    activity.off(0, ROW);
    activity.on(ROW, ROW, 0.25);
    activity.on(2 * ROW, ROW, 1);
    activity.on(3 * ROW, ROW, 0.5);
    for (let row = 4; row < 10; row++) activity.off(row * ROW, ROW);
    expect(activity.firstStart).toBeCloseTo(1.75 * ROW, 9);
    expect(activity.stop).toBeCloseTo(3.5 * ROW, 9);
  });
});

describe('the timing of two tracks', () => {
  it('is the same where both switch together', () => {
    expect(timing('..........##########..........', '..........##########..........')).toBe('same');
  });

  it('is different where the weaker one is on the air alone', () => {
    expect(timing('..........##########..........', '..........####################')).toBe('different');
  });

  it('is within where the weaker one comes and goes during the stronger', () => {
    expect(timing('..........####################', '...............#####..........')).toBe('within');
  });

  it('says nothing of two that were always on', () => {
    const always = () => play('##########', false);
    expect(compareTiming(always(), always(), 2 * ROW).is).toBe('unknown');
  });

  it('says nothing by the gaps of the observation, which two stations have in common', () => {
    const gaps = () => play('######|######|######', false);
    expect(compareTiming(gaps(), gaps(), 2 * ROW)).toMatchObject({ is: 'unknown', edges: 0 });
  });
});

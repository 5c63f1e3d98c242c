import { describe, expect, it } from 'vitest';
import type { MissionSchedule } from '../../../src/core/tasking.ts';
import { nextRun, runOn, scheduleProblem } from '../../../src/ingest/tasking/mission-calendar.ts';

function schedule(change: Partial<MissionSchedule> = {}): MissionSchedule {
  return {
    timeZone: 'Europe/Berlin',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    start: '22:00',
    stop: '04:00',
    fromDate: null,
    untilDate: null,
    ...change,
  };
}

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16));

/**
 * Worked out by hand from the rules of the zones. Europe: clocks change at 01:00 UTC on the last Sunday of March and of
 * October; USA: at 02:00 local on the second Sunday of March and the first of November; Lord Howe moves by half an hour
 * at 02:00; Chile at midnight; Samoa left out 30 December 2011.
 */
const NIGHTS: readonly [string, string, string, string, string, string, string][] = [
  ['winter', 'Europe/Berlin', '2026-01-15', '22:00', '04:00', '2026-01-15T21:00', '2026-01-16T03:00'],
  ['the short night', 'Europe/Berlin', '2026-03-28', '22:00', '04:00', '2026-03-28T21:00', '2026-03-29T02:00'],
  ['the long night', 'Europe/Berlin', '2026-10-24', '22:00', '04:00', '2026-10-24T20:00', '2026-10-25T03:00'],
  ['a start that never comes', 'Europe/Berlin', '2026-03-29', '02:30', '05:00', '2026-03-29T01:00', '2026-03-29T03:00'],
  ['a stop that never comes', 'Europe/Berlin', '2026-03-29', '01:00', '02:30', '2026-03-29T00:00', '2026-03-29T01:00'],
  ['a start that comes twice', 'Europe/Berlin', '2026-10-25', '02:30', '04:00', '2026-10-25T00:30', '2026-10-25T03:00'],
  ['a stop that comes twice', 'Europe/Berlin', '2026-10-25', '01:00', '02:30', '2026-10-24T23:00', '2026-10-25T01:30'],
  ['short, in America', 'America/New_York', '2026-03-07', '22:00', '04:00', '2026-03-08T03:00', '2026-03-08T08:00'],
  ['long, in America', 'America/New_York', '2026-10-31', '22:00', '04:00', '2026-11-01T02:00', '2026-11-01T09:00'],
  ['half an hour back', 'Australia/Lord_Howe', '2026-04-04', '22:00', '04:00', '2026-04-04T11:00', '2026-04-04T17:30'],
  ['half an hour on', 'Australia/Lord_Howe', '2026-10-03', '22:00', '04:00', '2026-10-03T11:30', '2026-10-03T17:00'],
  ['in that half hour', 'Australia/Lord_Howe', '2026-10-04', '02:15', '03:00', '2026-10-03T15:30', '2026-10-03T16:00'],
  ['no midnight', 'America/Santiago', '2026-09-06', '00:00', '02:00', '2026-09-06T04:00', '2026-09-06T05:00'],
  ['two midnights', 'America/Santiago', '2026-04-04', '23:30', '01:00', '2026-04-05T02:30', '2026-04-05T05:00'],
  ['no tomorrow', 'Pacific/Apia', '2011-12-29', '22:00', '04:00', '2011-12-30T08:00', '2011-12-30T10:00'],
  ['no daylight saving', 'Asia/Shanghai', '2026-07-01', '22:00', '04:00', '2026-07-01T14:00', '2026-07-01T20:00'],
  ['UTC', 'UTC', '2026-03-28', '22:00', '04:00', '2026-03-28T22:00', '2026-03-29T04:00'],
  ['all day', 'UTC', '2026-03-28', '00:00', '00:00', '2026-03-28T00:00', '2026-03-29T00:00'],
];

describe('a run', () => {
  it.each(NIGHTS)('holds to the clock of its zone: %s, %s', (_case, timeZone, date, start, stop, startUtc, stopUtc) => {
    const run = runOn(schedule({ timeZone, start, stop }), date);
    expect([iso(run?.startMs), iso(run?.stopMs)]).toEqual([startUtc, stopUtc]);
  });

  it('is none where its whole time never comes', () => {
    expect(runOn(schedule({ start: '02:10', stop: '02:40' }), '2026-03-29')).toBeNull();
  });

  it('belongs to the day on which it starts', () => {
    const fridays = schedule({ weekdays: [5] });
    expect(iso(runOn(fridays, '2026-06-05')?.stopMs)).toBe('2026-06-06T02:00');
    expect(runOn(fridays, '2026-06-06')).toBeNull();
  });

  it('is between the first and the last date, both included', () => {
    const june = schedule({ fromDate: '2026-06-01', untilDate: '2026-06-30' });
    const has = ['2026-05-31', '2026-06-01', '2026-06-30', '2026-07-01'].map((date) => runOn(june, date) !== null);
    expect(has).toEqual([false, true, true, false]);
  });
});

describe('the next run', () => {
  const at = (utc: string, change: Partial<MissionSchedule> = {}) => {
    const run = nextRun(schedule(change), Date.parse(`${utc}Z`));
    return run === null ? null : iso(run.startMs);
  };

  it('is the one that is on, after midnight too, and up to its last moment', () => {
    expect(at('2026-01-15T21:00:00')).toBe('2026-01-15T21:00');
    expect(at('2026-01-16T02:59:59')).toBe('2026-01-15T21:00');
    expect(at('2026-01-16T03:00:00')).toBe('2026-01-16T21:00');
  });

  it('skips the days that it does not start on', () => {
    expect(at('2026-01-16T03:00:00', { weekdays: [1] })).toBe('2026-01-19T21:00');
  });

  it('is found however far off its first date is, and is none after its last', () => {
    expect(at('2026-01-01T00:00:00', { fromDate: '2031-05-01', weekdays: [7] })).toBe('2031-05-04T20:00');
    expect(at('2026-01-16T02:00:00', { untilDate: '2026-01-15' })).toBe('2026-01-15T21:00');
    expect(at('2026-01-16T03:00:00', { untilDate: '2026-01-15' })).toBeNull();
  });

  it('is found past the one Sunday on which its time never comes', () => {
    expect(at('2026-03-28T23:00:00', { start: '02:10', stop: '02:40', weekdays: [7] })).toBe('2026-04-05T00:10');
  });
});

describe('a schedule', () => {
  it.each([
    [{ timeZone: 'Mars/Olympus' }, /Mars/],
    [{ timeZone: '+08:00' }, /\+08:00/],
    [{ weekdays: [] }, /day/],
    [{ start: '24:00' }, /22:00/],
    [{ fromDate: '2026-02-30' }, /2026-02-30/],
    [{ fromDate: '2026-02-02', untilDate: '2026-02-01' }, /after/],
  ] as const)('is refused with a sentence: %j', (change, sentence) => {
    expect(scheduleProblem(schedule(change as Partial<MissionSchedule>))).toMatch(sentence);
  });

  it('is accepted in UTC and in every zone of the table', () => {
    for (const [, timeZone] of NIGHTS) expect(scheduleProblem(schedule({ timeZone }))).toBeNull();
  });
});

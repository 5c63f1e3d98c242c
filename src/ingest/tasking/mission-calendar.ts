import type { MissionSchedule } from '../../core/tasking.ts';
import { addDays, isTimeZone, localDate, momentsOf, weekdayOf } from './zoned-time.ts';

export interface MissionRun {
  readonly startMs: number;
  readonly stopMs: number;
}

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
/** Within so many days every weekday comes, with one that a zone left out and a night that a change swallowed. */
const DAYS_AHEAD = 16;

function isDate(text: string): boolean {
  return DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** What is wrong with a schedule, as a sentence; null: nothing. */
export function scheduleProblem(schedule: MissionSchedule): string | null {
  const { timeZone, weekdays, start, stop, fromDate, untilDate } = schedule;
  if (!isTimeZone(timeZone))
    return `timeZone: "${timeZone}" is not known; expected UTC or a name such as Asia/Shanghai`;
  if (weekdays.length === 0) return 'weekdays: at least one day is expected';
  if (!TIME.test(start) || !TIME.test(stop)) return 'start, stop: a time such as 22:00 is expected';
  for (const date of [fromDate, untilDate]) {
    if (date !== null && !isDate(date)) return `"${date}": a date such as 2026-03-29 is expected`;
  }
  return fromDate !== null && untilDate !== null && fromDate > untilDate ? 'fromDate lies after untilDate' : null;
}

/** The run that starts on `date` of the zone's calendar; null where none does. */
export function runOn(schedule: MissionSchedule, date: string): MissionRun | null {
  const { timeZone, weekdays, start, stop, fromDate, untilDate } = schedule;
  if (!weekdays.includes(weekdayOf(date))) return null;
  if ((fromDate !== null && date < fromDate) || (untilDate !== null && date > untilDate)) return null;
  const stopDate = stop <= start ? addDays(date, 1) : date;
  // An hour that comes twice belongs to the mission both times.
  const startMs = momentsOf(date, start, timeZone).firstMs;
  const stopMs = momentsOf(stopDate, stop, timeZone).lastMs;
  return startMs < stopMs ? { startMs, stopMs } : null;
}

/** The run that is on at `nowMs`, or else the next one; null where none is left. */
export function nextRun(schedule: MissionSchedule, nowMs: number): MissionRun | null {
  const today = localDate(nowMs, schedule.timeZone);
  const { fromDate } = schedule;
  // Yesterday's may still be on; the day before where the zone has left out a day.
  const first = fromDate !== null && fromDate > today ? fromDate : addDays(today, -2);
  for (let day = 0; day < DAYS_AHEAD; day++) {
    const run = runOn(schedule, addDays(first, day));
    if (run !== null && run.stopMs > nowMs) return run;
  }
  return null;
}

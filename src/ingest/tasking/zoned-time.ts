/** Local time of a zone by its rules, from the time zone database that the runtime brings. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

export function isTimeZone(timeZone: string): boolean {
  // Offsets such as +08:00 are no zones: they know no daylight saving, and who writes one means UTC.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(timeZone)) return false;
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What a clock of the zone shows at `ms`, as ms since 1970 of a clock that shows UTC. */
function shownMs(ms: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(ms)) parts[type] = Number(value);
  const second = Math.floor(ms / 1000) * 1000;
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) + (ms - second);
}

export function localDate(ms: number, timeZone: string): string {
  return new Date(shownMs(ms, timeZone)).toISOString().slice(0, 10);
}

/** Longer than any zone ever moved its clocks: Samoa left out a whole day in 2011. */
const AROUND_MS = 1.5 * DAY_MS;

/**
 * When a clock of the zone shows `date` `time`. A time that comes twice, as clocks go back, has a first and a last
 * moment; one that never comes, as clocks go forward, is the moment of the change.
 */
export function momentsOf(date: string, time: string, timeZone: string): { firstMs: number; lastMs: number } {
  const wantedMs = Date.parse(`${date}T${time}:00Z`);
  const before = shownMs(wantedMs - AROUND_MS, timeZone) - (wantedMs - AROUND_MS);
  const after = shownMs(wantedMs + AROUND_MS, timeZone) - (wantedMs + AROUND_MS);
  const candidates = [wantedMs - before, wantedMs - after].sort((a, b) => a - b);
  const right = candidates.filter((ms) => shownMs(ms, timeZone) === wantedMs);
  if (right.length > 0) return { firstMs: right[0], lastMs: right[right.length - 1] };
  const changeMs = changeBetween(candidates[0], candidates[1], timeZone, wantedMs);
  return { firstMs: changeMs, lastMs: changeMs };
}

/** The first moment, to the minute, at which the zone's clock has passed `wantedMs`. */
function changeBetween(lowMs: number, highMs: number, timeZone: string, wantedMs: number): number {
  let low = Math.floor(lowMs / MINUTE_MS) - 1;
  let high = Math.ceil(highMs / MINUTE_MS) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shownMs(middle * MINUTE_MS, timeZone) < wantedMs) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/** ns of a whole ms. */
const NS_PER_MS = 1_000_000n;
/** A 64-bit count of ns ends here: years 1678 to 2262. */
const MAX_NS = 2n ** 63n;

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** A time as written: its fields without a zone, and the offset where one stands beside it. */
interface WrittenTime {
  /** The fields read as if they were UTC, ms since 1970. */
  readonly localMs: number;
  readonly subMsNs: bigint;
  readonly offsetMinutes: number | null;
}

function written(text: string): WrittenTime | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (y < 1600 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60) return null;
  const fractionNs = Number(fraction.slice(0, 9).padEnd(9, '0'));
  const ms = Date.UTC(y, mo - 1, d, h, mi, s) + Math.floor(fractionNs / 1e6);
  if (new Date(Date.UTC(y, mo - 1, d)).getUTCDate() !== d) return null;
  return { localMs: ms, subMsNs: BigInt(fractionNs % 1e6), offsetMinutes: offsetOf(zone) };
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (/^(z|utc)$/i.test(zone)) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0));
}

function nsFrom(ms: number, subMsNs: bigint): bigint | null {
  const timeNs = BigInt(ms) * NS_PER_MS + subMsNs;
  return timeNs >= -MAX_NS && timeNs < MAX_NS ? timeNs : null;
}

/** ns since 1970 of an ISO 8601 or RFC 3339 time; without an offset it is UTC. Null where it is no time. */
export function parseTimeNs(text: string): bigint | null {
  const time = written(text);
  return time === null ? null : nsFrom(time.localMs - (time.offsetMinutes ?? 0) * 60_000, time.subMsNs);
}

/** ISO 8601 UTC with as many decimals as needed, at least ms: `2026-06-15T13:48:13.555047Z`. */
export function formatTimeNs(timeNs: bigint): string {
  const subMsNs = ((timeNs % NS_PER_MS) + NS_PER_MS) % NS_PER_MS;
  const toMs = new Date(Number((timeNs - subMsNs) / NS_PER_MS)).toISOString().slice(0, -1);
  return `${toMs}${subMsNs === 0n ? '' : subMsNs.toString().padStart(6, '0').replace(/0+$/, '')}Z`;
}

/** The zone exists, so that a wrong name is told of before a file is read. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/**
 * Reads local times of one log in the order of its lines. Where clocks are set back, an hour comes twice:
 * the earlier reading is taken unless it would step back before the line above. Throws RangeError for
 * a zone that does not exist.
 */
export class LocalTimes {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  #previousMs = Number.NEGATIVE_INFINITY;
  #lastText = '';
  #lastNs: bigint | null = null;

  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** ns since 1970 of `YYYY-MM-DD HH:MM:SS[.ffffff]`, which may carry its own offset; null where it is no time. */
  parse(text: string): bigint | null {
    if (text === this.#lastText) return this.#lastNs;
    const time = written(text);
    const ms = time === null ? null : this.#utcMs(time);
    this.#lastText = text;
    this.#lastNs = time === null || ms === null ? null : nsFrom(ms, time.subMsNs);
    if (ms !== null) this.#previousMs = ms;
    return this.#lastNs;
  }

  #utcMs(time: WrittenTime): number {
    if (time.offsetMinutes !== null) return time.localMs - time.offsetMinutes * 60_000;
    const day = 86_400_000;
    const candidates = [time.localMs - day, time.localMs + day]
      .map((near) => time.localMs - this.#offsetMs(near))
      .filter((ms) => ms + this.#offsetMs(ms) === time.localMs)
      .sort((a, b) => a - b);
    // A time that clocks skipped has no candidate: it is read with the offset before the change.
    if (candidates.length === 0) return time.localMs - this.#offsetMs(time.localMs - day);
    return candidates.find((ms) => ms >= this.#previousMs) ?? candidates[0]!;
  }

  /** Local minus UTC at a time, ms. Offsets change on quarters of an hour at the finest. */
  #offsetMs(utcMs: number): number {
    const quarter = Math.floor(utcMs / 900_000);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const fields: Record<string, number> = {};
    for (const part of this.#format.formatToParts(quarter * 900_000)) fields[part.type] = Number(part.value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * 900_000;
    if (this.#offsets.size >= 10_000) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

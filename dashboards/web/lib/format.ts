import type { LevelUnit } from '../../../src/core/units.ts';
import type { Locale, TimeZoneChoice } from './settings.ts';

const numberFormats = new Map<string, Intl.NumberFormat>();

/** `value` with exactly `decimals` places, without grouping, with a true minus sign. */
export function formatNumber(value: number, decimals: number, locale: Locale): string {
  const key = `${locale}/${decimals}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: false,
    });
    numberFormats.set(key, format);
  }
  return format.format(value).replace('-', '\u2212');
}

/** Whole numbers with grouping: counts. */
export function formatCount(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value);
}

/** Large counts in short form: 1.2 M, 3.4 B; 120万 in Chinese. */
export function formatCompact(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** Radio Regulations No. 2.1: kHz up to 3 000 kHz, MHz up to 3 000 MHz, then GHz. */
export function frequencyUnit(hz: number): { readonly name: 'kHz' | 'MHz' | 'GHz'; readonly hz: number } {
  const size = Math.abs(hz);
  if (size <= 3e6) return { name: 'kHz', hz: 1e3 };
  return size <= 3e9 ? { name: 'MHz', hz: 1e6 } : { name: 'GHz', hz: 1e9 };
}

/** A frequency to 100 Hz (10 Hz in kHz, 1 kHz in GHz): what a monitoring report quotes. */
export function formatFrequency(hz: number, locale: Locale): string {
  const unit = frequencyUnit(hz);
  const decimals = unit.name === 'kHz' ? 2 : unit.name === 'MHz' ? 4 : 6;
  return `${formatNumber(hz / unit.hz, decimals, locale)} ${unit.name}`;
}

/** Both ends of a band in the unit of its upper end: 96.8000 – 99.2000 MHz. */
export function formatSpan(lowHz: number, highHz: number, locale: Locale): string {
  const unit = frequencyUnit(highHz);
  const decimals = unit.name === 'GHz' ? 4 : 3;
  return `${formatNumber(lowHz / unit.hz, decimals, locale)} – ${formatNumber(highHz / unit.hz, decimals, locale)} ${unit.name}`;
}

/** A bandwidth or span to three significant figures or so. */
export function formatBandwidth(hz: number, locale: Locale): string {
  const size = Math.abs(hz);
  const unit: { name: string; hz: number } =
    size < 1e3 ? { name: 'Hz', hz: 1 } : size < 1e6 ? { name: 'kHz', hz: 1e3 } : { name: 'MHz', hz: 1e6 };
  const scaled = size / unit.hz;
  const decimals = unit.name === 'Hz' || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  return `${formatNumber(hz / unit.hz, decimals, locale)} ${unit.name}`;
}

/** A length of time to two or three figures: 0.11 s, 1.9 s, 35 s, 12 min, 2.5 h. */
export function formatSeconds(seconds: number, locale: Locale): string {
  if (seconds < 0.095) return `${formatNumber(seconds * 1000, 0, locale)} ms`;
  if (seconds < 119.5) return `${formatNumber(seconds, seconds < 0.995 ? 2 : seconds < 9.95 ? 1 : 0, locale)} s`;
  if (seconds < 7170) return `${formatNumber(seconds / 60, 0, locale)} min`;
  return `${formatNumber(seconds / 3600, 1, locale)} h`;
}

/** What is left of a task: 4:05, 1:02:09. */
export function formatCountdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}

/** Decimals that tell neighbouring ticks `step` apart. */
export function tickDecimals(step: number): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
}

/** Spelled as the unit is printed: dBµV/m. */
export function unitLabel(unit: LevelUnit): string {
  return unit === 'dBuV/m' ? 'dBµV/m' : unit;
}

export function formatLevel(level: number, unit: LevelUnit, locale: Locale): string {
  return `${formatNumber(level, 1, locale)} ${unitLabel(unit)}`;
}

/** Reads "98.7", "98.7M", "409 MHz", "7100k", "1.575 GHz"; a bare number is MHz. Null where it is none. */
export function parseFrequency(text: string): number | null {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([kmg]?)(?:hz)?\s*$/i.exec(text);
  if (!match) return null;
  const scales: Record<string, number> = { '': 1e6, k: 1e3, m: 1e6, g: 1e9 };
  const bareHz = match[2] === '' && /hz\s*$/i.test(text);
  const value = Number(match[1].replace(',', '.')) * (bareHz ? 1 : scales[match[2].toLowerCase()]);
  return Number.isFinite(value) && value > 0 ? value : null;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

function timeFormat(locale: Locale, zone: TimeZoneChoice, withDate: boolean): Intl.DateTimeFormat {
  const key = `${locale}/${zone}/${withDate}`;
  let format = timeFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
      ...(withDate ? { year: 'numeric', month: locale === 'en' ? 'short' : '2-digit', day: '2-digit' } : {}),
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
    });
    timeFormats.set(key, format);
  }
  return format;
}

export function formatClock(ms: number, locale: Locale, zone: TimeZoneChoice): string {
  return timeFormat(locale, zone, false).format(ms);
}

export function formatDateTime(ms: number, locale: Locale, zone: TimeZoneChoice): string {
  return timeFormat(locale, zone, true).format(ms) + (zone === 'utc' ? ' UTC' : '');
}

export function otherZone(zone: TimeZoneChoice): TimeZoneChoice {
  return zone === 'utc' ? 'local' : 'utc';
}

const AGE_STEPS: readonly {
  readonly belowSeconds: number;
  readonly unit: Intl.RelativeTimeFormatUnit;
  readonly seconds: number;
}[] = [
  { belowSeconds: 90, unit: 'second', seconds: 1 },
  { belowSeconds: 120 * 60, unit: 'minute', seconds: 60 },
  { belowSeconds: 36 * 3600, unit: 'hour', seconds: 3600 },
  { belowSeconds: Number.POSITIVE_INFINITY, unit: 'day', seconds: 86_400 },
];

/** "12 sec. ago", "12秒前". */
export function formatAge(ageMs: number, locale: Locale): string {
  const seconds = Math.max(0, ageMs / 1000);
  const step = AGE_STEPS.find((candidate) => seconds < candidate.belowSeconds)!;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' });
  return relative.format(-Math.floor(seconds / step.seconds), step.unit);
}

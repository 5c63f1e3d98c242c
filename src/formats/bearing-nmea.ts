import type { BearingReading } from '../core/bearing.ts';
import { compass, LISTED_REJECTS, numberOf, type ParsedBearings, position } from './bearing-reading.ts';

/**
 * Bearings among the sentences of an NMEA 0183 stream:
 *
 *     $--RMC,hhmmss.ss,A,llll.ll,a,yyyyy.yy,a,x.x,x.x,ddmmyy,x.x,a*hh   time, place, magnetic variation
 *     $--HDT,x.x,T*hh                                                   true heading
 *     $--HDG,x.x,x.x,a,x.x,a*hh                                         magnetic heading, deviation, variation
 *     $PBWDF,hhmmss.ss,ddmmyy,f,b,r,u,l,q*hh                            a bearing: frequency f Hz, b degrees from
 *                                   r (T true, M magnetic, R relative to the heading), standard deviation u degrees,
 *                                   level l dB, quality q 0–99; time, date, u, l and q may be empty
 *     %bbb/q                                                            Agrelo DFjr and its likes: relative bearing,
 *                                                                       quality 0–9
 *
 * The last fix and heading hold for the bearings after them. A sentence without a checksum is taken, one with a
 * wrong checksum is not.
 */
const SENTENCE_CHARACTERS = 200;
const AGRELO = /^%(\d{3})\/(\d)/;

interface Fix {
  timeMs: number | null;
  lat: number | null;
  lon: number | null;
  headingDegrees: number | null;
  /** True less magnetic direction, degrees; east is positive. */
  variationDegrees: number | null;
}

export function parseNmeaBearings(text: string): ParsedBearings {
  const fix: Fix = { timeMs: null, lat: null, lon: null, headingDegrees: null, variationDegrees: null };
  const readings: BearingReading[] = [];
  const rejects: { line: number; reason: string }[] = [];
  let rejectedLines = 0;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const read = line.length > SENTENCE_CHARACTERS ? 'expected at most 200 characters' : readLine(line, fix);
    if (typeof read === 'object') {
      if (read !== null) readings.push(read);
    } else if (++rejectedLines <= LISTED_REJECTS) rejects.push({ line: index + 1, reason: read });
  }
  return { readings, rejects, rejected: rejectedLines };
}

/** A bearing, null for a sentence that has none, or what was expected. */
function readLine(line: string, fix: Fix): BearingReading | null | string {
  const agrelo = AGRELO.exec(line);
  if (agrelo !== null) {
    const degrees = Number(agrelo[1]);
    if (degrees > 360) return 'expected a bearing of at most 360';
    return reading(fix, { bearingDegrees: degrees, reference: 'heading', quality: Number(agrelo[2]) / 9 });
  }
  const sentence = /^\$([^*]*)(?:\*([0-9a-f]{2}))?$/i.exec(line);
  if (sentence === null) return 'expected a sentence of NMEA 0183, or %bbb/q';
  const [, body, sum] = sentence as unknown as [string, string, string | undefined];
  if (sum !== undefined && checksum(body) !== Number.parseInt(sum, 16)) return 'the checksum does not match';
  const [name = '', ...fields] = body.split(',');
  if (name === 'PBWDF') return bearingOf(fields, fix);
  const kind = name.startsWith('P') ? '' : name.slice(-3);
  if (kind === 'RMC') takeFix(fields, fix);
  else if (kind === 'HDT') fix.headingDegrees = angle(fields[0]);
  else if (kind === 'HDG') takeMagneticHeading(fields, fix);
  return null;
}

function checksum(body: string): number {
  let sum = 0;
  for (const character of body) sum ^= character.charCodeAt(0);
  return sum;
}

function bearingOf([time, date, frequency, bearing, from, uncertainty, level, quality]: string[], fix: Fix) {
  const degrees = angle(bearing);
  const frequencyHz = numberOf(frequency);
  if (degrees === null) return 'expected a bearing in degrees';
  if (frequencyHz === null || !(frequencyHz > 0 && frequencyHz <= 1e12)) return 'expected a frequency in Hz';
  const share = numberOf(quality);
  const deviation = numberOf(uncertainty);
  const stated = {
    timeMs: timeOf(time, date) ?? fix.timeMs,
    frequencyHz,
    levelDb: numberOf(level),
    quality: share === null ? null : Math.max(0, Math.min(1, share / 99)),
    uncertaintyDegrees: deviation !== null && deviation > 0 && deviation <= 180 ? deviation : null,
  };
  if (from === 'T') return reading(fix, { ...stated, bearingDegrees: degrees, reference: 'true' });
  if (from === 'R') return reading(fix, { ...stated, bearingDegrees: degrees, reference: 'heading' });
  if (from !== 'M') return 'expected T, M or R for what the bearing is measured from';
  const variation = fix.variationDegrees;
  if (variation === null) return reading(fix, { ...stated, bearingDegrees: degrees, reference: 'magnetic' });
  return reading(fix, { ...stated, bearingDegrees: compass(degrees + variation), reference: 'true' });
}

function reading(
  { timeMs, lat, lon, headingDegrees }: Fix,
  stated: Partial<BearingReading> & Pick<BearingReading, 'bearingDegrees' | 'reference'>,
): BearingReading {
  const silent = { station: null, frequencyHz: null, uncertaintyDegrees: null, quality: null, levelDb: null };
  return { ...silent, timeMs, lat, lon, headingDegrees, ...stated, bearingDegrees: compass(stated.bearingDegrees) };
}

function takeFix([time, status, lat, ns, lon, ew, , , date, variation, side]: string[], fix: Fix): void {
  if (status !== 'A') {
    Object.assign(fix, { timeMs: null, lat: null, lon: null });
    return;
  }
  fix.timeMs = timeOf(time, date);
  Object.assign(fix, position(degreesMinutes(lat, ns === 'S'), degreesMinutes(lon, ew === 'W')));
  const degrees = angle(variation);
  if (degrees !== null) fix.variationDegrees = side === 'W' ? -degrees : degrees;
}

function takeMagneticHeading([heading, deviation, east, variation, side]: string[], fix: Fix): void {
  const degrees = angle(heading);
  const varies = angle(variation);
  if (varies !== null) fix.variationDegrees = side === 'W' ? -varies : varies;
  const deviates = (angle(deviation) ?? 0) * (east === 'W' ? -1 : 1);
  const isTrue = degrees !== null && fix.variationDegrees !== null;
  fix.headingDegrees = isTrue ? compass(degrees + deviates + fix.variationDegrees!) : null;
}

function angle(text: string | undefined): number | null {
  const degrees = numberOf(text);
  return degrees === null || Math.abs(degrees) > 360 ? null : degrees;
}

/** ddmm.mmm or dddmm.mmm. */
function degreesMinutes(text: string | undefined, isNegative: boolean): number | null {
  const value = numberOf(text);
  if (value === null || value < 0) return null;
  const degrees = Math.floor(value / 100);
  const minutes = value - 100 * degrees;
  if (minutes >= 60) return null;
  return (isNegative ? -1 : 1) * (degrees + minutes / 60);
}

/** hhmmss.ss and ddmmyy, UTC; years from 2000 on. */
function timeOf(time: string | undefined, date: string | undefined): number | null {
  const clock = /^(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)$/.exec(time ?? '');
  const day = /^(\d\d)(\d\d)(\d\d)$/.exec(date ?? '');
  if (clock === null || day === null) return null;
  const [hour, minute, second] = clock.slice(1).map(Number) as [number, number, number];
  const [dayOfMonth, month, year] = day.slice(1).map(Number) as [number, number, number];
  const startMs = Date.UTC(2000 + year, month - 1, dayOfMonth);
  const isDay = new Date(startMs).getUTCDate() === dayOfMonth && month >= 1 && month <= 12;
  if (!isDay || hour > 23 || minute > 59 || second >= 61) return null;
  return startMs + ((hour * 60 + minute) * 60 + second) * 1000;
}

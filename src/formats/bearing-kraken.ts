import type { BearingReading } from '../core/bearing.ts';
import { accepted, type Parsed, rejected } from '../core/frames.ts';
import { compass, LISTED_REJECTS, numberOf, type ParsedBearings, position } from './bearing-reading.ts';

/**
 * KrakenSDR's CSV ("Kraken App" format of krakensdr_doa), one line a bearing:
 *
 *     0 UNIX time, ms          1 bearing, degrees clockwise from the array's front   2 confidence, 0–99
 *     3 power, dB (0 is most)  4 frequency, Hz   5 array: UCA, ULA, Custom           6 latency, ms
 *     7 station                8 latitude        9 longitude                        10 GPS heading, degrees
 *    11 compass heading       12 which of the two: GPS or Compass                   13–16 reserved
 *    17 … 376 power over 360 degrees, counted the other way round: not read
 *
 * The bearing is relative to the array: the heading of the vehicle or the mast makes it a true one. Without a place
 * the latitude and longitude are 0. The time is that of the result; the signal arrived `latency` before.
 */
const LEAST_FIELDS = 13;
const MOST_FIELDS = 1024;
const LINE_CHARACTERS = 16_384;

export function parseKrakenLine(line: string): Parsed<BearingReading> {
  if (line.length > LINE_CHARACTERS) return rejected('size', `expected at most ${LINE_CHARACTERS} characters`);
  const fields = line.split(',', MOST_FIELDS).map((field) => field.trim());
  if (fields.length < LEAST_FIELDS) return rejected('length', `expected at least ${LEAST_FIELDS} fields`);
  const [timeMs, bearing, confidence, levelDb, frequencyHz] = fields.slice(0, 5).map(numberOf);
  const latencyMs = numberOf(fields[6]) ?? 0;
  if (timeMs === null || !(timeMs! > 0 && timeMs! < 8.64e15))
    return rejected('value', 'field 1: a time in ms expected');
  if (bearing === null || !(Math.abs(bearing!) <= 360))
    return rejected('value', 'field 2: a bearing in degrees expected');
  if (frequencyHz === null || !(frequencyHz! > 0 && frequencyHz! <= 1e12)) {
    return rejected('value', 'field 5: a frequency in Hz expected');
  }
  const heading = numberOf(/^compass/i.test(fields[12]!) ? fields[11] : fields[10]);
  const isConfident = confidence !== null && confidence! >= 0 && confidence! <= 100;
  return accepted({
    station: fields[7] === '' ? null : fields[7]!.slice(0, 64),
    timeMs: timeMs! - Math.max(0, Math.min(latencyMs, 60_000)),
    frequencyHz: frequencyHz!,
    ...position(numberOf(fields[8]), numberOf(fields[9])),
    bearingDegrees: compass(bearing!),
    reference: 'heading',
    headingDegrees: heading === null || Math.abs(heading) > 360 ? null : compass(heading),
    uncertaintyDegrees: null,
    quality: isConfident ? Math.min(1, confidence! / 99) : null,
    levelDb: levelDb ?? null,
  });
}

export function parseKrakenCsv(text: string): ParsedBearings {
  const readings: BearingReading[] = [];
  const rejects: { line: number; reason: string }[] = [];
  let rejectedLines = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const parsed = parseKrakenLine(line);
    if (parsed.ok) readings.push(parsed.value);
    else if (++rejectedLines <= LISTED_REJECTS) rejects.push({ line: index + 1, reason: parsed.reject.detail });
  }
  return { readings, rejects, rejected: rejectedLines };
}

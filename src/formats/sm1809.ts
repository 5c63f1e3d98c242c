import { type Parsed, rejected, type Sweep } from '../core/frames.ts';
import type { LevelUnit } from '../core/units.ts';
import { checkedSweep, spanFault } from './sweep-checks.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';
import { decimal, fieldText, isBlank, isMissingWord } from './text-fields.ts';
import { LineSplitter } from './text-lines.ts';
import { LocalTimes } from './times.ts';

/**
 * ITU-R SM.1809 text: lines of a field and its value, a blank line, then a line each scan. Frequencies and
 * the filter are in kHz. With several bands the values, and the parts of a scan, are parted by semicolons:
 *
 *     FreqStart 88000;430000
 *     …
 *     12:00:00,-71.2,-70.8;,-98.0,-97.5
 *
 * Point i lies at start + i·(stop − start)/(points − 1). A time of day that is smaller than the one above it
 * is the next day's; an equal one is the same second. In a file of `FileType MobileData` latitude and longitude
 * stand between the time and the levels; they are passed over.
 */
export interface Sm1809Band {
  readonly startHz: number;
  readonly stopHz: number;
  readonly points: number;
  readonly filterHz: number | null;
  readonly unit: LevelUnit;
  /** Added to a printed level: dBµV into 50 Ω are dBm + 106.99. */
  readonly offsetDb: number;
}

export interface Sm1809Header {
  readonly fields: ReadonlyMap<string, string>;
  /** `YYYY-MM-DD` of the first scan. */
  readonly date: string;
  readonly scanSeconds: number | null;
  /** Values between a scan's time and its first band's levels: a position. */
  readonly leadingValues: number;
  readonly bands: readonly Sm1809Band[];
}

const DBUV_IN_DBM = 10 * Math.log10(50) + 90;
const UNITS: Readonly<Record<string, { unit: LevelUnit; offsetDb: number }>> = {
  dbm: { unit: 'dBm', offsetDb: 0 },
  dbuv: { unit: 'dBm', offsetDb: -DBUV_IN_DBM },
  'dbuv/m': { unit: 'dBuV/m', offsetDb: 0 },
};
const MAX_BANDS = 64;
const MAX_HEADER_LINES = 200;

export function parseSm1809Header(lines: readonly string[]): Parsed<Sm1809Header> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const match = /^(\S+)\s+(.*)$/.exec(line.trim());
    if (match !== null) fields.set(match[1]!, match[2]!.trim());
  }
  const split = (name: string) => (fields.get(name) ?? '').split(';').map((text) => text.trim());
  const starts = split('FreqStart');
  if (starts.length > MAX_BANDS) return rejected('size', `${starts.length} bands, expected at most ${MAX_BANDS}`);
  const bands: Sm1809Band[] = [];
  for (let i = 0; i < starts.length; i += 1) {
    const band = readBand(starts[i], split('FreqStop')[i], split('DataPoints')[i], split('FilterBandwidth')[i], {
      unit: split('LevelUnits')[i] ?? split('LevelUnits')[0] ?? '',
    });
    if (typeof band === 'string') return rejected('schema', band);
    bands.push(band);
  }
  // Some programs leave out leading zeros.
  const day = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(fields.get('Date') ?? '');
  if (day === null) return rejected('schema', 'Date: expected YYYY-MM-DD');
  const date = `${day[1]}-${day[2]!.padStart(2, '0')}-${day[3]!.padStart(2, '0')}`;
  const leadingValues = /^MobileData/i.test(fields.get('FileType') ?? '') ? 2 : 0;
  const scanSeconds = Number(split('ScanTime')[0]);
  return { ok: true, value: { fields, date, scanSeconds: scanSeconds > 0 ? scanSeconds : null, leadingValues, bands } };
}

function readBand(
  start: string | undefined,
  stop: string | undefined,
  count: string | undefined,
  filter: string | undefined,
  level: { unit: string },
): Sm1809Band | string {
  const number = (text: string | undefined) => (text === undefined || text === '' ? Number.NaN : Number(text));
  const [startHz, stopHz, points, filterHz] = [number(start) * 1e3, number(stop) * 1e3, number(count), number(filter)];
  const unit = UNITS[level.unit.toLowerCase().replace('µ', 'u')];
  if (!(stopHz > startHz)) return 'FreqStart and FreqStop: expected kHz, the second greater';
  if (unit === undefined) return 'LevelUnits: expected dBm, dBuV or dBuV/m';
  const fault = points >= 2 ? spanFault(startHz, (stopHz - startHz) / (points - 1), points) : 'expected 2 or more';
  if (fault !== null) return `DataPoints: ${fault}`;
  return { startHz, stopHz, points, filterHz: filterHz > 0 ? filterHz * 1e3 : null, ...unit };
}

export class Sm1809Reader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #lines = new LineSplitter();
  readonly #times: LocalTimes;
  readonly #receiver: string;
  #headerLines: string[] = [];
  #header: Sm1809Header | null = null;
  #broken = false;
  #lineNumber = 0;
  #day = 0;
  #lastTime = '';
  #sequence = 0;

  constructor(options: SweepReaderOptions) {
    this.#receiver = options.receiver;
    this.#times = new LocalTimes(options.timezone);
  }

  push(piece: Uint8Array): SweepBatch {
    this.#lines.push(piece, (line) => this.#readLine(line));
    return this.#tally.take();
  }

  finish(): SweepBatch {
    this.#lines.finish((line) => this.#readLine(line));
    if (this.#header === null && !this.#broken) this.#readHeader();
    if (this.#lines.tooLong > 0) this.#tally.reject('size', 'a line too long', this.#lines.tooLong);
    return this.#tally.take();
  }

  #readLine(line: Uint8Array): void {
    this.#lineNumber += 1;
    const blank = line.every(isBlank);
    if (this.#header === null && !this.#broken) {
      if (!blank && !/^\d\d:\d\d:\d\d,/.test(fieldText(line, 0, Math.min(9, line.length)))) this.#keepHeader(line);
      else if (this.#headerLines.length > 0) {
        this.#readHeader();
        if (!blank) this.#readScan(line);
      }
    } else if (!blank) this.#readScan(line);
  }

  #keepHeader(line: Uint8Array): void {
    if (this.#headerLines.length < MAX_HEADER_LINES && line.length <= 10_000) {
      this.#headerLines.push(new TextDecoder().decode(line));
    } else this.#tally.reject('size', 'a header that is too long');
  }

  #readHeader(): void {
    const header = parseSm1809Header(this.#headerLines);
    if (header.ok) {
      this.#header = header.value;
      this.#day = Date.parse(`${header.value.date}T00:00:00Z`) / 86_400_000;
      this.#broken = Number.isNaN(this.#day);
    } else this.#broken = true;
    if (!header.ok) this.#tally.reject(header.reject.reason, header.reject.detail, this.#headerLines.length);
  }

  #readScan(line: Uint8Array): void {
    if (this.#header === null || this.#broken) {
      this.#tally.reject('schema', 'scans under a header that cannot be read');
      return;
    }
    const timeNs = this.#timeOf(fieldText(line, 0, Math.min(8, line.length)));
    const parts = splitAt(line, 0x3b, MAX_BANDS + 1);
    if (timeNs === null || parts.length !== this.#header.bands.length) {
      this.#tally.reject('syntax', `line ${this.#lineNumber}: expected HH:MM:SS and levels for each band`);
      return;
    }
    this.#header.bands.forEach((band, i) => {
      const [from, to] = parts[i]!;
      const levels = readLevels(line, i === 0 ? afterCommas(line, from, this.#header!.leadingValues) : from, to, band);
      if (typeof levels === 'string') this.#tally.reject('syntax', `line ${this.#lineNumber}: ${levels}`);
      else this.#give(timeNs, band, levels);
    });
  }

  #timeOf(text: string): bigint | null {
    if (!/^\d\d:\d\d:\d\d$/.test(text)) return null;
    if (text < this.#lastTime) this.#day += 1;
    this.#lastTime = text;
    const date = new Date(this.#day * 86_400_000);
    return Number.isNaN(date.getTime()) ? null : this.#times.parse(`${date.toISOString().slice(0, 10)} ${text}`);
  }

  #give(timeNs: bigint, band: Sm1809Band, powers: Float32Array): void {
    const checked = checkedSweep({
      kind: 'sweep',
      receiver: this.#receiver,
      sequence: this.#sequence,
      timeNs,
      durationSeconds: this.#header!.scanSeconds,
      startHz: band.startHz,
      stepHz: (band.stopHz - band.startHz) / (band.points - 1),
      rbwHz: band.filterHz,
      unit: band.unit,
      powers,
      gainDb: null,
      flags: [],
    });
    if (!checked.ok) {
      this.#tally.reject(checked.reject.reason, `line ${this.#lineNumber}: ${checked.reject.detail}`);
      return;
    }
    this.#sequence += 1;
    this.#tally.add(checked.value.sweep, checked.value.filled);
  }
}

function splitAt(line: Uint8Array, mark: number, most: number): [number, number][] {
  const parts: [number, number][] = [];
  let from = 0;
  while (parts.length < most) {
    const at = line.indexOf(mark, from);
    parts.push([from, at < 0 ? line.length : at]);
    if (at < 0) break;
    from = at + 1;
  }
  return parts;
}

/** Levels after the time field of a part, or what was expected. */
function readLevels(line: Uint8Array, from: number, to: number, band: Sm1809Band): Float32Array | string {
  let at = line.indexOf(0x2c, from);
  const printed = countCommas(line, at < 0 ? to : at, to);
  if (printed !== band.points) return `${printed} levels, expected ${band.points}`;
  const levels = new Float32Array(band.points);
  let count = 0;
  while (at >= 0 && at < to) {
    const next = line.indexOf(0x2c, at + 1);
    const end = next < 0 || next > to ? to : next;
    const level = decimal(line, at + 1, end);
    if (Number.isNaN(level) && !isMissingWord(line, at + 1, end)) return 'expected levels';
    levels[count++] = level + band.offsetDb;
    at = end;
  }
  return levels;
}

/** Where the next comma after `count` of them begins a level. */
function afterCommas(line: Uint8Array, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i += 1) at = line.indexOf(0x2c, at) + 1 || line.length;
  return at;
}

function countCommas(line: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) if (line[i] === 0x2c) count += 1;
  return count;
}

/** What a file needs to say beyond its sweeps; each value as the Recommendation spells it. */
export interface Sm1809Station {
  readonly locationName: string;
  readonly lat: number;
  readonly lon: number;
  readonly antennaType: string;
  readonly detector: string;
}

/** The text of sweeps of one span, step and unit, in the order of their times; UTC. */
export function formatSm1809(station: Sm1809Station, sweeps: readonly Sweep[]): Parsed<string> {
  const first = sweeps[0];
  if (first === undefined) return rejected('length', 'no sweeps');
  if (first.unit !== 'dBm' && first.unit !== 'dBuV/m') return rejected('value', `${first.unit} is no unit of SM.1809`);
  const points = first.powers.length;
  const alike = (sweep: Sweep) =>
    sweep.startHz === first.startHz &&
    sweep.stepHz === first.stepHz &&
    sweep.powers.length === points &&
    sweep.unit === first.unit;
  if (!sweeps.every(alike)) return rejected('value', 'sweeps of different spans');
  const iso = (sweep: Sweep) => new Date(Number(sweep.timeNs / 1_000_000n)).toISOString();
  const lines = [
    'FileType Standard Data exchange Format 2.0',
    `LocationName ${station.locationName.replace(/\s+/g, ' ')}`,
    `Latitude ${degrees(station.lat, 2, 'NS')}`,
    `Longitude ${degrees(station.lon, 3, 'EW')}`,
    `FreqStart ${first.startHz / 1e3}`,
    `FreqStop ${(first.startHz + (points - 1) * first.stepHz) / 1e3}`,
    `AntennaType ${station.antennaType.replace(/\s+/g, ' ')}`,
    `FilterBandwidth ${(first.rbwHz ?? first.stepHz) / 1e3}`,
    `LevelUnits ${first.unit}`,
    `Date ${iso(first).slice(0, 10)}`,
    `DataPoints ${points}`,
    `ScanTime ${first.durationSeconds ?? 0}`,
    `Detector ${station.detector}`,
    '',
    ...sweeps.map((sweep) => `${iso(sweep).slice(11, 19)},${Array.from(sweep.powers, twoDecimals).join(',')}`),
  ];
  return { ok: true, value: `${lines.join('\n')}\n` };
}

function twoDecimals(level: number): string {
  return level.toFixed(2);
}

/** `DD.MM.SSN`: whole seconds of arc. */
function degrees(value: number, digits: number, signs: string): string {
  const seconds = Math.round(Math.abs(value) * 3600);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [d, m, s] = parts.map((part, i) => String(part).padStart(i === 0 ? digits : 2, '0'));
  return `${d}.${m}.${s}${value < 0 ? signs[1] : signs[0]}`;
}

import type { Assignment } from '../core/records.ts';

/**
 * Bandwarden's own register of frequency assignments: CSV by RFC 4180, UTF-8, one assignment a row.
 * Columns are found by their names, in any order and case; the described ones and no others.
 * Frequencies are Hz, coordinates WGS 84 degrees, radius km, days `YYYY-MM-DD` (or an ISO time) in UTC.
 * `valid_until` names the last day on which the assignment holds.
 */
export const REGISTER_COLUMNS = [
  'id',
  'kind',
  'licensee',
  'station',
  'call_sign',
  'service',
  'center_hz',
  'bandwidth_hz',
  'latitude',
  'longitude',
  'radius_km',
  'valid_from',
  'valid_until',
  'designator',
  'conditions',
] as const;
type Column = (typeof REGISTER_COLUMNS)[number];

const REQUIRED: readonly Column[] = ['id', 'center_hz', 'bandwidth_hz'];
const MAX_FIELD_CHARACTERS = 4000;
const MAX_FREQUENCY_HZ = 1e12;
const DAY_MS = 86_400_000;

export interface RegisterReject {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly reason: string;
}

export interface ParsedRegister {
  readonly rows: Assignment[];
  readonly rejects: RegisterReject[];
}

interface CsvRecord {
  readonly line: number;
  readonly fields: string[];
  /** What is wrong with the quoting, if anything. */
  readonly fault: string | null;
}

/** Reads one record from `position` on; a quoted field may hold commas, quotes (doubled) and line breaks. */
function readRecord(text: string, position: number, line: number): { record: CsvRecord; next: number; lines: number } {
  const fields: string[] = [];
  let fault: string | null = null;
  let lines = 0;
  let at = position;
  for (;;) {
    let field = '';
    if (text[at] === '"') {
      const closed = readQuoted(text, at);
      field = closed.field;
      if (!closed.ended) fault = 'a quoted field is never closed';
      for (let i = at; i < closed.next; i++) if (text[i] === '\n') lines++;
      at = closed.next;
    }
    let end = at;
    while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
    if (end > at && field !== '') fault ??= 'text after a closing quote';
    fields.push(field + text.slice(at, end));
    at = end;
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    return { record: { line, fields, fault }, next: at, lines: lines + 1 };
  }
}

/** `position` is at the opening quote; `next` is behind the closing one. */
function readQuoted(text: string, position: number): { field: string; next: number; ended: boolean } {
  const parts: string[] = [];
  let from = position + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { field: parts.join('') + text.slice(from), next: text.length, ended: false };
    parts.push(text.slice(from, quote));
    if (text[quote + 1] !== '"') return { field: parts.join(''), next: quote + 1, ended: true };
    parts.push('"');
    from = quote + 2;
  }
}

function* records(text: string): Generator<CsvRecord> {
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  while (position < text.length) {
    const { record, next, lines } = readRecord(text, position, line);
    position = next;
    line += lines;
    if (record.fields.some((field) => field.trim() !== '')) yield record;
  }
}

/** Why a row is not taken; caught where the row is read, so that the rows around it stay. */
class RowFault extends Error {}

type Row = Readonly<Partial<Record<Column, string>>>;

function numberIn(row: Row, column: Column, low: number, high: number): number | null {
  const text = row[column] ?? '';
  if (text === '') return null;
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new RowFault(`${column} is "${text.slice(0, 40)}"; expected a number from ${low} to ${high}`);
}

function requiredNumber(row: Row, column: Column, low: number, high: number): number {
  const value = numberIn(row, column, low, high);
  if (value === null) throw new RowFault(`${column} is empty`);
  return value;
}

/** ms since 1970; a bare day is its beginning, or its end where it is the last one. */
function timeIn(row: Row, column: Column, end: boolean): number | null {
  const text = row[column] ?? '';
  if (text === '') return null;
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/.exec(text) ?? [];
  const beginning = Date.parse(`${day}T00:00:00Z`);
  // Date.parse rolls 30 February over into March; a day that comes back as itself exists.
  const exists = Number.isFinite(beginning) && new Date(beginning).toISOString().startsWith(day);
  const value = time === undefined ? beginning + (end ? DAY_MS - 1 : 0) : Date.parse(text);
  if (exists && Number.isFinite(value)) return value;
  throw new RowFault(`${column} is "${text.slice(0, 40)}"; expected a day such as 2026-03-31 or a time in UTC`);
}

function kindIn(row: Row): Assignment['kind'] {
  const kind = (row.kind ?? '').toLowerCase();
  if (kind === '' || kind === 'assignment') return 'assignment';
  if (kind === 'exempt') return 'exempt';
  throw new RowFault(`kind is "${kind.slice(0, 40)}"; expected assignment or exempt`);
}

function assignmentIn(row: Row): Assignment {
  const text = (column: Column) => row[column] ?? '';
  if (text('id') === '') throw new RowFault('id is empty');
  const tooLong = REGISTER_COLUMNS.find((column) => text(column).length > MAX_FIELD_CHARACTERS);
  if (tooLong !== undefined) throw new RowFault(`${tooLong} is longer than ${MAX_FIELD_CHARACTERS} characters`);
  const lat = numberIn(row, 'latitude', -90, 90);
  const lon = numberIn(row, 'longitude', -180, 180);
  if ((lat === null) !== (lon === null)) throw new RowFault('latitude and longitude belong together; one is empty');
  const validFromMs = timeIn(row, 'valid_from', false);
  const validUntilMs = timeIn(row, 'valid_until', true);
  if (validFromMs !== null && validUntilMs !== null && validUntilMs < validFromMs) {
    throw new RowFault('valid_until lies before valid_from');
  }
  return {
    id: text('id'),
    kind: kindIn(row),
    licensee: text('licensee'),
    station: text('station'),
    callSign: text('call_sign'),
    service: text('service'),
    centerHz: requiredNumber(row, 'center_hz', 0, MAX_FREQUENCY_HZ),
    bandwidthHz: requiredNumber(row, 'bandwidth_hz', 0, MAX_FREQUENCY_HZ),
    lat,
    lon,
    radiusKm: numberIn(row, 'radius_km', 0, 20_038),
    validFromMs,
    validUntilMs,
    designator: text('designator'),
    conditions: text('conditions'),
  };
}

/** The column of each field, or what is wrong with the header. */
function columnsOf(header: CsvRecord): Column[] | string {
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !REGISTER_COLUMNS.includes(name as Column));
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) return `the header lacks ${missing.join(', ')}; expected ${REGISTER_COLUMNS.join(',')}`;
  if (unknown.length > 0) return `unknown columns: ${unknown.map((name) => name.slice(0, 40)).join(', ')}`;
  if (twice.length > 0) return `columns that occur twice: ${twice.join(', ')}`;
  return names as Column[];
}

function rowIn({ fields, fault }: CsvRecord, columns: readonly Column[]): Row {
  if (fault !== null) throw new RowFault(fault);
  if (fields.length !== columns.length) throw new RowFault(`${fields.length} fields; the header has ${columns.length}`);
  return Object.fromEntries(columns.map((column, i) => [column, fields[i].trim()]));
}

/** Every usable row, and every other with its line and reason. A wrong header leaves no row usable. */
export function parseRegisterCsv(text: string): ParsedRegister {
  const rows: Assignment[] = [];
  const rejects: RegisterReject[] = [];
  const lineOfId = new Map<string, number>();
  let columns: Column[] | null = null;
  for (const record of records(text)) {
    const { line } = record;
    if (columns === null) {
      const found = columnsOf(record);
      if (typeof found === 'string') return { rows: [], rejects: [{ line, reason: found }] };
      columns = found;
      continue;
    }
    try {
      const assignment = assignmentIn(rowIn(record, columns));
      const before = lineOfId.get(assignment.id);
      if (before !== undefined) throw new RowFault(`id "${assignment.id}" already stands in line ${before}`);
      lineOfId.set(assignment.id, line);
      rows.push(assignment);
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      rejects.push({ line, reason: error.message });
    }
  }
  if (columns === null) rejects.push({ line: 1, reason: `no header; expected ${REGISTER_COLUMNS.join(',')}` });
  return { rows, rejects };
}

function field(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A whole day as the day, anything finer as the time. */
function timeText(ms: number | null, end: boolean): string {
  if (ms === null) return '';
  const iso = new Date(ms).toISOString();
  return ms % DAY_MS === (end ? DAY_MS - 1 : 0) ? iso.slice(0, 10) : iso;
}

function fieldsOf(row: Assignment): Record<Column, string> {
  const optional = (value: number | null) => (value === null ? '' : String(value));
  return {
    id: row.id,
    kind: row.kind,
    licensee: row.licensee,
    station: row.station,
    call_sign: row.callSign,
    service: row.service,
    center_hz: String(row.centerHz),
    bandwidth_hz: String(row.bandwidthHz),
    latitude: optional(row.lat),
    longitude: optional(row.lon),
    radius_km: optional(row.radiusKm),
    valid_from: timeText(row.validFromMs, false),
    valid_until: timeText(row.validUntilMs, true),
    designator: row.designator,
    conditions: row.conditions,
  };
}

/** The register as a file that `parseRegisterCsv` reads back to the same rows. Lines end in CR LF, as RFC 4180 has it. */
export function formatRegisterCsv(rows: readonly Assignment[]): string {
  const lines = rows.map((row) => {
    const fields = fieldsOf(row);
    return REGISTER_COLUMNS.map((column) => field(fields[column])).join(',');
  });
  return `${[REGISTER_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

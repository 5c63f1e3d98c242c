import { checkedSweep } from './sweep-checks.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';
import { isBlank } from './text-fields.ts';
import { LineSplitter } from './text-lines.ts';
import { LocalTimes } from './times.ts';

/** 65,535 points of 16 characters. */
const MAX_SWEEP_BYTES = 2 ** 20;

/**
 * RF Explorer's cumulative CSV, with comma, semicolon, tab or space between fields:
 *
 *     RF Explorer CSV data file: RFExplorer PC Client - Format v005
 *     Start Frequency: 93.399MHZ
 *     Step Frequency: 8.919KHZ
 *     Total data entries: 2
 *     Data points per entry: 3                  (older: Steps per entry)
 *     Sweep,Date,Time,Milliseconds,0093.399,0093.408,0093.417
 *     0,2023-07-23,14:23:10,.522,-105.5,-98.0,-105.5
 *
 * The oldest client writes neither the heading line nor the times: a number, then levels. Dates follow the
 * PC's settings: what cannot be day.month or month/day is read as the other; where both could be, `/` means
 * month first (the client's own setting since version 5) and `.` day first. A comma as decimal mark is read
 * where the fields are not parted by commas.
 */
export class RfeCsvReader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #lines = new LineSplitter();
  readonly #times: LocalTimes;
  readonly #receiver: string;
  readonly #declared = new Map<string, number>();
  #delimiter: string | null = null;
  #timed = false;
  #lineNumber = 0;
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
    if (this.#lines.tooLong > 0) this.#tally.reject('size', 'a line too long', this.#lines.tooLong);
    return this.#tally.take();
  }

  #readLine(bytes: Uint8Array): void {
    this.#lineNumber += 1;
    if (bytes.every(isBlank)) return;
    if (bytes.length > MAX_SWEEP_BYTES) {
      this.#tally.reject('size', `line ${this.#lineNumber}: longer than any sweep of an RF Explorer`);
      return;
    }
    const line = new TextDecoder('latin1').decode(bytes).trim();
    const field = /^(Start Frequency|Step Frequency)\s*:\s*([\d.,]+)\s*([KMG]?)HZ/i.exec(line);
    if (field !== null) this.#declared.set(field[1]!.toLowerCase(), hertz(field[2]!, field[3]!));
    else if (/^Sweep\b/i.test(line)) {
      this.#timed = true;
      this.#delimiter = line[5] ?? ',';
    } else if (/^\d/.test(line)) this.#readSweep(line);
    else if (!/^(RF Explorer CSV|Total data entries|Data points per entry|Steps per entry)/i.test(line)) {
      this.#reject('expected a sweep');
    }
  }

  #readSweep(line: string): void {
    this.#delimiter ??= /[\t;]/.exec(line)?.[0] ?? (line.includes(',') ? ',' : ' ');
    const fields = line.split(this.#delimiter);
    if (fields.at(-1)?.trim() === '') fields.pop();
    const startHz = this.#declared.get('start frequency');
    const stepHz = this.#declared.get('step frequency');
    const timeNs = this.#timed ? this.#timeOf(fields) : 0n;
    const powers = readLevels(fields.slice(this.#timed ? 4 : 1), this.#delimiter === ',');
    if (startHz === undefined || stepHz === undefined) this.#reject('expected Start and Step Frequency first');
    else if (timeNs === null) this.#reject('expected sweep, date, time, milliseconds, levels');
    else if (powers === null) this.#reject('expected levels in dBm');
    else this.#give(timeNs, startHz, stepHz, powers);
  }

  #give(timeNs: bigint, startHz: number, stepHz: number, powers: Float32Array): void {
    const checked = checkedSweep({
      kind: 'sweep',
      receiver: this.#receiver,
      sequence: this.#sequence,
      timeNs,
      durationSeconds: null,
      startHz,
      stepHz,
      rbwHz: null,
      unit: 'dBm',
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

  #timeOf(fields: readonly string[]): bigint | null {
    const date = isoDate(fields[1]?.trim() ?? '');
    const milliseconds = /^\.?(\d{1,3})$/.exec(fields[3]?.trim() ?? '')?.[1];
    if (date === null || milliseconds === undefined || (fields[2]?.length ?? 99) > 12) return null;
    return this.#times.parse(`${date} ${fields[2]!.trim()}.${milliseconds.padStart(3, '0')}`);
  }

  #reject(expected: string): void {
    this.#tally.reject('syntax', `line ${this.#lineNumber}: ${expected}`);
  }
}

/** Levels, NaN where one says that it is none; null where a field is no level. */
function readLevels(texts: readonly string[], commaParts: boolean): Float32Array | null {
  const levels = new Float32Array(texts.length);
  for (let i = 0; i < texts.length; i += 1) {
    const text = commaParts ? texts[i]!.trim() : texts[i]!.trim().replace(',', '.');
    if (/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) && text.length <= 40) levels[i] = Number(text);
    else if (/^-?(nan|inf|infinity)$/i.test(text)) levels[i] = Number.NaN;
    else return null;
  }
  return levels.length === 0 ? null : levels;
}

function hertz(text: string, prefix: string): number {
  const scale = { K: 1e3, M: 1e6, G: 1e9 }[prefix.toUpperCase()] ?? 1;
  return Math.round(Number(text.replace(',', '.')) * scale);
}

function isoDate(text: string): string | null {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  const yearFirst = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(text);
  if (yearFirst !== null) return joinDate(yearFirst[1]!, yearFirst[2]!, yearFirst[3]!);
  const match = /^(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})$/.exec(text);
  if (match === null) return null;
  const [, first, mark, second, year] = match as unknown as [string, string, string, string, string];
  const monthFirst = Number(first) <= 12 && (Number(second) > 12 || mark === '/');
  return monthFirst ? joinDate(year, first, second) : joinDate(year, second, first);
}

function joinDate(year: string, month: string, day: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

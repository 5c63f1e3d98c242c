import { LIMITS } from '../core/frames.ts';
import { type RowOrder, SweepAssembler, type SweepRow } from './sweep-assembler.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';
import { decimal, fieldText, isBlank, isMissingWord } from './text-fields.ts';
import { LineSplitter } from './text-lines.ts';
import { LocalTimes } from './times.ts';

/**
 * Lines that rtl_power, soapy_power and hackrf_sweep print:
 *
 *     date, time, Hz low, Hz high, Hz step, samples, dB, dB, …
 *
 * | program      | edges    | levels | frequency of level k                                   |
 * | rtl_power    | integers | N + 1  | middle of the row + (k − N/2)·step: a transform's bin  |
 * | soapy_power  | decimals | N      | low + k·step                                           |
 * | hackrf_sweep | 5 MHz    | N      | low + (k + ½)·step                                     |
 *
 * rtl_power (rtl-sdr src/rtl_power.c) prints its last level twice; it cuts transforms symmetrically about
 * the tuned frequency, so the row's middle stays exact where `-c` crops it. hackrf_sweep (hackrf
 * hackrf_sweep.c) tunes 7.5 MHz above `low` and prints bins 1 + ⌊5M/8⌋ … of a transform of M ≡ 4 (mod 8):
 * the first lies at low + 7.5 MHz + (1 + ⌊5M/8⌋ − M)·20 MHz/M = low + ½·step.
 */
export const CSV_DIALECTS = ['rtl_power', 'soapy_power', 'hackrf_sweep'] as const;
export type CsvDialect = (typeof CSV_DIALECTS)[number];

const ROW_ORDER: Readonly<Record<CsvDialect, RowOrder>> = {
  rtl_power: 'ascending',
  soapy_power: 'ascending',
  hackrf_sweep: 'interleaved',
};
const HACKRF_ROW_HZ = 5e6;
const HACKRF_RATE_HZ = 20e6;
/** Equivalent noise bandwidth of the Hann window that hackrf_sweep uses, bins. */
const HANN_ENBW = 1.5;
const COMMA = 0x2c;

export interface SweepCsvOptions extends SweepReaderOptions {
  /** Which program wrote the lines; found from the first row where not given. */
  readonly dialect?: CsvDialect | undefined;
}

export class SweepCsvReader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #lines = new LineSplitter();
  readonly #times: LocalTimes;
  readonly #receiver: string;
  #dialect: CsvDialect | null;
  #assembler: SweepAssembler | null = null;
  #lineNumber = 0;
  #commas = new Int32Array(1024);

  constructor(options: SweepCsvOptions) {
    this.#receiver = options.receiver;
    this.#times = new LocalTimes(options.timezone);
    this.#dialect = options.dialect ?? null;
  }

  /** The program that wrote the lines; null before the first row. */
  get dialect(): CsvDialect | null {
    return this.#dialect;
  }

  push(piece: Uint8Array | string): SweepBatch {
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    this.#lines.push(bytes, (line) => this.#readLine(line));
    return this.#batch();
  }

  finish(): SweepBatch {
    this.#lines.finish((line) => this.#readLine(line));
    this.#assembler?.finish();
    return this.#batch();
  }

  #batch(): SweepBatch {
    if (this.#lines.tooLong > 0) this.#tally.reject('size', 'a line longer than any sweep', this.#lines.tooLong);
    this.#lines.tooLong = 0;
    return this.#tally.take();
  }

  #readLine(line: Uint8Array): void {
    this.#lineNumber += 1;
    if (line.every(isBlank) || line[0] === 0x23 || isHeading(line)) return;
    const row = this.#readRow(line);
    if (typeof row === 'string') {
      this.#tally.reject('syntax', `line ${this.#lineNumber}: ${row}`);
      return;
    }
    this.#assembler ??= new SweepAssembler(this.#receiver, ROW_ORDER[this.#dialect!], this.#tally);
    this.#assembler.add(row);
  }

  /** The row, or what was expected of it. */
  #readRow(line: Uint8Array): SweepRow | string {
    const fields = this.#splitAtCommas(line);
    if (fields < 7) return 'expected date, time, Hz low, Hz high, Hz step, samples, levels';
    if (fields - 6 > LIMITS.sweepPoints) return `expected at most ${LIMITS.sweepPoints} levels`;
    const timeNs = this.#times.parse(`${this.#field(line, 0)} ${this.#field(line, 1)}`);
    if (timeNs === null) return 'expected a date and a time such as 2026-06-15, 13:48:13';
    const edges = [2, 3, 4, 5].map((index) => decimal(line, this.#from(index), this.#commas[index]!));
    const [lowHz, highHz, stepHz, samples] = edges as [number, number, number, number];
    if (!(edges.every(Number.isFinite) && highHz > lowHz && stepHz > 0)) {
      return 'expected frequencies in Hz: low, high, step';
    }
    const levels = this.#readLevels(line, fields);
    if (levels === null) return 'expected levels in dB';
    const decimals = line.subarray(this.#from(2), this.#commas[3]!).includes(0x2e);
    this.#dialect ??= dialectOf(lowHz, highHz, stepHz, samples, levels.length, decimals);
    return rowOf(this.#dialect, { timeNs, lowHz, highHz, stepHz, levels, lastTwice: this.#lastTwice(line, fields) });
  }

  /** Fills #commas with where each field ends; the number of fields. A comma at the very end adds none. */
  #splitAtCommas(line: Uint8Array): number {
    let fields = 0;
    let end = line.length;
    while (end > 0 && isBlank(line[end - 1]!)) end -= 1;
    if (end > 0 && line[end - 1] === COMMA) end -= 1;
    for (let from = 0; from <= end; fields += 1) {
      const at = line.indexOf(COMMA, from);
      if (fields === this.#commas.length) this.#growCommas();
      this.#commas[fields] = at < 0 || at > end ? end : at;
      from = this.#commas[fields]! + 1;
    }
    return fields;
  }

  #growCommas(): void {
    const wider = new Int32Array(2 * this.#commas.length);
    wider.set(this.#commas);
    this.#commas = wider;
  }

  #from(field: number): number {
    return field === 0 ? 0 : this.#commas[field - 1]! + 1;
  }

  #field(line: Uint8Array, field: number): string {
    const from = this.#from(field);
    const to = this.#commas[field]!;
    return to - from > 40 ? '' : fieldText(line, from, to);
  }

  #readLevels(line: Uint8Array, fields: number): Float32Array | null {
    const levels = new Float32Array(fields - 6);
    for (let field = 6; field < fields; field += 1) {
      const from = this.#from(field);
      const to = this.#commas[field]!;
      const level = decimal(line, from, to);
      if (Number.isNaN(level) && !isMissingWord(line, from, to)) return null;
      levels[field - 6] = level;
    }
    return levels;
  }

  #lastTwice(line: Uint8Array, fields: number): boolean {
    return fields >= 8 && this.#field(line, fields - 1) === this.#field(line, fields - 2);
  }
}

/** A heading that some people put above the rows; no row begins with a letter. */
function isHeading(line: Uint8Array): boolean {
  return /^"?date\b/i.test(fieldText(line, 0, Math.min(line.length, 8)));
}

function dialectOf(
  lowHz: number,
  highHz: number,
  stepHz: number,
  samples: number,
  levels: number,
  decimals: boolean,
): CsvDialect {
  const hackrf =
    highHz - lowHz === HACKRF_ROW_HZ &&
    Math.abs(levels * stepHz - HACKRF_ROW_HZ) <= 0.01 * levels &&
    Math.abs(samples * stepHz - HACKRF_RATE_HZ) <= 0.01 * samples;
  if (hackrf) return 'hackrf_sweep';
  return decimals ? 'soapy_power' : 'rtl_power';
}

interface PrintedRow {
  readonly timeNs: bigint;
  readonly lowHz: number;
  readonly highHz: number;
  readonly stepHz: number;
  readonly levels: Float32Array;
  readonly lastTwice: boolean;
}

function rowOf(dialect: CsvDialect, printed: PrintedRow): SweepRow {
  const { timeNs, lowHz, highHz } = printed;
  const spanHz = highHz - lowHz;
  const row = { timeNs, unit: 'dB', durationSeconds: null } as const;
  if (dialect === 'rtl_power') {
    // The printed step has two decimals; edges over their bins are closer.
    const bins = Math.max(1, Math.round(spanHz / printed.stepHz));
    const stepHz = sharpened(printed.stepHz, spanHz / bins);
    // Cropping can only print more bins than the edges hold, so as many or fewer are a log without the repeat.
    const twice = printed.lastTwice && printed.levels.length > bins;
    const levels = twice ? printed.levels.subarray(0, printed.levels.length - 1) : printed.levels;
    const startHz = levels.length === 1 ? (lowHz + highHz) / 2 : (lowHz + highHz) / 2 - (levels.length / 2) * stepHz;
    return { ...row, startHz, stepHz, rbwHz: null, levels };
  }
  const stepHz = sharpened(printed.stepHz, spanHz / printed.levels.length);
  if (dialect === 'soapy_power') return { ...row, startHz: lowHz, stepHz, rbwHz: null, levels: printed.levels };
  return { ...row, startHz: lowHz + stepHz / 2, stepHz, rbwHz: HANN_ENBW * stepHz, levels: printed.levels };
}

/** The exact step where it agrees with the printed one to its last decimal. */
function sharpened(printedHz: number, exactHz: number): number {
  return Math.abs(printedHz - exactHz) <= 0.0051 ? exactHz : printedHz;
}

import { ByteQueue, dataView } from './byte-queue.ts';
import { checkedSweep, spanFault } from './sweep-checks.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';
import { LocalTimes } from './times.ts';

/**
 * RF Explorer's .rfe, versions 1 and 2, as .NET's BinaryWriter writes it, little-endian; `str` is a length in
 * 7-bit groups and so many bytes:
 *
 *     v1: str "RFExplorer PC Client - Format v001" │ f64 first MHz │ f64 step MHz │ u16 sweeps │ u16 points
 *         then each sweep: points × f64 dBm
 *     v2: str "… v002" │ f64 first MHz │ f64 step MHz │ u32 sweeps │ u16 points │ str settings │ str model
 *         then each sweep: i32 length of the time │ str time, ISO 8601 │ points × f64 dBm
 *
 * First frequency and step were single precision in the client that wrote them: they are whole kHz and whole Hz.
 */
const TITLE = /^RFExplorer PC Client - Format v(\d{3})$/;
const MAX_HEADER_BYTES = 4096;

interface RfeHeader {
  readonly version: number;
  readonly startHz: number;
  readonly stepHz: number;
  readonly sweeps: number;
  readonly points: number;
  readonly rbwHz: number | null;
  readonly bytes: number;
}

export class RfeReader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #queue = new ByteQueue();
  readonly #times: LocalTimes;
  readonly #receiver: string;
  #header: RfeHeader | null = null;
  #broken = false;
  #sweeps = 0;
  #timeBytes = 0;

  constructor(options: SweepReaderOptions) {
    this.#receiver = options.receiver;
    this.#times = new LocalTimes(options.timezone);
  }

  push(piece: Uint8Array): SweepBatch {
    this.#queue.push(piece);
    if (this.#header === null && !this.#broken) this.#readHeader();
    while (this.#header !== null && this.#sweeps < this.#header.sweeps && this.#readSweep(this.#header));
    const over = this.#broken || (this.#header !== null && this.#sweeps === this.#header.sweeps);
    if (over) this.#dropRest('bytes after the last sweep');
    return this.#tally.take();
  }

  finish(): SweepBatch {
    this.#dropRest('the last sweep is cut');
    const header = this.#header;
    if (header !== null && this.#sweeps < header.sweeps) {
      const missing = `${header.sweeps} sweeps declared, ${this.#sweeps} there`;
      this.#tally.reject('length', missing, (header.sweeps - this.#sweeps) * 8 * header.points);
    }
    return this.#tally.take();
  }

  #dropRest(detail: string): void {
    if (this.#queue.length > 0) this.#tally.reject('length', detail, this.#queue.length);
    this.#queue.skip(this.#queue.length);
  }

  #readHeader(): void {
    const header = readRfeHeader(this.#queue.front);
    if (header === 'more' && this.#queue.length < MAX_HEADER_BYTES) return;
    if (typeof header === 'string') {
      this.#broken = true;
      this.#tally.reject('format', header === 'more' ? 'no header of an RF Explorer file' : header);
      return;
    }
    this.#header = header;
    this.#queue.skip(header.bytes);
  }

  #readSweep(header: RfeHeader): boolean {
    const front = this.#queue.front;
    const timed = header.version >= 2;
    if (timed && front.length < 5) return false;
    const declared = timed ? front[4]! : 0;
    const sound = !timed || (declared >= 10 && declared <= 64 && dataView(front).getInt32(0, true) === declared);
    // Sweeps of one file are equally long: a damaged head is stepped over by the last one's length.
    const timeBytes = sound ? declared : this.#timeBytes;
    const levelsAt = timed ? 5 + timeBytes : 0;
    const bytes = levelsAt + 8 * header.points;
    if (front.length < bytes) return false;
    const timeNs = timed ? this.#times.parse(String.fromCharCode(...front.subarray(5, levelsAt))) : 0n;
    if (!sound || timeNs === null) this.#tally.reject('syntax', 'a sweep without its time', bytes);
    else this.#giveSweep(header, timeNs, front.subarray(levelsAt, bytes));
    this.#timeBytes = timeBytes;
    this.#sweeps += 1;
    this.#queue.skip(bytes);
    return true;
  }

  #giveSweep(header: RfeHeader, timeNs: bigint, levels: Uint8Array): void {
    const view = dataView(levels);
    const checked = checkedSweep({
      kind: 'sweep',
      receiver: this.#receiver,
      sequence: this.#sweeps,
      timeNs,
      durationSeconds: null,
      startHz: header.startHz,
      stepHz: header.stepHz,
      rbwHz: header.rbwHz,
      unit: 'dBm',
      powers: Float32Array.from({ length: header.points }, (_, i) => view.getFloat64(8 * i, true)),
      gainDb: null,
      flags: [],
    });
    if (checked.ok) this.#tally.add(checked.value.sweep, checked.value.filled);
    else this.#tally.reject(checked.reject.reason, checked.reject.detail, levels.length);
  }
}

/** The header; `more` where its end is not there yet; otherwise what was expected. */
function readRfeHeader(bytes: Uint8Array): RfeHeader | string {
  const title = netString(bytes, 0);
  if (title === null) return 'more';
  const version = Number(TITLE.exec(title.text)?.[1] ?? 0);
  if (version === 0) return 'expected "RFExplorer PC Client - Format v001" or v002';
  if (version > 2) return `RF Explorer format v${String(version).padStart(3, '0')}, expected v001 or v002`;
  const fixedBytes = version === 1 ? 20 : 22;
  if (bytes.length < title.end + fixedBytes) return 'more';
  const view = dataView(bytes);
  const startHz = Math.round(view.getFloat64(title.end, true) * 1e3) * 1e3;
  const stepHz = Math.round(view.getFloat64(title.end + 8, true) * 1e6);
  const sweeps = version === 1 ? view.getUint16(title.end + 16, true) : view.getUint32(title.end + 16, true);
  const points = view.getUint16(title.end + fixedBytes - 2, true);
  const fault = spanFault(startHz, stepHz, points);
  if (fault !== null) return fault;
  const header = { version, startHz, stepHz, sweeps, points };
  if (version === 1) return { ...header, rbwHz: null, bytes: title.end + fixedBytes };
  const settings = netString(bytes, title.end + fixedBytes);
  const model = settings && netString(bytes, settings.end);
  if (settings === null || model === null) return 'more';
  return { ...header, rbwHz: rbwOf(settings.text), bytes: model.end };
}

function rbwOf(settings: string): number | null {
  const match = /RBW:\s*(\d+(?:\.\d+)?)\s*([KM]?)HZ/i.exec(settings);
  if (match === null) return null;
  const scale = { K: 1e3, M: 1e6 }[match[2]!.toUpperCase()] ?? 1;
  return Number(match[1]) * scale || null;
}

/** A string of .NET's BinaryWriter of at most 2 KiB at `at`; null where it does not end in `bytes`. */
function netString(bytes: Uint8Array, at: number): { text: string; end: number } | null {
  let length = 0;
  let from = at;
  for (let shift = 0; shift < 14; shift += 7) {
    const byte = bytes[from++];
    if (byte === undefined) return null;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const end = from + length;
  if (length > 2048 || end > bytes.length) return null;
  return { text: new TextDecoder().decode(bytes.subarray(from, end)), end };
}

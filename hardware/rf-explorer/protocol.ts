import type { Reject } from '../../src/core/frames.ts';
import { ByteQueue } from '../../src/formats/byte-queue.ts';

/**
 * RF Explorer's port, 500,000 baud 8N1. To the device: `#`, the length of all of it, the command.
 *
 *     # 04 C 0          # 20 C 2 - F : 0431000,0441000,-010,-120
 *
 * From the device: lines that end CR LF, and sweeps whose bytes may be anything:
 *
 *     $ S n             n levels CR LF         level = −byte/2 dBm, before its amplitude offset
 *     $ s n          n·16 levels CR LF         n = 0: 4096
 *     $ z hi lo      hi·256+lo levels CR LF
 *     $ D            1024 bytes of its screen CR LF
 *     FF FE FF FE 00  inside of a sweep: it ends here, unfinished
 *
 * Source: arocholl/rfexplorer, RFExplorerRS232Interface.
 */
const [DOLLAR, LF, CR] = [0x24, 0x0a, 0x0d];
const EARLY_END = Buffer.from([0xff, 0xfe, 0xff, 0xfe, 0x00]);
const SCREEN_BYTES = 1_024;
const LINE_LIMIT_BYTES = 256;
/** Bytes in a row that are told as one reject at most. */
const GARBAGE_RUN_BYTES = 4_096;

export interface RfeConfig {
  readonly startHz: number;
  readonly stepHz: number;
  readonly topDbm: number;
  readonly bottomDbm: number;
  readonly points: number;
  readonly minHz: number;
  readonly maxHz: number;
  readonly maxSpanHz: number;
  readonly rbwHz: number | null;
  readonly offsetDb: number;
}

export interface RfeModel {
  readonly main: number;
  /** 255: none. */
  readonly expansion: number;
  readonly firmware: string;
}

export type RfeMessage =
  | { readonly kind: 'sweep'; readonly levels: Uint8Array }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'rejected'; readonly reject: Reject };

/** Codes by name: what is in front of the receiver, and its gain, dB. */
export const INPUT_STAGES = {
  direct: { code: '0', gainDb: 0 },
  'attenuator-30db': { code: '1', gainDb: -30 },
  'lna-25db': { code: '2', gainDb: 25 },
  'attenuator-60db': { code: '3', gainDb: -60 },
  'lna-12db': { code: '4', gainDb: 12 },
} as const;

const MODEL_NAMES: Readonly<Record<number, string>> = {
  0: '433M',
  1: '868M',
  2: '915M',
  3: 'WSUB1G',
  4: '2.4G',
  5: 'WSUB3G',
  6: '6G',
  10: 'WSUB1G+',
  11: 'AudioPro',
  12: '2.4G+',
  13: '4G+',
  14: '6G+',
};

export function modelName({ main, expansion, firmware }: RfeModel): string {
  const parts = [main, expansion].filter((code) => code !== 255).map((code) => MODEL_NAMES[code] ?? `model ${code}`);
  return `RF Explorer ${parts.join(' with ')}, firmware ${firmware}`;
}

/** `#C2-M:010,255,03.39`; null for any other line. */
export function parseModel(line: string): RfeModel | null {
  const match = /^#C2-M:(\d{3}),(\d{3}),(\d{2}\.\w{2,8})$/.exec(line);
  return match === null ? null : { main: Number(match[1]), expansion: Number(match[2]), firmware: match[3] };
}

/** `#C2-F:` with its fields by commas, or `#C2-f:` with a longer number of points; null for any other line. */
export function parseConfig(line: string): RfeConfig | null {
  if (!/^#C2-[Ff]:[0-9,-]+$/.test(line)) return null;
  const fields = line.slice('#C2-F:'.length).split(',').map(Number);
  const [startKHz, stepHz, topDbm, bottomDbm, points, , , minKHz, maxKHz, maxSpanKHz, rbwKHz = 0, offsetDb = 0] =
    fields;
  if (fields.length < 10 || fields.some((field) => !Number.isFinite(field))) return null;
  if (!(stepHz > 0 && points >= 1 && points <= 65_535)) return null;
  return {
    startHz: startKHz * 1e3,
    stepHz,
    topDbm,
    bottomDbm,
    points,
    minHz: minKHz * 1e3,
    maxHz: maxKHz * 1e3,
    maxSpanHz: maxSpanKHz * 1e3,
    rbwHz: rbwKHz > 0 ? rbwKHz * 1e3 : null,
    offsetDb,
  };
}

/** A command with its length before it. */
export function encodeCommand(payload: string | Uint8Array): Uint8Array {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  return Buffer.concat([Buffer.from([0x23, body.length + 2]), body]);
}

function dbmField(levelDbm: number): string {
  return levelDbm < 0 ? `-${String(-levelDbm).padStart(3, '0')}` : String(levelDbm).padStart(4, '0');
}

/** Start and stop; top and bottom are those of the device's screen. */
export function encodeSpan(startHz: number, stopHz: number, topDbm: number, bottomDbm: number): Uint8Array {
  const [start, stop] = [startHz, stopHz].map((hz) => String(Math.round(hz / 1e3)).padStart(7, '0'));
  return encodeCommand(`C2-F:${start},${stop},${dbmField(topDbm)},${dbmField(bottomDbm)}`);
}

/** A multiple of 16; up to 4096 in one byte. */
export function encodePoints(points: number): Uint8Array {
  if (points <= 4_096) return encodeCommand(Uint8Array.of(0x43, 0x4a, points / 16 - 1));
  return encodeCommand(Uint8Array.of(0x43, 0x6a, points >> 8, points & 0xff));
}

/** Levels at the input of the device, dBm. */
export function levelsDbm(levels: Uint8Array, offsetDb: number, stageGainDb: number): Float32Array {
  return Float32Array.from(levels, (byte) => -byte / 2 + offsetDb - stageGainDb);
}

interface Step {
  /** Bytes that are done with; `message` null: of no interest. */
  readonly take: number;
  readonly message: RfeMessage | null;
}

const GARBAGE: Step = { take: 1, message: null };

/** Cuts the stream into messages. What is no message costs one byte, and the next is looked for from there. */
export class RfeParser {
  /** Sweeps of any other number of points are none: their levels would stand at the wrong frequencies. */
  points: number | null = null;
  private readonly queue = new ByteQueue();
  private garbage = 0;

  push(bytes: Uint8Array): RfeMessage[] {
    this.queue.push(bytes);
    const messages: RfeMessage[] = [];
    while (this.queue.length > 0) {
      const step = this.next(this.queue.front);
      if (step === null) break;
      this.queue.skip(step.take);
      if (step === GARBAGE) this.garbage++;
      if (this.garbage > 0 && (step !== GARBAGE || this.garbage >= GARBAGE_RUN_BYTES)) {
        const detail = `${this.garbage} bytes that are no packet`;
        messages.push({ kind: 'rejected', reject: { reason: 'syntax', detail } });
        this.garbage = 0;
      }
      if (step.message !== null) messages.push(step.message);
    }
    return messages;
  }

  /** Bytes that wait for the rest of their message. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Null: not whole yet. */
  private next(bytes: Uint8Array): Step | null {
    const [first, second] = bytes;
    if (first === CR || first === LF) return { take: 1, message: null };
    if (first !== DOLLAR) return isPrintable(first) ? nextLine(bytes) : GARBAGE;
    if (second === undefined) return null;
    const letter = String.fromCharCode(second);
    if (letter === 'D') return nextScreen(bytes);
    if (letter !== 'S' && letter !== 's' && letter !== 'z') return GARBAGE;
    const head = letter === 'z' ? 4 : 3;
    if (bytes.length < head) return null;
    const count = { S: bytes[2], s: (bytes[2] || 256) * 16, z: bytes[2] * 256 + bytes[3] }[letter];
    if (count === 0 || (this.points !== null && count !== this.points)) return GARBAGE;
    return nextSweep(bytes, head, count);
  }
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

function endsLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CR && bytes[at + 1] === LF;
}

function nextLine(bytes: Uint8Array): Step | null {
  let end = 0;
  while (end < bytes.length && end <= LINE_LIMIT_BYTES && isPrintable(bytes[end])) end++;
  if (end > LINE_LIMIT_BYTES) return GARBAGE;
  if (end === bytes.length || (bytes[end] === CR && end + 1 === bytes.length)) return null;
  if (!endsLine(bytes, end)) return GARBAGE;
  return { take: end + 2, message: { kind: 'line', text: String.fromCharCode(...bytes.subarray(0, end)) } };
}

function nextScreen(bytes: Uint8Array): Step | null {
  const end = 2 + SCREEN_BYTES;
  if (bytes.length < end + 2) return null;
  return endsLine(bytes, end) ? { take: end + 2, message: null } : GARBAGE;
}

function nextSweep(bytes: Uint8Array, head: number, count: number): Step | null {
  const end = head + count;
  if (bytes.length >= end + 2 && endsLine(bytes, end)) {
    return { take: end + 2, message: { kind: 'sweep', levels: bytes.slice(head, end) } };
  }
  const mark = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, end + 2)).indexOf(EARLY_END, head);
  if (mark >= 0) {
    const reject: Reject = { reason: 'length', detail: `a sweep of ${mark - head} points, expected ${count}` };
    return { take: mark + EARLY_END.length, message: { kind: 'rejected', reject } };
  }
  return bytes.length < end + 2 ? null : GARBAGE;
}

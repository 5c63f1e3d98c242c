import { accepted, type Parsed, type Reject, rejected } from '../../src/core/frames.ts';

/**
 * The shell of tinySA and tinySA Ultra on their USB port. The device repeats what is typed; CR executes.
 *
 *     version CR LF                         ← the echo
 *     tinySA4_v1.4-199-gde12ba2 CR LF       ← the body, line by line
 *     ch> ␠                                 ← the prompt, without an end of line
 *
 *     scanraw 88000000 108000000 3 0 CR LF
 *     { x lo hi x lo hi x lo hi } ch> ␠     ← level, dBm = i16 / 32 − zero
 *
 * Any byte of a level may look like a brace or a prompt, so that all of it is read by position.
 * Source: erikkaashoek/tinySA, main.c and sa_cmd.c.
 */
export const PROMPT = 'ch> ';
/** Longer than any text that the shell writes; more of it is no reply. */
const TEXT_LIMIT_BYTES = 8 * 1024;
const POINT_BYTES = 3;
const [X, OPEN, CLOSE, LF] = [0x78, 0x7b, 0x7d, 0x0a];
/** Outside of these a level is a broken byte, not a signal, dBm. */
const LEVEL_RANGE_DBM = { low: -200, high: 50 };

export type TinySaModel = 'basic' | 'ultra';

export interface TinySaIdentity {
  readonly model: TinySaModel;
  readonly firmware: string;
  readonly hardware: string | null;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export function endsWithText(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && textOf(bytes.subarray(bytes.length - text.length)) === text;
}

/** The body of a reply, its lines without blanks at their ends; null while it is not whole. */
export function parseReply(bytes: Uint8Array, sent: string): Parsed<string[]> | null {
  if (bytes.length > TEXT_LIMIT_BYTES) return rejected('size', `more than ${TEXT_LIMIT_BYTES} bytes without a prompt`);
  if (!endsWithText(bytes, PROMPT)) return null;
  const lines = textOf(bytes.subarray(0, bytes.length - PROMPT.length)).split(/\r?\n/);
  if (lines[0] === sent) lines.shift();
  return accepted(lines.map((line) => line.trim()).filter((line) => line !== ''));
}

/** The reply to `version`; null where it is none of a tinySA: NanoVNA and others have the same shell and USB identity. */
export function parseVersion(lines: readonly string[]): TinySaIdentity | null {
  for (const line of lines) {
    const match = /^tinySA(\w*)_v?(\S+)$/.exec(line);
    if (match === null) continue;
    const hardware = lines.map((text) => /^HW Version:\s*(\S.*)$/.exec(text)?.[1].trim()).find((text) => text);
    return { model: match[1].startsWith('4') ? 'ultra' : 'basic', firmware: match[2], hardware: hardware ?? null };
  }
  return null;
}

/** The offset of scanraw, dB: by `zero`, whose answer is a line such as `174dBm` below its usage; else the model's. */
export function parseZero(lines: readonly string[], model: TinySaModel): number {
  const found = lines.map((line) => /^(\d{1,3})dBm$/.exec(line)?.[1]).find((text) => text !== undefined);
  return found === undefined ? { basic: 128, ultra: 174 }[model] : Number(found);
}

const PREFIXES: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6 };

/** The answer to `rbw` without an argument, such as `300.0kHz` below its usage, Hz. */
export function parseRbw(lines: readonly string[]): number | null {
  for (const line of lines) {
    const match = /^(\d+(?:\.\d+)?)\s?([kM]?)Hz$/.exec(line);
    if (match !== null && Number(match[1]) > 0) return Number(match[1]) * PREFIXES[match[2]];
  }
  return null;
}

/** The answer to `sweep` without arguments: start, stop and points of the device's own sweep. */
export function parseSweep(lines: readonly string[]): { readonly startHz: number; readonly stopHz: number } | null {
  for (const line of lines) {
    const match = /^(\d{1,11}) (\d{1,11}) \d{1,5}$/.exec(line);
    if (match !== null && Number(match[1]) < Number(match[2])) {
      return { startHz: Number(match[1]), stopHz: Number(match[2]) };
    }
  }
  return null;
}

export interface ScanRequest {
  readonly startHz: number;
  readonly stopHz: number;
  readonly points: number;
}

/** One sweep, its points sent together rather than one by one. */
export function scanCommand({ startHz, stopHz, points }: ScanRequest): string {
  return `scanraw ${Math.round(startHz)} ${Math.round(stopHz)} ${points} 0`;
}

/** The distance of two points of scanraw: an integer quotient that the device keeps as float32, Hz. */
export function scanStepHz({ startHz, stopHz, points }: ScanRequest): number {
  return Math.fround(Math.floor((Math.round(stopHz) - Math.round(startHz)) / points));
}

export type ScanReply =
  /** `end`: where the prompt should begin. */
  | { readonly kind: 'levels'; readonly levelsDbm: Float32Array; readonly end: number }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'broken'; readonly reject: Reject };

function broken(reject: Reject): ScanReply {
  return { kind: 'broken', reject };
}

/** Where the body begins; null: not there yet; −1: the echo is not there. */
function bodyAt(bytes: Uint8Array, sent: string): number | null {
  const echo = sent.length + 2;
  if (bytes.length < echo) return null;
  // A garbled echo is no harm as long as its end of line is where it should be, or one lost byte before.
  const end = bytes.subarray(0, echo).indexOf(LF);
  return end < 0 ? -1 : end + 1;
}

/** The reply to `sent`, a scanraw of `points`; null while it is not whole. */
export function parseScan(bytes: Uint8Array, sent: string, points: number, zeroDb: number): ScanReply | null {
  const at = bodyAt(bytes, sent);
  if (at === null || bytes.length === at) return null;
  if (at < 0) return broken({ reason: 'syntax', detail: 'a sweep without the echo of its command' });
  if (bytes[at] !== OPEN) return parseRefusal(bytes, at);
  const whole = Math.min(points, Math.floor((bytes.length - at - 1) / POINT_BYTES));
  for (let i = 0; i < points; i++) {
    const mark = bytes[at + 1 + POINT_BYTES * i];
    if (mark === undefined) return null;
    if (mark === CLOSE) return broken({ reason: 'length', detail: `a sweep of ${i} points, expected ${points}` });
    if (mark !== X) return broken({ reason: 'syntax', detail: `byte ${mark} instead of "x" before point ${i}` });
  }
  const end = at + 1 + POINT_BYTES * points;
  if (whole < points || bytes.length <= end) return null;
  if (bytes[end] !== CLOSE) return broken({ reason: 'syntax', detail: 'a sweep without its closing brace' });
  return levelsOf(bytes.subarray(at + 1, end), zeroDb, end + 1);
}

/** Instead of a sweep: `frequency range is invalid` and the like, then the prompt. */
function parseRefusal(bytes: Uint8Array, at: number): ScanReply | null {
  const reply = parseReply(bytes.subarray(at), '');
  if (reply === null) return null;
  if (!reply.ok) return broken(reply.reject);
  const text = reply.value.join('; ');
  if (/^[\x20-\x7e]{1,200}$/.test(text)) return { kind: 'refused', text };
  return broken({ reason: 'syntax', detail: 'neither a sweep nor a refusal' });
}

function levelsOf(data: Uint8Array, zeroDb: number, end: number): ScanReply {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const levelsDbm = new Float32Array(data.length / POINT_BYTES);
  for (let i = 0; i < levelsDbm.length; i++) {
    // Signed, so that a level below −zero does not come out as a very high one.
    const level = view.getInt16(POINT_BYTES * i + 1, true) / 32 - zeroDb;
    if (level < LEVEL_RANGE_DBM.low || level > LEVEL_RANGE_DBM.high) {
      return broken({ reason: 'value', detail: `${level} dBm at point ${i}` });
    }
    levelsDbm[i] = level;
  }
  return { kind: 'levels', levelsDbm, end };
}

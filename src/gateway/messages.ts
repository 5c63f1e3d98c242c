import type { Alert, EmissionRecord, ReceiverStatus } from '../core/records.ts';
import type { TaskingStatus } from '../core/tasking.ts';
import type { LevelUnit } from '../core/units.ts';

/** Messages on `/ws`. Shared with the browser: no imports but types from core. */

/** Sent by a client. Anything else is answered with `error` and ignored. */
export type ClientMessage =
  /** Spectra of these receivers only, at most `rowsPerSecond` each (1–60). Replaces the subscription before. */
  | { readonly type: 'subscribe'; readonly receivers: readonly string[]; readonly rowsPerSecond: number }
  /** After a break: every alert with a higher revision is sent again. */
  | { readonly type: 'resume'; readonly revision: number };

export type ServerMessage =
  | {
      readonly type: 'hello';
      readonly service: string;
      readonly version: string;
      readonly nowMs: number;
      /** Highest alert revision; `resume` from the last one that the client knows. */
      readonly revision: number;
      readonly receivers: readonly ReceiverStatus[];
      /** On the air now. */
      readonly emissions: readonly EmissionRecord[];
      /** Channel number in binary messages for each receiver. */
      readonly channels: Readonly<Record<string, number>>;
    }
  | { readonly type: 'receiver'; readonly receiver: ReceiverStatus; readonly channel: number }
  /** A person had this receiver forgotten. */
  | { readonly type: 'forgotten'; readonly receiver: string }
  /** Who commands a receiver has changed, or what became of a command; at most twice a second each. */
  | { readonly type: 'tasking'; readonly tasking: TaskingStatus }
  | { readonly type: 'emission'; readonly emission: EmissionRecord }
  | { readonly type: 'alert'; readonly alert: Alert }
  /** All alerts after the revision asked for have been sent. */
  | { readonly type: 'resumed'; readonly revision: number }
  /** Spectra were left out because this client reads too slowly; total since it connected. */
  | { readonly type: 'behind'; readonly skipped: number }
  | { readonly type: 'error'; readonly message: string };

/** Close codes of our own (RFC 6455: 4000–4999). */
export const CLOSE_CODES = { unauthenticated: 4401, stuck: 4408 } as const;

const UNITS: readonly LevelUnit[] = ['dBFS', 'dBm', 'dB', 'dBuV/m'];
export const SPECTRUM_HEADER_BYTES = 40;
const SPECTRUM_VERSION = 1;

/**
 * A binary message: header, then one byte a bin, level = minLevel + byte · levelStepDb. Little-endian:
 *
 *     0 u8 version, 1   1 u8 unit   2 u16 channel   4 u32 bins
 *     8 f64 time, ms   16 f64 first bin, Hz   24 f64 step, Hz
 *    32 f32 minLevel   36 f32 levelStepDb
 */
export interface LiveSpectrumMessage {
  readonly channel: number;
  readonly unit: LevelUnit;
  readonly timeMs: number;
  readonly startHz: number;
  readonly stepHz: number;
  readonly minLevel: number;
  readonly levelStepDb: number;
  readonly levels: Uint8Array;
}

/** Lowest level and step of one byte: 0 → `minLevel`, 255 → `minLevel` + 127.5 dB. */
export const LEVEL_STEP_DB = 0.5;

/** Packs levels (dB) into bytes; out of range saturates. Returns the level of byte 0 beside them. */
export function packLevels(levels: Float32Array, minLevel: number): Uint8Array {
  const bytes = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) {
    const step = Math.round((levels[i] - minLevel) / LEVEL_STEP_DB);
    bytes[i] = step < 0 ? 0 : step > 255 ? 255 : step;
  }
  return bytes;
}

/** Level of byte 0 for each unit: from there 127.5 dB fit, which no receiver's range exceeds. */
export const MIN_LEVEL: Readonly<Record<LevelUnit, number>> = { dBFS: -127.5, dBm: -150, dB: -120, 'dBuV/m': -40 };

export function encodeSpectrum(message: LiveSpectrumMessage): Uint8Array {
  const bytes = new Uint8Array(SPECTRUM_HEADER_BYTES + message.levels.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, SPECTRUM_VERSION);
  view.setUint8(1, UNITS.indexOf(message.unit));
  view.setUint16(2, message.channel, true);
  view.setUint32(4, message.levels.length, true);
  view.setFloat64(8, message.timeMs, true);
  view.setFloat64(16, message.startHz, true);
  view.setFloat64(24, message.stepHz, true);
  view.setFloat32(32, message.minLevel, true);
  view.setFloat32(36, message.levelStepDb, true);
  bytes.set(message.levels, SPECTRUM_HEADER_BYTES);
  return bytes;
}

/** null where the bytes are not a spectrum message of this version. */
export function decodeSpectrum(bytes: Uint8Array): LiveSpectrumMessage | null {
  if (bytes.byteLength < SPECTRUM_HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bins = view.getUint32(4, true);
  const unit = UNITS[view.getUint8(1)];
  if (view.getUint8(0) !== SPECTRUM_VERSION || unit === undefined) return null;
  if (bins !== bytes.byteLength - SPECTRUM_HEADER_BYTES) return null;
  return {
    channel: view.getUint16(2, true),
    unit,
    timeMs: view.getFloat64(8, true),
    startHz: view.getFloat64(16, true),
    stepHz: view.getFloat64(24, true),
    minLevel: view.getFloat32(32, true),
    levelStepDb: view.getFloat32(36, true),
    levels: bytes.subarray(SPECTRUM_HEADER_BYTES),
  };
}

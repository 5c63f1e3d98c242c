import { type Parsed, rejected } from '../core/frames.ts';
import { dataView } from './byte-queue.ts';

/**
 * IQ in WAV: RIFF, RF64 or BW64, two channels, left I and right Q. Chunks come in any order, each padded to
 * an even length:
 *
 *      0 "RIFF" │ 4 u32 size │ 8 "WAVE" │ then each chunk: 4 letters │ u32 size │ bytes
 *
 * `ds64` (EBU Tech 3306) has the 64-bit size of `data` where that says 0xFFFFFFFF. Without it a data size of
 * 0xFFFFFFFF, or of 0 in the last chunk, means to the end of the file: a program that did not close it.
 */
export interface WavLayout {
  /** `pcm8 pcm16 pcm24 pcm32 float32 float64`. */
  readonly datatype: string;
  readonly sampleRateHz: number;
  readonly dataOffset: number;
  /** Bytes of samples that are really there, and how many more were declared. */
  readonly dataBytes: number;
  readonly missingBytes: number;
  readonly auxi: WavAuxi | null;
  /** Where further chunks may follow the samples; null where nothing does. */
  readonly tailOffset: number | null;
}

/** What SDR#, HDSDR and SDR Console say of a recording. */
export interface WavAuxi {
  readonly centerHz: number | null;
  readonly startMs: number | null;
}

const UNKNOWN_SIZE = 0xffff_ffff;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;

/** `head`: the file's first bytes, down to the samples. `fileBytes`: the whole file's size. */
export function parseWavHead(head: Uint8Array, fileBytes: number): Parsed<WavLayout> {
  const outer = letters(head, 0);
  if (head.length < 12 || !['RIFF', 'RF64', 'BW64'].includes(outer) || letters(head, 8) !== 'WAVE') {
    return rejected('magic', 'no RIFF or RF64 WAVE file');
  }
  let format: { datatype: string; sampleRateHz: number } | null = null;
  let auxi: WavAuxi | null = null;
  let longDataBytes: number | null = null;
  for (const chunk of chunks(head, 12)) {
    if (chunk.name === 'ds64') longDataBytes = readDs64(chunk.body);
    else if (chunk.name === 'auxi') auxi = parseWavAuxi(chunk.body);
    else if (chunk.name === 'fmt ') {
      const parsed = readFormat(chunk.body);
      if (!parsed.ok) return parsed;
      format = parsed.value;
    } else if (chunk.name === 'data') {
      if (format === null) return rejected('schema', 'the data chunk comes before the format');
      const there = Math.max(0, fileBytes - chunk.offset);
      const toTheEnd = chunk.declared === UNKNOWN_SIZE || chunk.declared === 0;
      const declared = toTheEnd ? (longDataBytes ?? there) : chunk.declared;
      const dataBytes = Math.min(declared, there);
      const tailOffset = chunk.offset + dataBytes + (dataBytes % 2);
      return {
        ok: true,
        value: {
          ...format,
          dataOffset: chunk.offset,
          dataBytes,
          missingBytes: declared - dataBytes,
          auxi,
          tailOffset: tailOffset + 8 <= fileBytes ? tailOffset : null,
        },
      };
    }
  }
  return rejected('schema', format === null ? 'no format chunk' : 'no data chunk');
}

/** The `auxi` chunk among those behind the samples. */
export function findWavAuxi(tail: Uint8Array): WavAuxi | null {
  for (const chunk of chunks(tail, 0)) if (chunk.name === 'auxi') return parseWavAuxi(chunk.body);
  return null;
}

/**
 * 68 bytes or more, little-endian: start and stop (SYSTEMTIME: year, month, weekday, day, hour, minute,
 * second, ms, each u16, UTC) │ 32 u32 centre Hz │ 36 u32 ADC rate │ … ; or SDR Console's XML in UTF-16.
 */
export function parseWavAuxi(body: Uint8Array): WavAuxi | null {
  if (body[0] === 0x3c && body[1] === 0) return readXml(new TextDecoder('utf-16le').decode(body.subarray(0, 65_536)));
  if (body.length < 36) return null;
  const view = dataView(body);
  const [year, month, , day, hour, minute, second, ms] = Array.from({ length: 8 }, (_, i) =>
    view.getUint16(2 * i, true),
  ) as [number, number, number, number, number, number, number, number];
  const valid = year >= 1990 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24;
  const centerHz = view.getUint32(32, true);
  return {
    centerHz: centerHz > 0 ? centerHz : null,
    startMs: valid && ms < 1000 ? Date.UTC(year, month - 1, day, hour, minute, second, ms) : null,
  };
}

function readXml(text: string): WavAuxi {
  const attribute = (name: string) => Number(new RegExp(`\\b${name}="(\\d{1,15})"`).exec(text)?.[1] ?? 0);
  const seconds = attribute('UTCSeconds');
  return {
    centerHz: attribute('RadioCenterFreq') || null,
    startMs: seconds > 0 && seconds < 9e9 ? seconds * 1000 : null,
  };
}

function* chunks(bytes: Uint8Array, from: number) {
  const view = dataView(bytes);
  let offset = from + 8;
  while (offset <= bytes.length) {
    const declared = view.getUint32(offset - 4, true);
    const body = bytes.subarray(offset, Math.min(bytes.length, offset + declared));
    yield { name: letters(bytes, offset - 8), declared, offset, body };
    offset += declared + (declared % 2) + 8;
  }
}

function letters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function readDs64(body: Uint8Array): number | null {
  if (body.length < 16) return null;
  const bytes = Number(dataView(body).getBigUint64(8, true));
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

function readFormat(body: Uint8Array): Parsed<{ datatype: string; sampleRateHz: number }> {
  if (body.length < 16) return rejected('length', 'a format chunk of fewer than 16 bytes');
  const view = dataView(body);
  const tag = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const bits = view.getUint16(14, true);
  const coding = tag === FORMAT_EXTENSIBLE && body.length >= 26 ? view.getUint16(24, true) : tag;
  if (channels !== 2) return rejected('format', `${channels} channels, expected 2: I and Q`);
  const pcm = coding === FORMAT_PCM && [8, 16, 24, 32].includes(bits);
  const float = coding === FORMAT_FLOAT && [32, 64].includes(bits);
  if (!pcm && !float) return rejected('format', `coding ${coding} of ${bits} bits, expected PCM or float`);
  return { ok: true, value: { datatype: `${pcm ? 'pcm' : 'float'}${bits}`, sampleRateHz: view.getUint32(4, true) } };
}

import { accepted, type Parsed, rejected } from '../../src/core/frames.ts';
import { type ContextFields, parseContextFields } from './context-fields.ts';
import { type Indicators, indicatorsOf } from './indicators.ts';

/**
 * One packet of ANSI/VITA 49.0 or 49.2 (IEEE-ISTO 4900, DIFI, is a profile of it). Words of 32 bits, big-endian:
 *
 *      31 28│27│26 25 24│23 22│21 20│19    16│15                          0
 *     ┌─────┴──┴────────┴─────┴─────┴────────┴────────────────────────────┐
 *     │ type │C │ indic. │ TSI │ TSF │ count  │ size in words, all of them │
 *     ├───────────────────────────────────────────────────────────────────┤
 *     │ stream identifier                  types 1, 3 and from 4 on       │
 *     │ class identifier, 2 words          where C: pad bits (31–27), OUI │
 *     │ integer seconds                    where TSI is not 0             │
 *     │ fractional seconds, 2 words        where TSF is not 0             │
 *     │ payload: samples, or a context's CIF0 and its fields              │
 *     │ trailer                            data, where bit 26 is set      │
 *     └───────────────────────────────────────────────────────────────────┘
 *
 * The count is modulo 16, for each stream and type by itself.
 * Sources: voyager-tech-inc/vita49-rs; Wireshark, packet-vrt.c; DIFI-Consortium/gr-difi.
 */
export type VrtPacket = VrtData | VrtContext | { readonly kind: 'other' };

export const TSI = { none: 0, utc: 1, gps: 2, other: 3 } as const;
export const TSF = { none: 0, sampleCount: 1, picoseconds: 2, freeRunning: 3 } as const;

export interface VrtTime {
  /** What the integer seconds count: one of `TSI`. */
  readonly tsi: number;
  readonly seconds: number;
  /** What the fraction counts: one of `TSF`. */
  readonly tsf: number;
  readonly fraction: bigint;
}

interface VrtHead {
  /** null: a data packet without one. */
  readonly streamId: number | null;
  /** 0–15, one more each packet. */
  readonly count: number;
  readonly time: VrtTime;
}

export interface VrtData extends VrtHead {
  readonly kind: 'data';
  /** A view of the packet; its padding at the end is left out. */
  readonly payload: Uint8Array;
  readonly indicators: Indicators;
}

export interface VrtContext extends VrtHead {
  readonly kind: 'context';
  readonly fields: ContextFields;
}

const WORD_BYTES = 4;
const DATA_TYPES = [0, 1] as const;
const CONTEXT_TYPE = 4;
const TYPE_NAMES: Readonly<Record<number, string>> = {
  2: 'extension data',
  3: 'extension data',
  6: 'a command',
  7: 'an extension command',
};

/** Reads on through the words of a packet; what it reads was checked to be there. */
class Words {
  at: number = WORD_BYTES;
  private readonly view: DataView;

  constructor(view: DataView) {
    this.view = view;
  }

  u32(): number {
    this.at += WORD_BYTES;
    return this.view.getUint32(this.at - WORD_BYTES);
  }

  u64(): bigint {
    this.at += 2 * WORD_BYTES;
    return this.view.getBigUint64(this.at - 2 * WORD_BYTES);
  }
}

export function parseVrtPacket(bytes: Uint8Array): Parsed<VrtPacket> {
  if (bytes.length < WORD_BYTES) return rejected('length', `${bytes.length} bytes: no VITA 49 header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = view.getUint32(0);
  const type = head >>> 28;
  if (type > 7) return rejected('magic', `packet type ${type}: not VITA 49`);
  const sizeBytes = (head & 0xffff) * WORD_BYTES;
  if (sizeBytes !== bytes.length) {
    return rejected('length', `${bytes.length} bytes, ${sizeBytes} by the header: one whole packet a message expected`);
  }
  if (TYPE_NAMES[type] !== undefined) return rejected('format', `${TYPE_NAMES[type]}: signal data or context expected`);
  const isData = (DATA_TYPES as readonly number[]).includes(type);
  const needed = prologueBytes(head, type) + (isData && hasTrailer(head) ? WORD_BYTES : 0);
  if (bytes.length < needed) return rejected('length', `${bytes.length} bytes, its header alone takes ${needed}`);
  if (type !== CONTEXT_TYPE && !isData) return accepted({ kind: 'other' });
  return isData ? parseData(bytes, view, head) : parseContext(view, head);
}

function hasTrailer(head: number): boolean {
  return (head & (1 << 26)) !== 0;
}

function prologueBytes(head: number, type: number): number {
  const hasStream = type !== 0 && type !== 2;
  const hasClass = (head & (1 << 27)) !== 0;
  const words = 1 + (hasStream ? 1 : 0) + (hasClass ? 2 : 0) + (tsiOf(head) ? 1 : 0) + (tsfOf(head) ? 2 : 0);
  return words * WORD_BYTES;
}

function tsiOf(head: number): number {
  return (head >>> 22) & 3;
}

function tsfOf(head: number): number {
  return (head >>> 20) & 3;
}

function readHead(words: Words, head: number): VrtHead & { readonly padBits: number } {
  const streamId = head >>> 28 === 0 ? null : words.u32();
  let padBits = 0;
  if ((head & (1 << 27)) !== 0) {
    padBits = words.u32() >>> 27;
    words.u32();
  }
  const [tsi, tsf] = [tsiOf(head), tsfOf(head)];
  const seconds = tsi === TSI.none ? 0 : words.u32();
  const fraction = tsf === TSF.none ? 0n : words.u64();
  return { streamId, count: (head >>> 16) & 15, time: { tsi, seconds, tsf, fraction }, padBits };
}

function parseData(bytes: Uint8Array, view: DataView, head: number): Parsed<VrtPacket> {
  // Bit 24 says so in 49.2; in 49.0 it is reserved, and zero.
  if ((head & (1 << 24)) !== 0) return rejected('format', 'spectra instead of samples: not read');
  const words = new Words(view);
  const { padBits, ...rest } = readHead(words, head);
  const end = bytes.length - (hasTrailer(head) ? WORD_BYTES : 0);
  const payloadEnd = end - (padBits >>> 3);
  if (payloadEnd < words.at) return rejected('length', `${padBits} bits of padding in ${end - words.at} bytes`);
  const indicators = indicatorsOf(hasTrailer(head) ? view.getUint32(end) : 0);
  return accepted({ kind: 'data', ...rest, payload: bytes.subarray(words.at, payloadEnd), indicators });
}

function parseContext(view: DataView, head: number): Parsed<VrtPacket> {
  const words = new Words(view);
  const { padBits: _padBits, ...rest } = readHead(words, head);
  const fields = parseContextFields(view, words.at);
  return fields.ok ? accepted({ kind: 'context', ...rest, fields: fields.value }) : fields;
}

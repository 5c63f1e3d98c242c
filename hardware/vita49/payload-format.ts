import { accepted, BYTES_PER_PAIR, type Parsed, rejected, type SampleFormat } from '../../src/core/frames.ts';

/** How samples lie in a payload. */
export interface PayloadFormat {
  readonly format: Extract<SampleFormat, 'cs8' | 'cs16' | 'cf32'>;
  /** Bits of a component that carry it; those below hold tags or nothing. */
  readonly itemBits: number;
}

export type ByteOrder = 'big' | 'little';

const [COMPLEX_CARTESIAN, SIGNED_FIXED, IEEE_SINGLE] = [1, 0b00000, 0b01110];
const SAMPLE_TYPES = ['real samples', 'complex samples', 'samples in polar form', 'samples of an unknown type'];

/**
 * The payload format field, two words:
 *
 *     31 link-efficient │ 30–29 real, complex, polar │ 28–24 item format │ 23 repeated components
 *     22–20 event tag bits │ 19–16 channel tag bits │ 15–12 fraction │ 11–6 packing field bits − 1 │ 5–0 item bits − 1
 *     31–16 repetitions − 1 │ 15–0 vector size − 1
 *
 * An item stands at the left of its packing field. Processing-efficient fields do not cross words, link-efficient ones
 * leave no gaps: for 8, 16 and 32 bits that is the same, and only these are read. Link-efficient complex samples of
 * DIFI devices often state the field of a whole pair (0xA00003C7, 0xA00007CF), and some one that is smaller than its
 * item (0xA00001CF); their samples follow each other without gaps all the same.
 */
export function payloadFormatOf(word: number, second: number): Parsed<PayloadFormat> {
  const sampleType = (word >>> 29) & 3;
  const itemFormat = (word >>> 24) & 31;
  const itemBits = (word & 63) + 1;
  const stated = ((word >>> 6) & 63) + 1;
  const isLinkEfficient = word >>> 31 === 1;
  const fieldBits = isLinkEfficient && (stated === 2 * itemBits || stated < itemBits) ? itemBits : stated;
  if (sampleType !== COMPLEX_CARTESIAN) return refuse(`${SAMPLE_TYPES[sampleType]}; complex ones are read`);
  if ((word >>> 23) & 1 || second !== 0) return refuse('repeated samples or vectors of samples');
  if (itemFormat === IEEE_SINGLE && itemBits === 32 && fieldBits === 32) return accepted({ format: 'cf32', itemBits });
  if (itemFormat !== SIGNED_FIXED) return refuse(`items of format ${itemFormat}; signed integers and float32 are read`);
  if (fieldBits === 8 && itemBits <= 8) return accepted({ format: 'cs8', itemBits });
  if (fieldBits === 16 && itemBits <= 16) return accepted({ format: 'cs16', itemBits });
  return refuse(`integers of ${itemBits} bits in fields of ${fieldBits}; fields of 8 and 16 are read`);
}

function refuse(detail: string): Parsed<PayloadFormat> {
  return rejected('format', `payload format: ${detail}`);
}

/** Copies the samples to `target`, little-endian; `isInverted`: I and Q change places, which mirrors the spectrum. */
export function decodeSamples(
  payload: Uint8Array,
  { format, itemBits }: PayloadFormat,
  order: ByteOrder,
  isInverted: boolean,
): Uint8Array {
  const pairBytes = BYTES_PER_PAIR[format];
  // In memory of its own, which begins where a float may.
  const own = new Uint8Array(payload.subarray(0, payload.length - (payload.length % pairBytes)));
  const samples = Buffer.from(own.buffer);
  if (order === 'big' && format === 'cs16') samples.swap16();
  if (order === 'big' && format === 'cf32') samples.swap32();
  const fieldBits = (pairBytes * 8) / 2;
  if (itemBits < fieldBits) clearTags(samples, format, 2 ** fieldBits - 2 ** (fieldBits - itemBits));
  if (isInverted) exchangeComponents(samples, pairBytes / 2);
  return samples;
}

function clearTags(samples: Buffer, format: SampleFormat, mask: number): void {
  const step = format === 'cs8' ? 1 : 2;
  for (let at = 0; at < samples.length; at += step) {
    samples[at] &= mask & 0xff;
    if (step === 2) samples[at + 1] &= mask >>> 8;
  }
}

function exchangeComponents(samples: Buffer, bytes: number): void {
  for (let at = 0; at < samples.length; at += 2 * bytes) {
    for (let i = at; i < at + bytes; i++) {
      const first = samples[i];
      samples[i] = samples[i + bytes];
      samples[i + bytes] = first;
    }
  }
}

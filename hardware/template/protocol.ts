import { accepted, type Parsed, type Reject, rejected } from '../../src/core/frames.ts';
import { ByteQueue } from '../../src/formats/byte-queue.ts';

/**
 * What crosses the wire, as a picture, and where that is written down. Here, an invented device that speaks in lines:
 *
 *     SPAN 88000000 108000000 LF           ← to the device
 *     OK 88000000 100000 LF                ← from it: first frequency and step, Hz, as it took them
 *     S -101.5 -99 -100.25 … LF            ← a sweep: one level a point, dBm
 */
const LF = 0x0a;
/** Longer than any line of the device, so that what never ends is let go. */
const LINE_LIMIT_BYTES = 64 * 1024;

export type TemplateMessage =
  | { readonly kind: 'span'; readonly startHz: number; readonly stepHz: number }
  | { readonly kind: 'sweep'; readonly levelsDbm: Float32Array }
  | { readonly kind: 'rejected'; readonly reject: Reject };

export function encodeSpan(startHz: number, stopHz: number): Uint8Array {
  return Buffer.from(`SPAN ${Math.round(startHz)} ${Math.round(stopHz)}\n`, 'latin1');
}

function parseLine(line: string): Parsed<TemplateMessage> {
  const [word, ...fields] = line.trim().split(' ');
  const numbers = fields.map((field) => (/^-?\d{1,12}(?:\.\d{1,6})?$/.test(field) ? Number(field) : Number.NaN));
  if (numbers.length === 0 || numbers.some(Number.isNaN))
    return rejected('syntax', 'a line that is none of the device');
  const [startHz, stepHz] = numbers;
  if (word === 'OK' && numbers.length === 2 && stepHz > 0) return accepted({ kind: 'span', startHz, stepHz });
  if (word === 'S' && numbers.every((level) => level >= -250 && level <= 50)) {
    return accepted({ kind: 'sweep', levelsDbm: Float32Array.from(numbers) });
  }
  return rejected('value', `${JSON.stringify(word.slice(0, 20))} with values that cannot be`);
}

/** Bytes in as they come, messages out; never throws, and never keeps more than a line. */
export class TemplateParser {
  private readonly queue = new ByteQueue();

  push(bytes: Uint8Array): TemplateMessage[] {
    this.queue.push(bytes);
    const messages: TemplateMessage[] = [];
    for (let end = this.queue.front.indexOf(LF); end >= 0; end = this.queue.front.indexOf(LF)) {
      const line = Buffer.from(this.queue.front.subarray(0, end)).toString('latin1');
      this.queue.skip(end + 1);
      const parsed = parseLine(line);
      messages.push(parsed.ok ? parsed.value : { kind: 'rejected', reject: parsed.reject });
    }
    if (this.queue.length > LINE_LIMIT_BYTES) {
      messages.push({ kind: 'rejected', reject: { reason: 'size', detail: 'a line without an end' } });
      this.queue.skip(this.queue.length);
    }
    return messages;
  }
}

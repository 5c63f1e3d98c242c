/** Numbers and words straight from the bytes of a line: sweep logs are hundreds of millions of them. */

const SPACE = 0x20;
const TAB = 0x09;

export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === 0x0d;
}

/** The field's characters without the blanks around it; for a few short fields. */
export function fieldText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i += 1) text += String.fromCharCode(bytes[i]!);
  return text.trim();
}

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => 10 ** power);

/**
 * The decimal number of bytes[from, to), blanks around it allowed; NaN where it is none. Exact where
 * digits fit 2^53 and 10^22 (then one correctly rounded division); otherwise left to Number().
 */
export function decimal(bytes: Uint8Array, from: number, to: number): number {
  let start = from;
  let end = to;
  while (start < end && isBlank(bytes[start]!)) start += 1;
  while (end > start && isBlank(bytes[end - 1]!)) end -= 1;
  let i = start;
  const negative = bytes[i] === 0x2d;
  if (negative || bytes[i] === 0x2b) i += 1;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let point = false;
  for (; i < end; i += 1) {
    const byte = bytes[i]!;
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      digits += 1;
      if (point) decimals += 1;
    } else if (byte === 0x2e && !point) point = true;
    else return slowDecimal(bytes, start, end);
  }
  if (digits === 0) return Number.NaN;
  if (digits > 15) return slowDecimal(bytes, start, end);
  const value = mantissa / POWERS_OF_TEN[decimals]!;
  return negative ? -value : value;
}

function slowDecimal(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 40) return Number.NaN;
  const text = fieldText(bytes, from, to);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** The field says that there is no level: `nan`, `-nan`, `inf`, `-inf`, `infinity`. */
export function isMissingWord(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from <= 16 && /^[+-]?(nan(\(.*\))?|inf(inity)?)$/i.test(fieldText(bytes, from, to));
}

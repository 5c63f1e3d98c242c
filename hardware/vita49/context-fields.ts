import { accepted, type Parsed, rejected } from '../../src/core/frames.ts';
import { type Indicators, indicatorsOf } from './indicators.ts';
import { type PayloadFormat, payloadFormatOf } from './payload-format.ts';

/** What a context packet says of its stream; what it leaves out stays as it was. */
export interface ContextFields {
  readonly bandwidthHz?: number;
  readonly ifReferenceHz?: number;
  readonly rfReferenceHz?: number;
  readonly rfOffsetHz?: number;
  /** Level at the reference point of a sine that fills the scale, dBm. */
  readonly referenceLevelDbm?: number;
  /** Both stages together. */
  readonly gainDb?: number;
  readonly sampleRateHz?: number;
  readonly temperatureC?: number;
  readonly indicators?: Indicators;
  readonly payloadFormat?: Parsed<PayloadFormat>;
}

/**
 * CIF0, a bit for each field, and then the fields in the order of their bits from the highest:
 *
 *     bit 31 change │ 30 reference point, 1 word │ 29 bandwidth, 2 │ 28 IF reference frequency, 2
 *     27 RF reference frequency, 2 │ 26 RF offset, 2 │ 25 IF band offset, 2 │ 24 reference level, 1 │ 23 gain, 1
 *     22 over-range count, 1 │ 21 sample rate, 2 │ 20 time stamp adjustment, 2 │ 19 calibration time, 1
 *     18 temperature, 1 │ 17 device identifier, 2 │ 16 state and events, 1 │ 15 payload format, 2 │ 14–8 positions …
 *
 * Bits 1, 2, 3 and 7 announce further words like it directly behind it. Frequencies are signed Q44.20 Hz, levels and
 * gains Q9.7 dB in 16 bits, the temperature Q10.6 °C.
 */
const FIELD_WORDS = [
  [30, 1],
  [29, 2],
  [28, 2],
  [27, 2],
  [26, 2],
  [25, 2],
  [24, 1],
  [23, 1],
  [22, 1],
  [21, 2],
  [20, 2],
  [19, 1],
  [18, 1],
  [17, 2],
  [16, 1],
  [15, 2],
] as const;
const FURTHER_WORDS = [1, 2, 3, 7] as const;
/** Fields then come several times over: as they are, as their mean, as their limits … */
const ATTRIBUTES_BIT = 7;

type Draft = { -readonly [K in keyof ContextFields]: ContextFields[K] };

export function parseContextFields(view: DataView, from: number): Parsed<ContextFields> {
  if (from + 4 > view.byteLength) return rejected('length', 'a context packet without its first field');
  const cif0 = view.getUint32(from);
  const has = (bit: number) => ((cif0 >>> bit) & 1) === 1;
  if (has(ATTRIBUTES_BIT)) return rejected('format', 'a context whose fields have attributes (CIF7): not read');
  let at = from + 4 + 4 * FURTHER_WORDS.filter(has).length;
  const draft: Draft = {};
  for (const [bit, words] of FIELD_WORDS) {
    if (!has(bit)) continue;
    if (at + 4 * words > view.byteLength)
      return rejected('length', `a context that ends before its field of bit ${bit}`);
    readField(draft, bit, view, at);
    at += 4 * words;
  }
  return accepted(draft);
}

function readField(draft: Draft, bit: number, view: DataView, at: number): void {
  if (bit === 29) draft.bandwidthHz = q4420(view, at);
  else if (bit === 28) draft.ifReferenceHz = q4420(view, at);
  else if (bit === 27) draft.rfReferenceHz = q4420(view, at);
  else if (bit === 26) draft.rfOffsetHz = q4420(view, at);
  else if (bit === 24) draft.referenceLevelDbm = view.getInt16(at + 2) / 128;
  else if (bit === 23) draft.gainDb = (view.getInt16(at + 2) + view.getInt16(at)) / 128;
  else if (bit === 21) draft.sampleRateHz = q4420(view, at);
  else if (bit === 18) draft.temperatureC = view.getInt16(at + 2) / 64;
  else if (bit === 16) draft.indicators = indicatorsOf(view.getUint32(at));
  else if (bit === 15) draft.payloadFormat = payloadFormatOf(view.getUint32(at), view.getUint32(at + 4));
}

/** 64 bits, the last 20 of them behind the point: exact up to 2^33 Hz, and to 2^−19 Hz up to 2^34 Hz. */
function q4420(view: DataView, at: number): number {
  return view.getInt32(at) * 4096 + view.getUint32(at + 4) / 1_048_576;
}

import { hackrfRecordLevels } from './hackrf-binary.ts';
import { SweepCsvReader } from './sweep-csv.ts';

/** Formats that their content tells; the parts after `:` are forms of one `--format`. */
export type SniffedFormat =
  | 'sigmf:meta'
  | 'sigmf:archive'
  | 'wav'
  | 'rtl_power'
  | 'soapy_power'
  | 'soapy_power:bin'
  | 'hackrf_sweep'
  | 'hackrf_sweep:bin'
  | 'rtl_power_fftw'
  | 'rfe'
  | 'rfe:csv'
  | 'radiohound'
  | 'sm1809';

/** So many bytes of a file's beginning are enough. */
export const SNIFF_BYTES = 65_536;

/** The format of a file by its first bytes; null where they tell none, as raw samples do. */
export function sniffFormat(head: Uint8Array): SniffedFormat | null {
  const ascii = new TextDecoder('latin1').decode(head.subarray(0, 600)).replace(/^ï»¿/, '');
  if (/^(RIFF|RF64|BW64)/.test(ascii) && ascii.slice(8, 12) === 'WAVE') return 'wav';
  if (ascii.startsWith('SDRFF')) return 'soapy_power:bin';
  if (ascii.slice(1).startsWith('RFExplorer PC Client - Format v')) return 'rfe';
  if (ascii.slice(257, 262) === 'ustar') return 'sigmf:archive';
  if (isHackrfBinary(head)) return 'hackrf_sweep:bin';
  return sniffText(head, ascii);
}

function sniffText(head: Uint8Array, ascii: string): SniffedFormat | null {
  if (/^\s*\{/.test(ascii)) return sniffJson(new TextDecoder('latin1').decode(head));
  if (/^RF Explorer CSV data file/i.test(ascii)) return 'rfe:csv';
  if (/^#\s*(rtl-power-fftw|soapy_power) output/m.test(ascii)) return 'rtl_power_fftw';
  if (/^#\s*Acquisition (start|end):/m.test(ascii)) return 'rtl_power_fftw';
  if (/^\s*FileType\s/m.test(ascii) || /^FreqStart\s[\s\S]*^FreqStop\s/m.test(ascii)) return 'sm1809';
  if (/^(?:[^\n]*\n){0,5}?\s*\d{4}-\d\d-\d\d\s*,\s*\d\d:\d\d:\d\d/.test(ascii)) return sniffCsv(head);
  return null;
}

function sniffJson(text: string): SniffedFormat | null {
  if (text.includes('"core:datatype"') || /"global"\s*:/.test(text)) return 'sigmf:meta';
  const radiohound = text.includes('"mac_address"') || text.includes('"periodogram"') || text.includes('"short_name"');
  return radiohound ? 'radiohound' : null;
}

function sniffCsv(head: Uint8Array): SniffedFormat {
  const reader = new SweepCsvReader({ receiver: 'sniff', timezone: 'UTC' });
  const lastWhole = head.lastIndexOf(0x0a);
  reader.push(lastWhole < 0 ? head : head.subarray(0, lastWhole + 1));
  if (reader.dialect === null) reader.finish();
  return reader.dialect ?? 'rtl_power';
}

/** A record whose levels are plausible, and another behind it where the bytes reach so far. */
function isHackrfBinary(head: Uint8Array): boolean {
  const count = hackrfRecordLevels(head, 0);
  const end = 20 + 4 * count;
  return count > 0 && (head.length < end + 20 || hackrfRecordLevels(head, end) > 0);
}

import { accepted, type Parsed, rejected } from '../core/frames.ts';

/**
 * Designation of emissions, Radio Regulations Appendix 1 (and ITU-R SM.1138 for the bandwidths):
 *
 *     16K0 F 3 E  J N
 *     │    │ │ │  └┴ optional: details of the signals, nature of multiplexing
 *     │    │ │ └ type of information: N none, A B telegraphy, C facsimile, D data, E sound, F video, W, X
 *     │    │ └ signal: 0 none, 1 2 one digital channel, 3 one analogue, 7 digital, 8 analogue, 9 both, X
 *     │    └ modulation of the main carrier: N none, A amplitude, F frequency, G phase, J H R sidebands, P pulses …
 *     └ necessary bandwidth: three digits, and H K M or G where the decimal point is
 */
export interface Designator {
  /** null where the class stands alone. */
  readonly bandwidthHz: number | null;
  readonly modulation: string;
  readonly signal: string;
  readonly information: string;
  readonly details: string | null;
  readonly multiplex: string | null;
}

const UNITS = [
  ['H', 1],
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
] as const;
const BANDWIDTH = /^(?:H\d{3}|[1-9][HKMG]\d{2}|[1-9]\d[HKMG]\d|[1-9]\d{2}[HKMG])/;
const CLASS = /^([NAHRJBCFGDPKLMQVWX])([0-37-9X])([NABCDEFWX])([A-HJ-NWX-]?)([NCFTWX-]?)$/;

/** Four characters for a bandwidth of 0.001 Hz to 999 GHz: three significant digits, rounded. null outside of that. */
export function bandwidthText(hz: number): string | null {
  if (!(hz >= 0.001) || hz >= 999.5e9) return null;
  if (hz < 0.9995) return `H${String(Math.round(hz * 1e3)).padStart(3, '0')}`;
  for (const [unit, scale] of UNITS) {
    // 999.5 becomes 1.00 of the next unit.
    if (hz / scale >= 999.5) continue;
    const digits = (hz / scale).toPrecision(3);
    const text = digits.includes('.') ? digits.replace('.', unit) : `${digits}${unit}`;
    return text.slice(0, 4);
  }
  return null;
}

export function formatDesignator(designator: Designator): string {
  const { bandwidthHz, modulation, signal, information, details, multiplex } = designator;
  const bandwidth = bandwidthHz === null ? '' : (bandwidthText(bandwidthHz) ?? '');
  const rest = multiplex === null ? (details ?? '') : `${details ?? '-'}${multiplex}`;
  return `${bandwidth}${modulation}${signal}${information}${rest}`;
}

/** Reads `16K0F3E`, `16K0F3EJN`, or a class alone such as `N0N`; letters of any case, spaces within are allowed. */
export function parseDesignator(text: string): Parsed<Designator> {
  const plain = text.replace(/\s+/g, '').toUpperCase();
  const bandwidth = BANDWIDTH.exec(plain)?.[0] ?? null;
  const found = CLASS.exec(plain.slice(bandwidth?.length ?? 0));
  if (found === null) {
    return rejected('syntax', `${JSON.stringify(text.slice(0, 20))}: an emission designator such as 16K0F3E expected`);
  }
  const [, modulation, signal, information, details, multiplex] = found;
  return accepted({
    bandwidthHz: bandwidth === null ? null : bandwidthHz(bandwidth),
    modulation,
    signal,
    information,
    details: optional(details),
    multiplex: optional(multiplex),
  });
}

function optional(symbol: string): string | null {
  return symbol === '' || symbol === '-' ? null : symbol;
}

/** `12K5` is 12.5 kHz: the letter stands where the point is. In whole thousandths of a hertz, so that nothing is lost. */
function bandwidthHz(text: string): number {
  const [unit, scale] = UNITS.find(([letter]) => text.includes(letter))!;
  const [whole, part] = text.split(unit);
  return (Number(whole + part) * scale) / 10 ** part.length;
}

import type { SampleFormat } from '../core/frames.ts';

/** What a recording's name says of it; null where it does not. */
export interface NameFacts {
  readonly format: SampleFormat | null;
  readonly centerHz: number | null;
  readonly rateHz: number | null;
  readonly startMs: number | null;
}

const FORMATS: Readonly<Record<string, SampleFormat>> = {
  cu8: 'cu8',
  data: 'cu8',
  complex16u: 'cu8',
  cs8: 'cs8',
  ci8: 'cs8',
  complex16s: 'cs8',
  cs16: 'cs16',
  ci16: 'cs16',
  cf32: 'cf32',
  fc32: 'cf32',
  cfile: 'cf32',
  complex: 'cf32',
};

const SCALE: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/**
 * Names as programs write them:
 *
 *     g001_433.92M_250k.cu8                            rtl_433: number and M is the centre, number and k the rate
 *     gqrx_20200101_120000_100000000_1800000_fc.raw    gqrx: UTC, centre, rate; float samples
 *     HDSDR_20200101_120000Z_7100kHz_RF.wav            HDSDR and SDR#: UTC and the centre
 *
 * `…Hz` is always a centre and `…sps` or `…S/s` a rate. Of two numbers with M the second is the rate, where
 * nothing else says it: `1090M_2M.cu8`.
 */
export function parseFileName(path: string): NameFacts {
  const name = path.split(/[/\\]/).at(-1)!.slice(0, 300);
  const gqrx = /^gqrx_(\d{8})_(\d{6})_(\d{1,12})_(\d{1,10})_fc\.raw$/i.exec(name);
  if (gqrx !== null) {
    const [, date, time, center, rate] = gqrx;
    return { format: 'cf32', centerHz: Number(center), rateHz: Number(rate), startMs: utc(date!, time!) };
  }
  const stamp = /(?:^|_)(\d{8})[_T](\d{6})(?:\.\d+)?Z/i.exec(name);
  return { ...readTokens(name), startMs: stamp === null ? null : utc(stamp[1]!, stamp[2]!) };
}

function readTokens(name: string): Omit<NameFacts, 'startMs'> {
  let format: SampleFormat | null = null;
  let centerHz: number | null = null;
  let rateHz: number | null = null;
  let secondMega: number | null = null;
  // A point parts tokens unless it stands between digits: 433.92M_250k.cu8.
  for (const token of name.toLowerCase().split(/[_ :+,()[\]]+|-|\.(?!\d)|(?<!\d)\./)) {
    format = (Object.hasOwn(FORMATS, token) ? FORMATS[token] : undefined) ?? format;
    const match = /^(\d+(?:\.\d+)?)([kmg]?)(hz|sps|s)?$/.exec(token);
    if (match === null) continue;
    const [, digits, prefix, unit] = match as unknown as [string, string, string, string | undefined];
    const value = Number(digits) * SCALE[prefix]!;
    if (unit === 'hz') centerHz = value;
    else if (unit !== undefined && (unit === 'sps' || prefix !== '')) rateHz = value;
    else if (prefix === 'k') rateHz ??= value;
    else if (prefix === 'm' && centerHz !== null) secondMega ??= value;
    else if (prefix === 'm' || prefix === 'g') centerHz ??= value;
  }
  return { format, centerHz: rounded(centerHz), rateHz: rounded(rateHz ?? secondMega) };
}

/** 433.92·10^6 has a tail in binary: frequencies in names are whole Hz. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

function utc(date: string, time: string): number | null {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number) as [
    number,
    number,
    number,
  ];
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)].map(Number) as [
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

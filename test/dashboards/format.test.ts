import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBandwidth,
  formatClock,
  formatDateTime,
  formatFrequency,
  formatLevel,
  formatSpan,
  parseFrequency,
  tickDecimals,
} from '../../dashboards/web/lib/format.ts';

describe('frequencies', () => {
  it.each([
    [3_000_000, '3000.00 kHz'],
    [3_000_001, '3.0000 MHz'],
    [121_500_000, '121.5000 MHz'],
    [3_000_000_000, '3000.0000 MHz'],
    [5_800_000_000, '5.800000 GHz'],
  ])('%d Hz is written in the unit of Radio Regulations No. 2.1: %s', (hz, text) => {
    expect(formatFrequency(hz, 'en')).toBe(text);
    expect(formatFrequency(hz, 'zh-CN')).toBe(text);
  });

  it.each([
    ['98.7', 98.7e6],
    ['98.7M', 98.7e6],
    ['409,75 MHz', 409.75e6],
    ['7100k', 7.1e6],
    ['1.57542 GHz', 1.57542e9],
    ['121500000 Hz', 121.5e6],
  ])('%s is read', (text, hz) => {
    expect(parseFrequency(text)).toBeCloseTo(hz, 3);
  });

  it.each(['', 'abc', '-5', '0', '1e6', '98.7 X', '98.7.1'])('"%s" is none', (text) => {
    expect(parseFrequency(text)).toBeNull();
  });

  it('of a band share one unit', () => {
    expect(formatSpan(96.8e6, 99.2e6, 'en')).toBe('96.800 – 99.200 MHz');
    expect(formatSpan(100e3, 30e6, 'en')).toBe('0.100 – 30.000 MHz');
  });
});

describe('other figures', () => {
  it('are written with a true minus and their unit', () => {
    expect(formatLevel(-84.53, 'dBuV/m', 'en')).toBe('−84.5 dBµV/m');
    expect(formatBandwidth(12_500, 'en')).toBe('12.5 kHz');
    expect(formatBandwidth(256_000, 'en')).toBe('256 kHz');
    expect(formatBandwidth(91.6, 'en')).toBe('92 Hz');
  });

  it('have as many decimals as their steps need', () => {
    expect([0.5, 1, 2, 0.05, 0.001, 10].map(tickDecimals)).toEqual([1, 0, 0, 2, 3, 0]);
  });
});

describe('times', () => {
  const ms = Date.UTC(2026, 10, 22, 21, 4, 9);

  it('are told in UTC where wished, and say so', () => {
    expect(formatClock(ms, 'en', 'utc')).toBe('21:04:09');
    expect(formatClock(Date.UTC(2026, 0, 1), 'zh-CN', 'utc')).toBe('00:00:00');
    expect(formatDateTime(ms, 'en', 'utc')).toBe('22 Nov 2026, 21:04:09 UTC');
    expect(formatDateTime(ms, 'zh-CN', 'utc')).toBe('2026/11/22 21:04:09 UTC');
  });

  it('are told as ages in the language', () => {
    expect(formatAge(12_300, 'en')).toBe('12 sec. ago');
    expect(formatAge(12_300, 'zh-CN')).toBe('12秒前');
    expect(formatAge(3 * 3600_000, 'en')).toBe('3 hr. ago');
    expect(formatAge(-500, 'en')).toBe('0 sec. ago');
  });
});

import { describe, expect, it } from 'vitest';
import { SEVERITY_BANDS, severityOf } from '../../src/alerts/severity.ts';

const at = (hz: number, verdict: 'unassigned' | 'outside-terms' = 'unassigned') =>
  severityOf(hz - 5e3, hz + 5e3, verdict);

describe('severity', () => {
  it.each([
    ['the aeronautical distress frequency', 121.5e6, 'critical'],
    ['maritime channel 16', 156.8e6, 'critical'],
    ['a distress beacon', 406.025e6, 'critical'],
    ['GPS L1', 1575.42e6, 'critical'],
    ['an ILS glide path', 332e6, 'critical'],
    ['secondary radar replies', 1090e6, 'critical'],
    ['FM broadcasting', 98.7e6, 'high'],
    ['a handheld on 409 MHz', 409.75e6, 'medium'],
  ])('of %s', (_name, hz, severity) => {
    expect(at(hz)).toBe(severity);
  });

  it('counts a band as touched by an emission whose centre lies outside of it', () => {
    expect(severityOf(107.9e6, 108.1e6, 'unassigned')).toBe('critical');
    expect(severityOf(107.8e6, 108e6, 'unassigned')).toBe('high');
  });

  it('is less urgent where the station is known', () => {
    expect(at(121.5e6, 'outside-terms')).toBe('high');
    expect(at(98.7e6, 'outside-terms')).toBe('low');
    expect(at(409.75e6, 'outside-terms')).toBe('low');
  });

  it('has only bands whose edges are in order, the critical ones first', () => {
    expect(SEVERITY_BANDS.every(({ lowHz, highHz }) => lowHz < highHz)).toBe(true);
    const firstHigh = SEVERITY_BANDS.findIndex(({ severity }) => severity === 'high');
    expect(SEVERITY_BANDS.slice(firstHigh).some(({ severity }) => severity === 'critical')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { RegisterIndex } from '../../src/analysis/register-match.ts';
import type { Emission } from '../../src/core/emission.ts';
import type { Assignment } from '../../src/core/records.ts';

function row(values: Partial<Assignment>): Assignment {
  return {
    id: 'A1',
    kind: 'assignment',
    licensee: 'City Radio',
    station: 'City FM',
    callSign: '',
    service: 'broadcasting',
    centerHz: 98.1e6,
    bandwidthHz: 200e3,
    lat: null,
    lon: null,
    radiusKm: null,
    validFromMs: null,
    validUntilMs: null,
    designator: '',
    conditions: '',
    ...values,
  };
}

function emission(values: Partial<Emission>): Emission {
  return {
    id: 1,
    startSeconds: 0,
    stopSeconds: 1,
    activeSeconds: 1,
    bursts: 1,
    onAir: true,
    centerHz: 98.1e6,
    peakHz: 98.1e6,
    lowHz: 98.0e6,
    highHz: 98.2e6,
    occupiedBandwidthHz: 180e3,
    snrDb: 30,
    level: -30,
    unit: 'dBFS',
    kind: 'continuous',
    artefact: null,
    method: null,
    rbwHz: 1000,
    ...values,
  };
}

const NOW = { timeMs: Date.UTC(2026, 0, 1), location: { lat: 30, lon: 120, altitudeM: null } };
const ism = row({ id: 'ISM', kind: 'exempt', service: 'ISM', centerHz: 433.92e6, bandwidthHz: 1.74e6 });

describe('the match against the register', () => {
  const register = new RegisterIndex([row({}), ism, row({ id: 'A2', centerHz: 409.25e6, bandwidthHz: 12.5e3 })]);

  it('explains an emission inside its assignment, with the offset in words', () => {
    const verdict = register.match(emission({ centerHz: 98.102e6 }), NOW);
    expect([verdict.verdict, verdict.assignment]).toEqual(['assigned', 'A1']);
    expect(verdict.reasons[0]).toContain('2.0 kHz');
  });

  it('calls an emission that no row covers unassigned', () => {
    expect(register.match(emission({ centerHz: 96e6 }), NOW).verdict).toBe('unassigned');
  });

  it('calls one that is wider than its assignment, or beside it, outside its terms', () => {
    expect(register.match(emission({ occupiedBandwidthHz: 320e3 }), NOW).verdict).toBe('outside-terms');
    const beside = register.match(emission({ centerHz: 98.19e6, occupiedBandwidthHz: 50e3 }), NOW);
    expect(beside.verdict).toBe('outside-terms');
    expect(beside.reasons[0]).toContain('90.0 kHz');
  });

  it('exempts what lies whole in an exempt band, and not what sticks out of it', () => {
    expect(register.match(emission({ centerHz: 433.9e6, occupiedBandwidthHz: 40e3 }), NOW).verdict).toBe('exempt');
    expect(register.match(emission({ centerHz: 434.7e6, occupiedBandwidthHz: 400e3 }), NOW).verdict).toBe('unassigned');
  });

  it('tests validity against the time of the sighting', () => {
    const old = new RegisterIndex([row({ validUntilMs: Date.UTC(2025, 0, 1) })]);
    expect(old.match(emission({}), NOW).verdict).toBe('unassigned');
    expect(old.match(emission({}), NOW).reasons[0]).toContain('not in force');
    expect(old.match(emission({}), { ...NOW, timeMs: Date.UTC(2024, 5, 1) }).verdict).toBe('assigned');
  });

  it('does not explain a signal by a station far away: 1° of latitude is 111 km', () => {
    const near = new RegisterIndex([row({ lat: 30.4, lon: 120, radiusKm: 20 })]);
    const far = new RegisterIndex([row({ lat: 33, lon: 120, radiusKm: 20 })]);
    expect(near.match(emission({}), NOW).verdict).toBe('assigned');
    expect(far.match(emission({}), NOW).verdict).toBe('unassigned');
    expect(far.match(emission({}), { ...NOW, location: null }).verdict).toBe('assigned');
  });

  it('accuses nobody on a weak signal, and never of an artefact', () => {
    expect(register.match(emission({ centerHz: 96e6, snrDb: 3 }), NOW).verdict).toBe('undetermined');
    expect(register.match(emission({ centerHz: 96e6, artefact: 'image' }), NOW).verdict).toBe('artefact');
  });

  it('finds every row that covers a frequency, however wide, among many', () => {
    const rows = Array.from({ length: 5000 }, (_, i) =>
      row({ id: `R${i}`, centerHz: 1e8 + i * 25e3, bandwidthHz: 12.5e3 }),
    );
    const wide = row({ id: 'WIDE', centerHz: 1.5e8, bandwidthHz: 9e7 });
    const found = new RegisterIndex([...rows, wide]).overlapping(1.1e8, 1.1e8 + 1000);
    expect(found.map((r) => r.id).sort()).toEqual(['R400', 'WIDE']);
  });
});

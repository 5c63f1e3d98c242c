import type { Sighting } from '../../src/alerts/sighting.ts';
import type { EmissionRecord } from '../../src/core/records.ts';

export const T0_MS = Date.UTC(2026, 5, 15, 22, 0, 0);

/** An unassigned FM broadcaster on 98.7 MHz, one second on the air; what a test is about goes into `change`. */
export function emissionRecord(change: Partial<EmissionRecord> = {}): EmissionRecord {
  const centerHz = change.centerHz ?? 98.7e6;
  return {
    id: 'rx-1-a-1',
    receiver: 'rx-1',
    firstSeenMs: T0_MS,
    lastSeenMs: T0_MS + 1_000,
    activeSeconds: 1,
    bursts: 1,
    onAir: true,
    centerHz,
    peakHz: centerHz,
    lowHz: centerHz - 75e3,
    highHz: centerHz + 75e3,
    occupiedBandwidthHz: 150e3,
    snrDb: 20,
    level: -40,
    unit: 'dBFS',
    kind: 'continuous',
    artefact: null,
    method: { window: 'hann', transformBins: 4096, overlap: 0.5, enbwBins: 1.5, averages: 4 },
    rbwHz: 900,
    verdict: 'unassigned',
    assignment: null,
    reasons: ['no assignment covers 98.7 MHz'],
    ...change,
  };
}

export function sighting(change: Partial<EmissionRecord> = {}, more: Partial<Sighting> = {}): Sighting {
  const record = emissionRecord(change);
  return { record, looks: 10, ended: false, evidenceMs: record.lastSeenMs, service: 'broadcasting', ...more };
}

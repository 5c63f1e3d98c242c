import type {
  Account,
  Alert,
  Assignment,
  EmissionRecord,
  ReceiverRecord,
  SpectrumRow,
} from '../../src/core/records.ts';
import type { Mission, PlannedScan, TaskingRecord } from '../../src/core/tasking.ts';

const PLAN: PlannedScan = {
  bands: [{ lowHz: 87_500_000, highHz: 108_000_000, priority: 3, dwellSeconds: 0.25 }],
  dwellSeconds: 0.2,
  gainDb: 22.9,
  sampleRateHz: 2_400_000,
  usableShare: 0.8,
  rbwHz: 10_000,
  stepSpanHz: 5_000_000,
  steps: [
    {
      band: 0,
      lowHz: 87_500_000,
      highHz: 89_420_000,
      dwellSeconds: 0.25,
      tuning: { kind: 'tune', centerHz: 88_460_000, sampleRateHz: 2_400_000, gainDb: 22.9 },
    },
  ],
};

export function tasking(receiver: string): TaskingRecord {
  const home = { kind: 'scan', startHz: 88e6, stopHz: 108e6, rbwHz: 10_000 } as const;
  return { receiver, plan: PLAN, home, changedBy: 'li', changedMs: 1_790_000_000_000.5 };
}

export function mission(id: string, receiver: string): Mission {
  return {
    id,
    receiver,
    name: 'FM by night',
    schedule: {
      timeZone: 'Asia/Shanghai',
      weekdays: [5, 6],
      start: '22:00',
      stop: '04:00',
      fromDate: '2026-06-01',
      untilDate: null,
    },
    plan: PLAN,
    enabled: true,
    changedBy: 'li',
    changedMs: 1_790_000_000_000.5,
  };
}

/** Records with every field off its default, for suites of stores and of the gateway. */

export function receiver(id: string, change: Partial<ReceiverRecord> = {}): ReceiverRecord {
  return {
    id,
    name: `Roof ${id}`,
    approved: true,
    info: {
      model: 'RTL-SDR Blog V4',
      serial: '00000042',
      location: { lat: 22.3027, lon: 114.1772, altitudeM: 85.5 },
      antenna: 'discone',
      calibrationOffsetDb: -3.25,
      spursHz: [28_800_000, 57_600_000],
      ranges: [{ lowHz: 500_000, highHz: 1_766_000_000 }],
    },
    firstSeenMs: 1_790_000_000_000.25,
    lastSeenMs: null,
    ...change,
  };
}

export function assignment(id: string, centerHz: number, change: Partial<Assignment> = {}): Assignment {
  return {
    id,
    kind: 'assignment',
    licensee: '城市電台有限公司',
    station: 'Peak, "north" mast',
    callSign: 'VRX-1',
    service: 'broadcasting',
    centerHz,
    bandwidthHz: 200_000,
    lat: 22.27,
    lon: 114.15,
    radiusKm: 40,
    validFromMs: Date.UTC(2024, 0, 1),
    validUntilMs: null,
    designator: '256KF8E',
    conditions: 'e.r.p. 10 kW; 水平極化',
    ...change,
  };
}

export function emission(id: string, lowHz: number, highHz: number, change: Partial<EmissionRecord> = {}) {
  const record: EmissionRecord = {
    id,
    receiver: 'roof',
    firstSeenMs: 1_790_000_000_000.5,
    lastSeenMs: 1_790_000_060_000,
    activeSeconds: 59.5,
    bursts: 3,
    onAir: true,
    centerHz: (lowHz + highHz) / 2,
    peakHz: lowHz + 10.123,
    lowHz,
    highHz,
    occupiedBandwidthHz: null,
    snrDb: 31.25,
    level: -54.5,
    unit: 'dBFS',
    kind: 'intermittent',
    artefact: null,
    method: { window: 'hann', transformBins: 4096, overlap: 0.5, enbwBins: 1.5, averages: 117 },
    rbwHz: 878.90625,
    verdict: 'unassigned',
    assignment: null,
    reasons: ['no assignment overlaps 98.1 MHz', '附近沒有指配'],
    ...change,
  };
  return record;
}

export function alert(id: string, revision: number, change: Partial<Alert> = {}): Alert {
  return {
    id,
    revision,
    state: 'raised',
    severity: 'high',
    verdict: 'unassigned',
    rule: 'unassigned-emission',
    raisedMs: 1_790_000_000_000,
    updatedMs: 1_790_000_000_500.125,
    evidenceMs: 1_790_000_000_000.0625,
    firstSeenMs: 1_789_999_999_000,
    lastSeenMs: 1_790_000_000_000,
    onAir: true,
    centerHz: 98_100_000,
    bandwidthHz: 180_000,
    level: -40.5,
    unit: 'dBm',
    snrDb: 45.5,
    service: 'broadcasting',
    receivers: ['roof', 'harbour'],
    emissions: ['roof-k3x-1', 'harbour-k3x-7'],
    assignment: null,
    reasons: ['no assignment overlaps 98.1 MHz'],
    acknowledgedBy: null,
    acknowledgedMs: null,
    notes: [{ timeMs: 1_790_000_000_100, by: 'li', text: '第一次收到' }],
    ...change,
  };
}

export function spectrumRow(timeMs: number, change: Partial<SpectrumRow> = {}): SpectrumRow {
  const levels = Uint8Array.from({ length: 8 }, (_, bin) => (bin * 37 + timeMs) % 256);
  const span = { startHz: 96_900_000, stepHz: 300_000, unit: 'dBFS' as const };
  return { receiver: 'roof', timeMs, ...span, minLevel: -127.5, levelStepDb: 0.5, levels, ...change };
}

export function account(id: string, name: string, change: Partial<Account> = {}): Account {
  const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA';
  return { id, name, role: 'operator', passwordHash, createdMs: 1_790_000_000_000, disabled: false, ...change };
}

export const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

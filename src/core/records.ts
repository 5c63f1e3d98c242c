import type { CalibrationUse } from './calibration.ts';
import type { Emission, Verdict } from './emission.ts';
import type { EmissionMeasurement } from './measurement.ts';
import type { LevelUnit } from './units.ts';

/** Roles of people; what each may do is the gateway's table. */
export const ROLES = ['operator', 'officer', 'reviewer', 'supervisor', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export interface Location {
  readonly lat: number;
  readonly lon: number;
  readonly altitudeM: number | null;
}

/** What a receiver says of itself on `…/info`; every field may be missing there. */
export interface ReceiverInfo {
  readonly model: string | null;
  readonly serial: string | null;
  readonly location: Location | null;
  readonly antenna: string | null;
  readonly calibrationOffsetDb: number | null;
  /** Frequencies that this receiver produces itself, Hz. */
  readonly spursHz: readonly number[];
  readonly ranges: readonly { readonly lowHz: number; readonly highHz: number }[];
  /** How good its times are, and how it fares; only a receiver that measures them says so. */
  readonly clock?: ReceiverClock | null;
  readonly health?: ReceiverHealth | null;
  /** What it can do beyond the contract's least; `plan`: it steps through a plan by itself. */
  readonly features?: readonly string[];
}

/** `none`: a clock that nothing disciplines. */
export const CLOCK_SOURCES = ['gnss', 'ntp', 'none'] as const;
export type ClockSource = (typeof CLOCK_SOURCES)[number];

export interface ReceiverClock {
  readonly source: ClockSource;
  /** Of the receiver's clock against its source, and how far that may be wrong; null where it cannot be read. */
  readonly offsetSeconds: number | null;
  readonly uncertaintySeconds: number | null;
  /** How fast the front end's sample clock runs against it, parts in a million. */
  readonly sampleClockPpm: number | null;
}

/** Counters since the receiver's program started. */
export interface ReceiverHealth {
  /** What it waits for or why its device is away; null: all is well. */
  readonly trouble: string | null;
  readonly temperatureC: number | null;
  /** Lost between the antenna and the receiver's buffer; and packets that the buffer had no room for. */
  readonly samplesLost: number;
  readonly packetsLost: number;
  /** Signal that waits for the service. */
  readonly bufferedSeconds: number;
  readonly restarts: number;
  readonly uptimeSeconds: number;
}

/** `silent`: online by its own word, but no frame for longer than its usual interval. */
export const RECEIVER_STATES = ['online', 'offline', 'silent'] as const;
export type ReceiverState = (typeof RECEIVER_STATES)[number];

/** Where a device was found, and the family that it looks like. */
export interface FoundPort {
  readonly type: string;
  readonly port: string;
}

export interface ReceiverRecord {
  readonly id: string;
  /** For people; the id where nobody gave one. */
  readonly name: string;
  readonly approved: boolean;
  /** A person decided that it is not taken in; without it, one that is not approved is new. */
  readonly refused?: boolean;
  /** It was found at a port of this machine, rather than configured. */
  readonly found?: FoundPort | null;
  readonly info: ReceiverInfo;
  readonly firstSeenMs: number | null;
  readonly lastSeenMs: number | null;
}

/** The state of a receiver now; not stored, sent to dashboards. */
export interface ReceiverStatus {
  readonly id: string;
  readonly name: string;
  readonly approved: boolean;
  /** Not approved because a person decided so; otherwise it is new. */
  readonly refused?: boolean;
  /** In the configuration or of the demonstration, so not to be forgotten; and whether its name is from there too. */
  readonly configured?: { readonly name: boolean };
  readonly state: ReceiverState;
  /** Why it is not online, in one short English sentence; null where it is, or where nothing more is known. */
  readonly stateDetail: string | null;
  readonly info: ReceiverInfo;
  /** The span that it looks at now, Hz; null before its first frame. */
  readonly lowHz: number | null;
  readonly highHz: number | null;
  readonly sampleRateHz: number | null;
  readonly rbwHz: number | null;
  readonly unit: LevelUnit | null;
  readonly noiseFloor: number | null;
  readonly lastFrameMs: number | null;
  /** Since the service started. */
  readonly frames: number;
  readonly samples: number;
  readonly blocksDropped: number;
  readonly packetsLost: number;
  readonly packetsRejected: number;
  /** Share of clipped samples in the last look, percent. */
  readonly clippedPct: number;
}

/**
 * The right to transmit. `exempt` rows are bands where no individual licence is needed;
 * their centre and bandwidth give the band.
 */
export interface Assignment {
  readonly id: string;
  readonly kind: 'assignment' | 'exempt';
  readonly licensee: string;
  readonly station: string;
  readonly callSign: string;
  /** The radio service, in words: broadcasting, aeronautical, land mobile … */
  readonly service: string;
  readonly centerHz: number;
  readonly bandwidthHz: number;
  readonly lat: number | null;
  readonly lon: number | null;
  /** Mobile area or coverage, km; null where it holds everywhere. */
  readonly radiusKm: number | null;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
  /** ITU emission designator, such as 256KF8E; empty where unknown. */
  readonly designator: string;
  readonly conditions: string;
}

/** Why an emission has its verdict: for people, and for the file. */
export interface VerdictReason {
  readonly verdict: Verdict;
  readonly assignment: string | null;
  /** One short English sentence a criterion. */
  readonly reasons: readonly string[];
}

/** An emission as the service keeps it. */
export interface EmissionRecord extends Omit<Emission, 'id' | 'startSeconds' | 'stopSeconds'> {
  /** `<receiver>-<base 36 time>-<number>`: stays the same over restarts. */
  readonly id: string;
  readonly receiver: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly verdict: Verdict;
  readonly assignment: string | null;
  readonly reasons: readonly string[];
  /** What its level and frequencies were corrected by; left out or null where they are as the receiver read them. */
  readonly calibration?: CalibrationUse | null;
  /** The latest measurement from its IQ; left out or null where there is none yet, or only sweeps. */
  readonly measurement?: EmissionMeasurement | null;
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ALERT_STATES = ['raised', 'acknowledged', 'closed'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export interface AlertNote {
  readonly timeMs: number;
  readonly by: string;
  readonly text: string;
}

/** A matter for a person: one transmitter, whichever receivers hear it. */
export interface Alert {
  readonly id: string;
  /** One more with every change of any alert of this service: a client asks for what came after. */
  readonly revision: number;
  readonly state: AlertState;
  readonly severity: Severity;
  readonly verdict: Verdict;
  /** `wideband-rise`, `unassigned-emission`, `outside-terms`. */
  readonly rule: string;
  readonly raisedMs: number;
  readonly updatedMs: number;
  /** Time of the last sample that was needed to raise it, ms since 1970; for the latency figure. */
  readonly evidenceMs: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly onAir: boolean;
  readonly centerHz: number;
  readonly bandwidthHz: number;
  readonly level: number;
  readonly unit: LevelUnit;
  readonly snrDb: number;
  /** The service of the band, from the register's nearest row; empty where unknown. */
  readonly service: string;
  readonly receivers: readonly string[];
  readonly emissions: readonly string[];
  readonly assignment: string | null;
  readonly reasons: readonly string[];
  readonly acknowledgedBy: string | null;
  readonly acknowledgedMs: number | null;
  readonly notes: readonly AlertNote[];
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Argon2id, PHC string. Never leaves the store but for the check. */
  readonly passwordHash: string;
  readonly createdMs: number;
  readonly disabled: boolean;
}

export interface SessionRecord {
  /** SHA-256 of the cookie's value, hex: the value itself is nowhere kept. */
  readonly tokenHash: string;
  readonly accountId: string;
  readonly createdMs: number;
  readonly lastSeenMs: number;
  readonly expiresMs: number;
}

export interface ApiToken {
  readonly id: string;
  readonly tokenHash: string;
  readonly accountId: string;
  readonly label: string;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly lastUsedMs: number | null;
}

export interface AuditEntry {
  readonly id: number;
  readonly timeMs: number;
  /** Account name, `setup`, or `service`. */
  readonly by: string;
  /** Such as `alert.acknowledge`, `session.open`, `session.refused`. */
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
}

/** One stored spectrum: a byte a bin, level = minLevel + byte · levelStepDb. */
export interface SpectrumRow {
  readonly receiver: string;
  readonly timeMs: number;
  readonly startHz: number;
  readonly stepHz: number;
  readonly unit: LevelUnit;
  readonly minLevel: number;
  readonly levelStepDb: number;
  readonly levels: Uint8Array;
}

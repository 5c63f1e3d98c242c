import type { Bearing, BearingQuery } from './bearing.ts';
import type {
  Calibration,
  CalibrationSighting,
  LevelProposal,
  LevelReferences,
  RobustEstimate,
} from './calibration.ts';
import type { CoverageQuery, CoverageRow, CoverageSummary } from './coverage.ts';
import type { Verdict } from './emission.ts';
import type { RejectReason } from './frames.ts';
import type { OccupancyQuery, OccupancyReading, OccupancyRow } from './occupancy.ts';
import type {
  Account,
  Alert,
  AlertState,
  ApiToken,
  Assignment,
  AuditEntry,
  EmissionRecord,
  ReceiverRecord,
  ReceiverStatus,
  SessionRecord,
  SpectrumRow,
} from './records.ts';
import type {
  Mission,
  MissionStatus,
  PlanOutline,
  ScanPlan,
  TaskingRecord,
  TaskingStatus,
  TaskRequest,
} from './tasking.ts';
import type { LevelUnit } from './units.ts';

/** Wall clock, passed in wherever time is read. */
export interface Clock {
  nowMs(): number;
}

/** The part of a logger that the project uses; pino has it. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmissionQuery {
  readonly receiver?: string;
  readonly fromHz?: number;
  readonly toHz?: number;
  /** Last activity at or after. */
  readonly sinceMs?: number;
  /** First activity before. */
  readonly untilMs?: number;
  readonly verdict?: Verdict;
  readonly limit: number;
}

export interface AlertQuery {
  readonly state?: AlertState;
  /** Revision greater than. */
  readonly afterRevision?: number;
  readonly limit: number;
}

export interface SpectrumQuery {
  readonly receiver: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** At most this many rows, spread over the period. */
  readonly limit: number;
}

/**
 * The one door to everything kept. A promise that resolves means the record is safe on disk,
 * except `spectra.put`, which is telemetry and may lose its last second at a power cut.
 * Failures are `BandwardenError('store-failed')`.
 */
export interface Store {
  readonly receivers: {
    list(): Promise<ReceiverRecord[]>;
    get(id: string): Promise<ReceiverRecord | null>;
    put(receiver: ReceiverRecord): Promise<void>;
    /** With its credentials, its plan and its missions; what it observed stays. */
    remove(id: string): Promise<void>;
  };
  readonly tasking: {
    list(): Promise<TaskingRecord[]>;
    put(record: TaskingRecord): Promise<void>;
  };
  readonly missions: {
    list(): Promise<Mission[]>;
    put(mission: Mission): Promise<void>;
    remove(id: string): Promise<void>;
  };
  readonly assignments: {
    /** Replaces all rows of `source` in one transaction. */
    replace(source: string, rows: readonly Assignment[]): Promise<void>;
    list(range?: { fromHz: number; toHz: number; limit?: number }): Promise<Assignment[]>;
    count(): Promise<number>;
  };
  readonly emissions: {
    put(emissions: readonly EmissionRecord[]): Promise<void>;
    get(id: string): Promise<EmissionRecord | null>;
    /** Latest activity first. */
    find(query: EmissionQuery): Promise<EmissionRecord[]>;
  };
  readonly alerts: {
    put(alert: Alert): Promise<void>;
    get(id: string): Promise<Alert | null>;
    /** Latest revision first, except with `afterRevision`: then oldest first. */
    find(query: AlertQuery): Promise<Alert[]>;
    lastRevision(): Promise<number>;
  };
  readonly spectra: {
    put(rows: readonly SpectrumRow[]): Promise<void>;
    /** Oldest first. */
    find(query: SpectrumQuery): Promise<SpectrumRow[]>;
    /** Deletes what is older; returns how many rows went. */
    prune(beforeMs: number): Promise<number>;
  };
  readonly occupancy: {
    /** Adds what was counted to the rows of the same hour. */
    add(rows: readonly OccupancyRow[]): Promise<void>;
    /** Hours that begin in the period, of what overlaps the band, in their order. */
    find(query: OccupancyQuery): Promise<OccupancyRow[]>;
  };
  readonly coverage: {
    /** A row with the same receiver, span, kind and beginning as one before takes its place. */
    put(rows: readonly CoverageRow[]): Promise<void>;
    /** Rows that overlap the period, by their beginning. */
    find(query: Pick<CoverageQuery, 'receiver' | 'fromMs' | 'toMs'>): Promise<CoverageRow[]>;
    prune(beforeMs: number): Promise<number>;
  };
  readonly calibrations: {
    /** `conflict` where the version is there: none is ever changed. */
    add(calibration: Calibration): Promise<void>;
    get(id: string): Promise<Calibration | null>;
    /** By receiver, latest version first. */
    list(receiver?: string): Promise<Calibration[]>;
  };
  readonly bearings: {
    /** Those whose id is there already are left out; how many were new. */
    add(bearings: readonly Bearing[]): Promise<number>;
    /** Latest first. */
    find(query: BearingQuery): Promise<Bearing[]>;
  };
  readonly accounts: {
    list(): Promise<Account[]>;
    byName(name: string): Promise<Account | null>;
    byId(id: string): Promise<Account | null>;
    /** `conflict` when the name is taken. */
    add(account: Account): Promise<void>;
    update(account: Account): Promise<void>;
    count(): Promise<number>;
  };
  readonly sessions: {
    put(session: SessionRecord): Promise<void>;
    get(tokenHash: string): Promise<SessionRecord | null>;
    remove(tokenHash: string): Promise<void>;
    /** Ends every session of an account: its password was changed, or it was disabled. */
    removeOfAccount(accountId: string): Promise<void>;
    removeExpired(nowMs: number): Promise<void>;
  };
  readonly tokens: {
    put(token: ApiToken): Promise<void>;
    byHash(tokenHash: string): Promise<ApiToken | null>;
    list(accountId: string): Promise<ApiToken[]>;
    remove(id: string): Promise<void>;
  };
  readonly receiverCredentials: {
    /** Argon2id hash of the receiver's MQTT password. */
    put(receiver: string, passwordHash: string): Promise<void>;
    get(receiver: string): Promise<string | null>;
  };
  readonly audit: {
    append(entry: Omit<AuditEntry, 'id'>): Promise<void>;
    /** Latest first. */
    list(limit: number): Promise<AuditEntry[]>;
  };
  close(): Promise<void>;
}

/** A row for the live display: levels in `unit`, one a bin. Shared between clients: read only. */
export interface LiveSpectrum {
  readonly receiver: string;
  readonly timeMs: number;
  readonly startHz: number;
  readonly stepHz: number;
  readonly unit: LevelUnit;
  readonly levels: Float32Array;
}

/** What happens in the service, as the dashboards are told of it. */
export interface LiveEvents {
  spectrum: LiveSpectrum;
  receiver: ReceiverStatus;
  emission: EmissionRecord;
  alert: Alert;
  tasking: TaskingStatus;
  /** The id of a receiver that a person had forgotten. */
  forgotten: string;
}

/** The service's present state and its events. `on` returns the function that ends the subscription. */
export interface LiveFeed {
  receivers(): ReceiverStatus[];
  /** Emissions on the air now. */
  emissions(): EmissionRecord[];
  on<K extends keyof LiveEvents>(event: K, handler: (value: LiveEvents[K]) => void): () => void;
  /** Counters for /metrics and the service page. */
  counters(): ServiceCounters;
}

export interface ServiceCounters {
  readonly startedMs: number;
  readonly samples: number;
  readonly frames: number;
  readonly blocksDropped: number;
  readonly alertsRaised: number;
  readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
}

/** What people do to alerts. Throws `not-found`, or `conflict` where the state does not allow it. */
export interface AlertDesk {
  acknowledge(id: string, by: string, note: string): Promise<Alert>;
  /** Undo of acknowledge and of close. */
  reopen(id: string, by: string, note: string): Promise<Alert>;
  close(id: string, by: string, note: string): Promise<Alert>;
}

/** What people do to receivers. Throws `not-found`. */
export interface ReceiverDesk {
  /** Not approved by a person is refused: it stays so until a person thinks otherwise. */
  approve(id: string, approved: boolean): Promise<ReceiverStatus>;
  rename(id: string, name: string): Promise<ReceiverStatus>;
  /** As if it had never been here; `conflict` for one that the configuration names. Should it send again, it is new. */
  forget(id: string): Promise<void>;
}

/** How well receivers observed. */
export interface CoverageDesk {
  summary(query: CoverageQuery): Promise<CoverageSummary>;
}

/** What a receiver heard of licensed stations in some seconds. */
export interface CalibrationMeasurement {
  readonly id: string;
  readonly receiver: string;
  readonly fromMs: number;
  readonly seconds: number;
  readonly sightings: readonly CalibrationSighting[];
  /** Over all stations; null where fewer than two were heard. Residuals are those of the sightings, in ppm. */
  readonly frequencyPpm: RobustEstimate | null;
}

export interface CalibrationDesk {
  /** The version that is applied now. */
  current(receiver: string): Calibration | null;
  /** Keeps the next version and applies it from the next look on. */
  add(calibration: Omit<Calibration, 'id' | 'version'>): Promise<Calibration>;
  /** Listens to the licensed broadcasters that the receiver hears now. `unavailable` where it hears none. */
  measure(receiver: string, seconds: number): Promise<CalibrationMeasurement>;
  /** From the last measurement of the receiver, which `measurement` names; `not-found` for another. */
  proposeLevel(receiver: string, measurement: string, references: LevelReferences): LevelProposal;
}

/** How long channels were occupied. */
export interface OccupancyDesk {
  /** Hours in their order, what was counted up to now among them. */
  find(query: OccupancyQuery): Promise<OccupancyReading[]>;
}

/** Who commands receivers, and what. Throws `not-found`, `bad-input` for what cannot be, `conflict` with who was first. */
export interface TaskingDesk {
  list(): TaskingStatus[];
  of(receiver: string): TaskingStatus;
  /** What a plan would come to, without changing anything. */
  outline(receiver: string, plan: ScanPlan): PlanOutline;
  /** null: no plan any more. */
  setPlan(receiver: string, plan: ScanPlan | null, by: string): Promise<TaskingStatus>;
  startTask(receiver: string, request: TaskRequest): Promise<TaskingStatus>;
  releaseTask(receiver: string, task: string): Promise<TaskingStatus>;
  missions(): MissionStatus[];
  putMission(mission: Omit<Mission, 'plan' | 'changedMs'> & { readonly plan: ScanPlan }): Promise<MissionStatus>;
  removeMission(id: string): Promise<Mission>;
}

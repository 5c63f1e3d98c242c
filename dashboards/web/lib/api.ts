import type { Bearing, BearingQuery } from '../../../src/core/bearing.ts';
import type { Calibration, LevelProposal } from '../../../src/core/calibration.ts';
import type { CoverageQuery, CoverageSummary } from '../../../src/core/coverage.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import type { CalibrationMeasurement } from '../../../src/core/ports.ts';
import type {
  Account,
  Alert,
  Assignment,
  EmissionRecord,
  ReceiverStatus,
  SpectrumRow,
} from '../../../src/core/records.ts';
import type {
  Mission,
  MissionStatus,
  PlanOutline,
  ScanPlan,
  TaskingStatus,
  Tuning,
} from '../../../src/core/tasking.ts';
import type { CalibrationBody, LevelReferencesBody } from '../receivers/calibration-draft.ts';
import type { AlertAction } from './live/connection.ts';

/** A stored spectrum; `levels` is base64 of a byte a bin. */
export interface StoredSpectrum extends Omit<SpectrumRow, 'receiver' | 'levels'> {
  readonly levels: string;
}

/** Who is signed in, and what the service lets this person do. */
export interface Person extends Pick<Account, 'id' | 'name' | 'role'> {
  readonly permissions: readonly string[];
  /** Roles whose tasks at receivers this person may take over. */
  readonly takesFrom: readonly string[];
}

interface SessionAnswer extends Pick<Person, 'permissions' | 'takesFrom'> {
  readonly account: Pick<Person, 'id' | 'name' | 'role'>;
}

function personOf({ account, permissions, takesFrom }: SessionAnswer): Person {
  return { ...account, permissions, takesFrom };
}

export type MissionBody = Pick<Mission, 'receiver' | 'name' | 'schedule' | 'enabled'> & { readonly plan: ScanPlan };
/** A mission as the service lists it: its steps stay there. */
export type ListedMission = Omit<MissionStatus, 'plan'> & { readonly plan: ScanPlan };

/** `network`: no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode | 'network';

  constructor(code: ErrorCode | 'network', message: string) {
    super(message);
    this.code = code;
  }
}

interface ErrorBody {
  readonly error?: { readonly code?: ErrorCode; readonly message?: string };
}

const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'bad-argument',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  429: 'limited',
};

/** @param type of a body that is text already; anything else goes as JSON */
async function call<T>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': type },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError('network', '');
  }
  const text = await response.text();
  const parsed = text && response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as unknown) : {};
  if (response.ok) return parsed as T;
  const error = (parsed as ErrorBody).error;
  throw new ApiError(error?.code ?? STATUS_CODES[response.status] ?? 'unavailable', error?.message ?? '');
}

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) search.set(key, String(value));
  return search.size ? `?${search}` : '';
}

interface TaskingAnswer {
  readonly tasking: TaskingStatus;
}

function receiverPath(id: string): string {
  return `/receivers/${encodeURIComponent(id)}`;
}

/** The service's REST interface, as far as the dashboard uses it. */
export const api = {
  /** Whether the one-time link still makes an account: also beside the accounts of the demonstration. */
  setupOpen: async () => (await call<{ open: boolean }>('GET', '/setup')).open,
  setupNeeded: async () => (await call<{ needed: boolean }>('GET', '/setup')).needed,
  setUp: async (token: string, name: string, password: string) =>
    personOf(await call<SessionAnswer>('POST', '/setup', { token, name, password })),
  signIn: async (name: string, password: string) =>
    personOf(await call<SessionAnswer>('POST', '/session', { name, password })),
  session: async () => personOf(await call<SessionAnswer>('GET', '/session')),
  signOut: () => call<unknown>('DELETE', '/session'),
  approve: async (id: string, approved: boolean) =>
    (await call<{ receiver: ReceiverStatus }>('POST', `/receivers/${encodeURIComponent(id)}/approve`, { approved }))
      .receiver,
  rename: async (id: string, name: string) =>
    (await call<{ receiver: ReceiverStatus }>('PATCH', receiverPath(id), { name })).receiver,
  forget: (id: string) => call<unknown>('DELETE', receiverPath(id)),
  tasking: async () => (await call<{ tasking: TaskingStatus[] }>('GET', '/tasking')).tasking,
  outline: async (id: string, plan: ScanPlan) =>
    (await call<{ outline: PlanOutline }>('POST', `${receiverPath(id)}/plan/outline`, { plan })).outline,
  setPlan: async (id: string, plan: ScanPlan | null) =>
    (plan === null
      ? await call<TaskingAnswer>('DELETE', `${receiverPath(id)}/plan`)
      : await call<TaskingAnswer>('PUT', `${receiverPath(id)}/plan`, { plan })
    ).tasking,
  startTask: async (id: string, task: { tuning: Tuning; seconds: number | null; takeOver?: string }) =>
    (await call<TaskingAnswer>('POST', `${receiverPath(id)}/task`, task)).tasking,
  releaseTask: async (id: string, task: string) =>
    (await call<TaskingAnswer>('DELETE', `${receiverPath(id)}/task/${encodeURIComponent(task)}`)).tasking,
  missions: async () => (await call<{ missions: ListedMission[] }>('GET', '/missions')).missions,
  putMission: async (id: string | null, mission: MissionBody) =>
    id === null
      ? call<unknown>('POST', '/missions', mission)
      : call<unknown>('PUT', `/missions/${encodeURIComponent(id)}`, mission),
  removeMission: (id: string) => call<unknown>('DELETE', `/missions/${encodeURIComponent(id)}`),
  emission: async (id: string) =>
    (await call<{ emission: EmissionRecord }>('GET', `/emissions/${encodeURIComponent(id)}`)).emission,
  alerts: async (limit: number) => (await call<{ alerts: Alert[] }>('GET', `/alerts${query({ limit })}`)).alerts,
  alert: async (id: string) => (await call<{ alert: Alert }>('GET', `/alerts/${encodeURIComponent(id)}`)).alert,
  act: async (id: string, action: AlertAction, note: string) =>
    (await call<{ alert: Alert }>('POST', `/alerts/${encodeURIComponent(id)}/${action}`, { note })).alert,
  assignments: async (fromHz: number, toHz: number) =>
    (await call<{ assignments: Assignment[] }>('GET', `/assignments${query({ fromHz, toHz })}`)).assignments,
  coverage: (question: { [K in keyof CoverageQuery]?: CoverageQuery[K] | undefined }) =>
    call<CoverageSummary>('GET', `/coverage${query(question)}`),
  /** Latest first. */
  bearings: async (question: BearingQuery) =>
    (await call<{ bearings: Bearing[] }>('GET', `/bearings${query({ ...question })}`)).bearings,
  /** Latest version first. */
  calibrations: async (id: string) =>
    (await call<{ calibrations: Calibration[] }>('GET', `${receiverPath(id)}/calibrations`)).calibrations,
  importCalibration: async (id: string, table: string, method: string) =>
    (
      await call<{ calibration: Calibration }>(
        'POST',
        `${receiverPath(id)}/calibrations/import${query({ method })}`,
        table,
        'text/csv',
      )
    ).calibration,
  makeCalibration: async (id: string, calibration: CalibrationBody) =>
    (await call<{ calibration: Calibration }>('POST', `${receiverPath(id)}/calibrations`, calibration)).calibration,
  measureCalibration: (id: string, seconds: number) =>
    call<CalibrationMeasurement>('POST', `${receiverPath(id)}/calibrations/measure`, { seconds }),
  proposeLevel: (id: string, references: LevelReferencesBody) =>
    call<LevelProposal>('POST', `${receiverPath(id)}/calibrations/propose`, references),
  /** Oldest first. */
  spectra: async (receiver: string, fromMs: number, toMs: number, limit: number) =>
    (await call<{ spectra: StoredSpectrum[] }>('GET', `/spectra${query({ receiver, fromMs, toMs, limit })}`)).spectra,
};

export type Api = typeof api;

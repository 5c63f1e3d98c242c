import type { ErrorCode } from '../../../src/core/errors.ts';
import type { Account, Alert, Assignment, ReceiverStatus, SpectrumRow } from '../../../src/core/records.ts';
import type { AlertAction } from './live/connection.ts';

/** A stored spectrum; `levels` is base64 of a byte a bin. */
export interface StoredSpectrum extends Omit<SpectrumRow, 'receiver' | 'levels'> {
  readonly levels: string;
}

export type Person = Pick<Account, 'id' | 'name' | 'role'>;

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

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
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

/** The service's REST interface, as far as the dashboard uses it. */
export const api = {
  /** Whether the one-time link still makes an account: also beside the accounts of the demonstration. */
  setupOpen: async () => (await call<{ open: boolean }>('GET', '/setup')).open,
  setupNeeded: async () => (await call<{ needed: boolean }>('GET', '/setup')).needed,
  setUp: async (token: string, name: string, password: string) =>
    (await call<{ account: Person }>('POST', '/setup', { token, name, password })).account,
  signIn: async (name: string, password: string) =>
    (await call<{ account: Person }>('POST', '/session', { name, password })).account,
  session: async () => (await call<{ account: Person }>('GET', '/session')).account,
  signOut: () => call<unknown>('DELETE', '/session'),
  approve: async (id: string, approved: boolean) =>
    (await call<{ receiver: ReceiverStatus }>('POST', `/receivers/${encodeURIComponent(id)}/approve`, { approved }))
      .receiver,
  alerts: async (limit: number) => (await call<{ alerts: Alert[] }>('GET', `/alerts${query({ limit })}`)).alerts,
  alert: async (id: string) => (await call<{ alert: Alert }>('GET', `/alerts/${encodeURIComponent(id)}`)).alert,
  act: async (id: string, action: AlertAction, note: string) =>
    (await call<{ alert: Alert }>('POST', `/alerts/${encodeURIComponent(id)}/${action}`, { note })).alert,
  assignments: async (fromHz: number, toHz: number) =>
    (await call<{ assignments: Assignment[] }>('GET', `/assignments${query({ fromHz, toHz })}`)).assignments,
  /** Oldest first. */
  spectra: async (receiver: string, fromMs: number, toMs: number, limit: number) =>
    (await call<{ spectra: StoredSpectrum[] }>('GET', `/spectra${query({ receiver, fromMs, toMs, limit })}`)).spectra,
};

export type Api = typeof api;

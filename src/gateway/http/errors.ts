import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { BandwardenError, type ErrorCode } from '../../core/errors.ts';
import type { Log } from '../../core/ports.ts';

/** The only place that knows which HTTP status belongs to which error. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  'bad-argument': 400,
  'bad-config': 500,
  'bad-input': 400,
  conflict: 409,
  forbidden: 403,
  limited: 429,
  'not-found': 404,
  'store-failed': 503,
  unauthenticated: 401,
  unavailable: 503,
  unreadable: 422,
};

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'limited',
  429: 'limited',
  503: 'unavailable',
};

interface Answer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

function answerFor(error: FastifyError | BandwardenError): Answer {
  if (error instanceof BandwardenError) {
    const status = HTTP_STATUS[error.code];
    // What went wrong inside is for the log: it may name files.
    const message =
      status === 503 && error.code === 'store-failed' ? 'the database failed; see the log' : error.message;
    return { status, code: error.code, message };
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    return { status, code: CODE_OF_STATUS[status] ?? 'bad-argument', message: error.message };
  }
  return { status: 500, code: 'unavailable', message: 'the request failed; see the log' };
}

export function errorHandler(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, code, message } = answerFor(error);
    if (status >= 500) log.error({ err: error, method: request.method, url: request.url }, 'request failed');
    return reply.code(status).send({ error: { code, message } });
  };
}

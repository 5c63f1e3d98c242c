/** Every error code of the project. Only the gateway knows which HTTP status belongs to which. */
export const ERROR_CODES = [
  'bad-argument',
  'bad-config',
  'bad-input',
  'conflict',
  'forbidden',
  'limited',
  'not-found',
  'store-failed',
  'unauthenticated',
  'unavailable',
  'unreadable',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error that a person or a program outside can act on: `message` says what was expected. */
export class BandwardenError extends Error {
  override readonly name = 'BandwardenError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

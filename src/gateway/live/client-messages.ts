import secureJson from 'secure-json-parse';
import type { ClientMessage } from '../messages.ts';

const RECEIVERS = 256;
const ROWS_PER_SECOND = { min: 1, max: 60 } as const;

export type ReadMessage =
  | { readonly ok: true; readonly message: ClientMessage }
  | { readonly ok: false; readonly reason: string };

function refused(reason: string): ReadMessage {
  return { ok: false, reason };
}

function readSubscribe({ receivers, rowsPerSecond }: Record<string, unknown>): ReadMessage {
  const ids = Array.isArray(receivers) && receivers.length <= RECEIVERS ? receivers : null;
  if (ids === null || !ids.every((id) => typeof id === 'string' && id.length <= 64)) {
    return refused(`subscribe: receivers must be at most ${RECEIVERS} ids`);
  }
  const { min, max } = ROWS_PER_SECOND;
  if (typeof rowsPerSecond !== 'number' || !(rowsPerSecond >= min && rowsPerSecond <= max)) {
    return refused(`subscribe: rowsPerSecond must be from ${min} to ${max}`);
  }
  return { ok: true, message: { type: 'subscribe', receivers: ids as string[], rowsPerSecond } };
}

function readResume({ revision }: Record<string, unknown>): ReadMessage {
  if (!Number.isSafeInteger(revision) || (revision as number) < 0) return refused('resume: revision must be 0 or more');
  return { ok: true, message: { type: 'resume', revision: revision as number } };
}

/** A message of a client, null where it was binary; never throws for what it holds. */
export function readClientMessage(text: string | null): ReadMessage {
  if (text === null) return refused('a message is text');
  const value: unknown = secureJson.safeParse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('a message is a JSON object');
  const message = value as Record<string, unknown>;
  if (message.type === 'subscribe') return readSubscribe(message);
  if (message.type === 'resume') return readResume(message);
  return refused('unknown type of message; expected subscribe or resume');
}

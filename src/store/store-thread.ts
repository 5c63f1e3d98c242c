import { parentPort, workerData } from 'node:worker_threads';
import { BandwardenError } from '../core/errors.ts';
import type { Log } from '../core/ports.ts';
import { openSqliteStore } from './sqlite/store.ts';
import type { StoreAnswer, StoreCall, StoreFailure, StoreShape } from './threaded-store.ts';

/** Entry of the store's thread: opens the database that it is told, and answers calls. */
const port = parentPort!;
const say = (answer: StoreAnswer) => port.postMessage(answer);

type Methods = Record<string, (...parameters: readonly unknown[]) => Promise<unknown>>;

/** Only plain values reach the other thread: errors as text, functions not at all. */
function passOn(level: keyof Log) {
  return (fields: object, message: string) => {
    const plain = Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? String(value) : value]);
    say({ type: 'log', level, fields: Object.fromEntries(plain), message });
  };
}

function failureOf(error: unknown): StoreFailure {
  const isOurs = error instanceof BandwardenError;
  return { code: isOurs ? error.code : 'store-failed', message: isOurs ? error.message : String(error) };
}

function shapeOf(nouns: Record<string, Methods>): StoreShape {
  return Object.fromEntries(Object.entries(nouns).map(([noun, methods]) => [noun, Object.keys(methods)]));
}

const log: Log = { debug: passOn('debug'), info: passOn('info'), warn: passOn('warn'), error: passOn('error') };
try {
  const { close, ...nouns } = await openSqliteStore({ file: (workerData as { readonly file: string }).file, log });
  const methods = nouns as unknown as Record<string, Methods>;
  port.on('message', ({ id, noun, method, parameters }: StoreCall) => {
    const answered = noun === '' ? close() : methods[noun][method](...parameters);
    answered.then(
      (value) => say({ type: 'done', id, value }),
      (error: unknown) => say({ type: 'failed', id, failure: failureOf(error) }),
    );
  });
  say({ type: 'opened', shape: shapeOf(methods) });
} catch (error) {
  say({ type: 'refused', failure: failureOf(error) });
  port.close();
}

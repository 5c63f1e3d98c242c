import { Worker } from 'node:worker_threads';
import { BandwardenError, type ErrorCode } from '../core/errors.ts';
import type { Log, Store } from '../core/ports.ts';

/** What the threads say to each other: calls by number, answered in any order. */
export interface StoreCall {
  readonly id: number;
  readonly noun: string;
  readonly method: string;
  readonly parameters: readonly unknown[];
}

export interface StoreFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Nouns of the store and their methods; `close` has none. */
export type StoreShape = Readonly<Record<string, readonly string[]>>;

export type StoreAnswer =
  | { readonly type: 'opened'; readonly shape: StoreShape }
  | { readonly type: 'refused'; readonly failure: StoreFailure }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly failure: StoreFailure }
  | { readonly type: 'log'; readonly level: keyof Log; readonly fields: object; readonly message: string };

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

const isSource = import.meta.url.endsWith('.ts');
const MODULE = new URL(`./store-thread.${isSource ? 'ts' : 'js'}`, import.meta.url).href;
/** From a checkout without a build the thread reads the source by the loader of the tests. */
const LOAD = isSource
  ? `import('tsx/esm/api').then(({ tsImport }) => tsImport('${MODULE}', '${MODULE}'))`
  : `import('${MODULE}')`;

/**
 * The embedded store in a thread of its own: a commit waits for the disk, up to tens of milliseconds on a memory card,
 * and meanwhile this thread would hear no receiver. Calls keep their order. A thread that ends is begun anew with the
 * next call; what it had not answered has failed.
 */
export async function openThreadedStore(file: string, log: Log): Promise<Store> {
  const thread = new StoreThread(file, log);
  const shape = await thread.opened();
  const nouns = Object.entries(shape).map(([noun, methods]) => [
    noun,
    Object.fromEntries(
      methods.map((method) => [method, (...parameters: unknown[]) => thread.call(noun, method, parameters)]),
    ),
  ]);
  return { ...Object.fromEntries(nouns), close: () => thread.close() } as Store;
}

class StoreThread {
  private readonly file: string;
  private readonly log: Log;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private opening: Promise<StoreShape> | null = null;
  private lastId = 0;
  private closing: Promise<void> | null = null;

  constructor(file: string, log: Log) {
    this.file = file;
    this.log = log;
  }

  opened(): Promise<StoreShape> {
    this.opening ??= new Promise((resolve, reject) => this.begin(resolve, reject));
    return this.opening;
  }

  async call(noun: string, method: string, parameters: readonly unknown[]): Promise<unknown> {
    if (this.closing !== null) throw new BandwardenError('store-failed', `${noun}.${method}: the store is closed`);
    if (this.worker === null) await this.opened();
    return this.post(noun, method, parameters);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    const { worker } = this;
    if (worker === null) return;
    await this.post('', 'close', []).catch((error: unknown) => {
      this.log.error({ error: String(error) }, 'the store did not close well');
    });
    await worker.terminate();
  }

  private post(noun: string, method: string, parameters: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call: StoreCall = { id: ++this.lastId, noun, method, parameters };
      this.worker?.postMessage(call);
      this.waiting.set(call.id, { resolve, reject });
    });
  }

  private begin(resolve: (shape: StoreShape) => void, reject: (error: unknown) => void): void {
    const worker = new Worker(LOAD, { eval: true, execArgv: [], workerData: { file: this.file } });
    this.worker = worker;
    worker.on('message', (answer: StoreAnswer) => {
      if (answer.type === 'opened') resolve(answer.shape);
      else if (answer.type === 'refused') reject(errorOf(answer.failure));
      else if (answer.type === 'log') this.log[answer.level](answer.fields, answer.message);
      else this.settle(answer);
    });
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      this.worker = null;
      this.opening = null;
      const error = new BandwardenError('store-failed', 'the thread of the store has ended', { cause });
      if (this.closing === null) this.log.error({ error: String(cause ?? error) }, error.message);
      reject(error);
      for (const { reject: fail } of this.waiting.values()) fail(error);
      this.waiting.clear();
    });
  }

  private settle(answer: Extract<StoreAnswer, { type: 'done' | 'failed' }>): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.type === 'done') waiting?.resolve(answer.value as never);
    else waiting?.reject(errorOf(answer.failure));
  }
}

function errorOf({ code, message }: StoreFailure): BandwardenError {
  return new BandwardenError(code, message);
}

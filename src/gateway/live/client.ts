import type { WebSocket } from 'ws';
import type { Clock, Log, Store } from '../../core/ports.ts';
import type { Alert } from '../../core/records.ts';
import type { Principal } from '../auth/identity.ts';
import { CLOSE_CODES, type ServerMessage } from '../messages.ts';
import { readClientMessage } from './client-messages.ts';
import { Outbox } from './outbox.ts';

/** Alerts read from the store at a time while a client catches up. */
const RESUME_PAGE = 200;
/** Alerts that may come while it does. */
const HELD_ALERTS = 1000;
/** A client that was told to go and does not read is cut off after this long. */
const CLOSING_MS = 2000;
/** Messages that a client may send in a second. */
const MESSAGES_PER_SECOND = 20;

export interface ClientParts {
  readonly socket: WebSocket;
  readonly principal: Principal;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

export function encodeMessage(message: ServerMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

interface Subscription {
  readonly receivers: ReadonlySet<string>;
  readonly intervalMs: number;
  /** When the next row of each receiver may go. */
  readonly dueMs: Map<string, number>;
}

/** One connection: what it is subscribed to, which alerts it has had, and what waits for it. */
export class LiveClient {
  readonly principal: Principal;
  readonly outbox: Outbox;
  readonly #parts: ClientParts;
  #subscription: Subscription = { receivers: new Set(), intervalMs: 1000, dueMs: new Map() };
  /** Alerts wait here until the client is greeted and while it catches up; null where they go straight out. */
  #held: { alert: Alert; bytes: Uint8Array }[] | null = [];
  /** What has to be over before alerts go straight out: the greeting, and every resume. */
  #phases = 1;
  #greeted = () => {};
  #catchingUp: Promise<void>;
  #skippedTold = 0;
  #messages = 0;
  #answered = true;
  #closing = false;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.principal = parts.principal;
    this.outbox = new Outbox(parts.socket);
    this.#catchingUp = new Promise((resolve) => {
      this.#greeted = resolve;
    });
    const { socket } = parts;
    socket.on('message', (data, binary) => this.#receive(binary ? null : String(data)));
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('close', () => this.outbox.close());
    // A broken connection ends in 'close'; there is nothing else to do about it.
    socket.on('error', () => {});
  }

  /** Says hello; from then on alerts newer than `revision` go out. */
  greet(hello: ServerMessage & { readonly type: 'hello' }): void {
    this.outbox.text(encodeMessage(hello));
    this.#release(hello.revision);
    this.#greeted();
  }

  alert(alert: Alert, bytes: Uint8Array): void {
    if (this.#held === null) this.outbox.text(bytes);
    else this.#held.push({ alert, bytes });
    if ((this.#held?.length ?? 0) > HELD_ALERTS) this.close(CLOSE_CODES.stuck, 'reads too slowly');
  }

  /** Whether a row of this receiver is due; it is then taken as sent. */
  wants(receiver: string, nowMs: number): boolean {
    const { receivers, intervalMs, dueMs } = this.#subscription;
    if (this.#closing || !receivers.has(receiver)) return false;
    const due = dueMs.get(receiver) ?? nowMs;
    // Rows come a little early or late: the average keeps to the interval, a single row need not.
    if (nowMs < due - intervalMs / 4) return false;
    dueMs.set(receiver, Math.max(due + intervalMs, nowMs));
    return true;
  }

  spectrum(receiver: string, bytes: Uint8Array): void {
    this.outbox.spectrum(receiver, bytes);
  }

  /** Once a second: tells of spectra left out, and sends a stuck client away. True where it went. */
  tick(nowMs: number): boolean {
    this.#messages = 0;
    this.outbox.flush();
    if (this.#closing) return false;
    if (this.outbox.isStuck(nowMs)) {
      this.close(CLOSE_CODES.stuck, 'reads too slowly');
      return true;
    }
    const { skipped } = this.outbox;
    if (skipped !== this.#skippedTold) {
      this.#skippedTold = skipped;
      this.outbox.text(encodeMessage({ type: 'behind', skipped }), 'behind');
    }
    return false;
  }

  /** Pings; a client that has not answered the ping before is gone. */
  heartBeat(): void {
    const { socket } = this.#parts;
    if (this.#answered) socket.ping();
    else socket.terminate();
    this.#answered = false;
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    const { socket } = this.#parts;
    this.outbox.close();
    socket.close(code, reason);
    const cut = setTimeout(() => socket.terminate(), CLOSING_MS);
    socket.once('close', () => clearTimeout(cut));
  }

  #receive(text: string | null): void {
    if (this.#closing) return;
    if (++this.#messages > MESSAGES_PER_SECOND) {
      this.close(1008, 'too many messages');
      return;
    }
    const read = readClientMessage(text);
    if (!read.ok) {
      this.outbox.text(encodeMessage({ type: 'error', message: read.reason }));
    } else if (read.message.type === 'subscribe') {
      const { receivers, rowsPerSecond } = read.message;
      this.#subscription = { receivers: new Set(receivers), intervalMs: 1000 / rowsPerSecond, dueMs: new Map() };
    } else {
      this.#resume(read.message.revision);
    }
  }

  /** One after another; while any runs, new alerts wait, so that every alert comes once and in order. */
  #resume(after: number): void {
    this.#phases++;
    this.#held ??= [];
    this.#catchingUp = this.#catchingUp
      .then(() => this.#catchUp(after))
      .catch((error) => {
        this.#parts.log.error({ err: error }, 'a live client could not catch up');
        this.close(1011, 'the service failed');
      });
  }

  async #catchUp(after: number): Promise<void> {
    const { alerts } = this.#parts.store;
    // A client may know revisions that a database restored from a backup does not.
    let revision = Math.min(after, await alerts.lastRevision());
    while (!this.#closing) {
      const page = await alerts.find({ afterRevision: revision, limit: RESUME_PAGE });
      for (const alert of page) this.outbox.text(encodeMessage({ type: 'alert', alert }));
      revision = page.at(-1)?.revision ?? revision;
      if (page.length < RESUME_PAGE) break;
      await this.outbox.drained();
    }
    this.outbox.text(encodeMessage({ type: 'resumed', revision }));
    this.#release(revision);
  }

  /** Ends a phase. After the last, what waited and was not among the alerts up to `revision` goes out. */
  #release(revision: number): void {
    if (--this.#phases > 0) return;
    const held = this.#held ?? [];
    this.#held = null;
    for (const { alert, bytes } of held) if (alert.revision > revision) this.outbox.text(bytes);
  }
}

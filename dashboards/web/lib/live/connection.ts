import type { Alert } from '../../../../src/core/records.ts';
import {
  CLOSE_CODES,
  type ClientMessage,
  decodeSpectrum,
  type LiveSpectrumMessage,
  type ServerMessage,
} from '../../../../src/gateway/messages.ts';
import { Observable } from '../observable.ts';
import { backoffMs } from './backoff.ts';
import { EMPTY_STATE, type LiveState, reduce } from './state.ts';

export type SpectrumListener = (row: LiveSpectrumMessage) => void;

/** Messages are gathered this long before the pages hear of them: a burst costs one rendering. */
const GATHER_MS = 120;
/** A silent line is given up after this long; receivers report every few seconds. */
const SILENT_MS = 30_000;

/**
 * The line to `/ws`: opens it again when it breaks, asks for the alerts missed meanwhile, and hands
 * spectra straight to whoever draws that receiver.
 */
export class LiveConnection extends Observable<LiveState> {
  readonly #address: string;
  readonly #onRefused: () => void;
  readonly #spectrumListeners = new Map<string, Set<SpectrumListener>>();
  #state: LiveState = EMPTY_STATE;
  #socket: WebSocket | null = null;
  #greeted = false;
  #attempt = 0;
  #retryTimer = 0;
  #gatherTimer = 0;
  #watchdog = 0;
  #subscription: ClientMessage = { type: 'subscribe', receivers: [], rowsPerSecond: 10 };

  /** `onRefused`: the line was closed before it said anything, or the service said that the session is over. */
  constructor(address: string, onRefused: () => void) {
    super(EMPTY_STATE);
    this.#address = address;
    this.#onRefused = onRefused;
  }

  start(): void {
    if (this.#socket) return;
    window.clearTimeout(this.#retryTimer);
    const socket = new WebSocket(this.#address);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#greeted = false;
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.#receive(event.data);
    socket.onclose = (event) => this.#closed(socket, event.code);
    this.#watchdog = window.setInterval(() => this.#closeIfSilent(), 5_000);
  }

  /** Ends the session's line and forgets what it told. */
  stop(): void {
    const socket = this.#socket;
    this.#socket = null;
    window.clearTimeout(this.#retryTimer);
    window.clearInterval(this.#watchdog);
    socket?.close();
    this.update(() => EMPTY_STATE);
    this.#flush();
  }

  retryNow(): void {
    if (this.#state.connection.phase !== 'lost') return;
    this.update((state) => ({ ...state, connection: { phase: 'connecting' } }));
    this.start();
  }

  /** Replaces the subscription: rows of these receivers only. */
  subscribe(receivers: readonly string[], rowsPerSecond: number): void {
    const next: ClientMessage = { type: 'subscribe', receivers, rowsPerSecond };
    if (JSON.stringify(next) === JSON.stringify(this.#subscription)) return;
    this.#subscription = next;
    if (this.#state.connection.phase === 'open') this.#send(next);
  }

  /** Calls `listener` with every row of `receiver`; the row's bytes are the listener's to read, not to keep. */
  onSpectrum(receiver: string, listener: SpectrumListener): () => void {
    const listeners = this.#spectrumListeners.get(receiver) ?? new Set();
    this.#spectrumListeners.set(receiver, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Changes the state; listeners hear of it together with whatever else changes in the next moment. */
  update(change: (state: LiveState) => LiveState): void {
    const next = change(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    if (this.#gatherTimer === 0) this.#gatherTimer = window.setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    window.clearTimeout(this.#gatherTimer);
    this.#gatherTimer = 0;
    this.set(this.#state);
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string') {
      const row = decodeSpectrum(new Uint8Array(data));
      const receiver = row && this.#state.channels.get(row.channel);
      if (!receiver) return;
      for (const listener of this.#spectrumListeners.get(receiver) ?? []) listener(row);
      return;
    }
    const message = JSON.parse(data) as ServerMessage;
    this.update((state) => reduce(state, message, Date.now()));
    if (message.type !== 'hello') return;
    this.#greeted = true;
    this.#attempt = 0;
    this.#send(this.#subscription);
    this.#send({ type: 'resume', revision: this.#state.revision });
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    window.clearInterval(this.#watchdog);
    if (code === CLOSE_CODES.unauthenticated || !this.#greeted) this.#onRefused();
    const waitMs = backoffMs(this.#attempt++, Math.random);
    const now = Date.now();
    this.#retryTimer = window.setTimeout(() => this.start(), waitMs);
    this.update((state) => ({
      ...state,
      connection: {
        phase: 'lost',
        sinceMs: state.connection.phase === 'lost' ? state.connection.sinceMs : now,
        retryAtMs: now + waitMs,
      },
    }));
  }

  #closeIfSilent(): void {
    const { connection, lastMessageMs } = this.#state;
    if (connection.phase === 'open' && Date.now() - lastMessageMs > SILENT_MS) this.#socket?.close();
  }
}

export type AlertAction = 'acknowledge' | 'reopen' | 'close';

/** The alert that an action may leave in this state, by the service's rules. */
export function actionsFor(alert: Alert): readonly AlertAction[] {
  switch (alert.state) {
    case 'raised':
      return ['acknowledge', 'close'];
    case 'acknowledged':
      return ['close', 'reopen'];
    case 'closed':
      return ['reopen'];
  }
}

/** What the outbox needs of a WebSocket. */
export interface Wire {
  /** Bytes handed over and not yet taken by the operating system. */
  readonly bufferedAmount: number;
  send(data: Uint8Array, options: { binary: boolean }, sent: (error?: Error) => void): void;
}

export const LIVE_LIMITS = {
  /** Above this nothing more is handed to the socket. */
  bufferedBytes: 512 * 1024,
  /** A client with more than this waiting, socket and queue together, is disconnected. */
  waitingBytes: 4 * 1024 * 1024,
  /** So is one that stays above `bufferedBytes` this long. */
  stuckMs: 15_000,
} as const;

/**
 * What waits for one client. Texts (state, alerts) are never dropped and keep their order; a later text with the
 * same key replaces the one that still waits. Of spectra only the newest of each receiver waits.
 */
export class Outbox {
  readonly #wire: Wire;
  readonly #texts = new Map<string, Uint8Array>();
  readonly #spectra = new Map<string, Uint8Array>();
  #textBytes = 0;
  #unique = 0;
  #closed = false;
  #blockedSinceMs: number | null = null;
  #waiters: (() => void)[] = [];
  /** Spectra replaced by newer ones before they could be sent. */
  skipped = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Everything that is held for this client, in the socket and here. */
  get waitingBytes(): number {
    let bytes = this.#wire.bufferedAmount + this.#textBytes;
    for (const spectrum of this.#spectra.values()) bytes += spectrum.byteLength;
    return bytes;
  }

  /** `key` null: nothing replaces it. */
  text(bytes: Uint8Array, key: string | null = null): void {
    if (this.#closed) return;
    const slot = key ?? `#${this.#unique++}`;
    const replaced = this.#texts.get(slot);
    if (replaced !== undefined) this.#textBytes -= replaced.byteLength;
    this.#texts.delete(slot);
    this.#texts.set(slot, bytes);
    this.#textBytes += bytes.byteLength;
    this.flush();
  }

  spectrum(receiver: string, bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#spectra.delete(receiver)) this.skipped++;
    this.#spectra.set(receiver, bytes);
    this.flush();
  }

  /** Hands over what the socket takes: texts first, for spectra may always be newer. */
  flush(): void {
    const sent = (error?: Error) => {
      if (!error) this.flush();
    };
    while (!this.#closed && this.#wire.bufferedAmount < LIVE_LIMITS.bufferedBytes) {
      const [text] = this.#texts;
      if (text !== undefined) {
        this.#texts.delete(text[0]);
        this.#textBytes -= text[1].byteLength;
        this.#wire.send(text[1], { binary: false }, sent);
        continue;
      }
      const [spectrum] = this.#spectra;
      if (spectrum === undefined) break;
      this.#spectra.delete(spectrum[0]);
      this.#wire.send(spectrum[1], { binary: true }, sent);
    }
    if (this.#texts.size === 0) for (const resume of this.#waiters.splice(0)) resume();
  }

  /** Resolves when every text has been handed over, or the outbox is closed. */
  drained(): Promise<void> {
    if (this.#texts.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Asked regularly: whether this client has to go. */
  isStuck(nowMs: number): boolean {
    if (this.#wire.bufferedAmount < LIVE_LIMITS.bufferedBytes) this.#blockedSinceMs = null;
    else this.#blockedSinceMs ??= nowMs;
    const blockedMs = this.#blockedSinceMs === null ? 0 : nowMs - this.#blockedSinceMs;
    return blockedMs >= LIVE_LIMITS.stuckMs || this.waitingBytes > LIVE_LIMITS.waitingBytes;
  }

  /** Lets go of everything. */
  close(): void {
    this.#closed = true;
    this.#texts.clear();
    this.#spectra.clear();
    this.#textBytes = 0;
    for (const resume of this.#waiters.splice(0)) resume();
  }
}

/** A two-way stream of bytes to a device, whatever carries it. What nobody reads stays with the sender. */
export interface ByteLink {
  /** What has come since the last read, waiting for its first byte; null: none came within `timeoutMs`. */
  read(timeoutMs: number): Promise<Uint8Array | null>;
  /** Resolves when the bytes are on their way. */
  write(bytes: Uint8Array): Promise<void>;
  /** A read or write that waits then fails. */
  close(): Promise<void>;
}

/** Opens a link anew each time; rejects with `LinkLost` where the device is not there. */
export type OpenLink = () => Promise<ByteLink>;

/** The device is gone, or never was there, or does not answer: a state, which whoever speaks with it turns into one. */
export class LinkLost extends Error {
  override readonly name = 'LinkLost';
}

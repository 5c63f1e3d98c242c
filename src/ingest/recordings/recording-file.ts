import { type FileHandle, open } from 'node:fs/promises';
import { BandwardenError } from '../../core/errors.ts';

const CHUNK_BYTES = 2 ** 18;

/** A file that is read at places, with what has been read of it for a progress bar. */
export class RecordingFile {
  readonly path: string;
  readonly bytes: number;
  bytesRead = 0;
  readonly #handle: FileHandle;

  private constructor(path: string, bytes: number, handle: FileHandle) {
    this.path = path;
    this.bytes = bytes;
    this.#handle = handle;
  }

  /** Throws `unreadable` where there is no file of at least one byte. */
  static async open(path: string): Promise<RecordingFile> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, 'r');
      const stats = await handle.stat();
      if (!stats.isFile()) throw new BandwardenError('unreadable', `${path}: expected a file`);
      if (stats.size === 0) throw new BandwardenError('unreadable', `${path}: the file is empty`);
      return new RecordingFile(path, stats.size, handle);
    } catch (cause) {
      await handle?.close();
      if (cause instanceof BandwardenError) throw cause;
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
      const why = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
      throw new BandwardenError('unreadable', `${path}: ${why}`, { cause });
    }
  }

  /** Bytes from `position`, fewer than asked for only at the file's end; the caller owns them. */
  async read(position: number, bytes: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(bytes, this.bytes - position));
    const buffer = new Uint8Array(wanted);
    let got = 0;
    while (got < wanted) {
      const { bytesRead } = await this.#handle.read(buffer, got, wanted - got, position + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return got === wanted ? buffer : buffer.slice(0, got);
  }

  /** The whole file in pieces, counted in `bytesRead`; several may read it at once. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    this.bytesRead = 0;
    for (let at = 0; at < this.bytes; ) {
      const chunk = await this.read(at, CHUNK_BYTES);
      if (chunk.length === 0) return;
      at += chunk.length;
      this.bytesRead = at;
      yield chunk;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

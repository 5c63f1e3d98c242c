import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from '../../src/formats/crc32.ts';
import type { Held } from './spool.ts';

/**
 * A file of the buffer: messages one after another, little-endian.
 *
 *     0 kind (0 iq, 1 sweep) │ 1 u32 sequence │ 5 f64 seconds │ 13 u32 bytes │ 17 u32 CRC-32 of them │ 21 … bytes
 */
const RECORD_BYTES = 21;
const KINDS = ['iq', 'sweep'] as const;
const NAME = /^([0-9]{10})\.spool$/;

/** The part of the buffer that is on disk. */
export class SpoolFiles {
  readonly limitBytes: number;
  private readonly folder: string;
  private last = 0;

  constructor(folder: string, limitBytes: number) {
    this.folder = folder;
    this.limitBytes = limitBytes;
  }

  nextNumber(): number {
    return ++this.last;
  }

  /** What is there, in the order in which it was written. */
  async list(): Promise<Array<{ file: number; entries: Held[] }>> {
    await mkdir(this.folder, { recursive: true });
    const numbers = (await readdir(this.folder)).flatMap((name) => NAME.exec(name)?.slice(1).map(Number) ?? []);
    numbers.sort((a, b) => a - b);
    this.last = numbers.at(-1) ?? 0;
    const files: Array<{ file: number; entries: Held[] }> = [];
    for (const file of numbers) {
      const entries = await this.read(file);
      if (entries.length > 0) files.push({ file, entries });
      else await this.remove(file);
    }
    return files;
  }

  async write(file: number, entries: readonly Held[]): Promise<void> {
    const parts = entries.flatMap((held) => [recordHead(held), held.bytes]);
    // Under its own name it is whole.
    await writeFile(`${this.nameOf(file)}.part`, Buffer.concat(parts));
    await rename(`${this.nameOf(file)}.part`, this.nameOf(file));
  }

  /** The messages up to the first that is damaged. */
  async read(file: number): Promise<Held[]> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.nameOf(file));
    } catch {
      return [];
    }
    const entries: Held[] = [];
    for (let at = 0; at + RECORD_BYTES <= bytes.length; ) {
      const end = at + RECORD_BYTES + bytes.readUInt32LE(at + 13);
      const kind = KINDS[bytes[at]];
      const body = bytes.subarray(at + RECORD_BYTES, end);
      if (kind === undefined || end > bytes.length || crc32(body) !== bytes.readUInt32LE(at + 17)) break;
      entries.push({ kind, sequence: bytes.readUInt32LE(at + 1), seconds: bytes.readDoubleLE(at + 5), bytes: body });
      at = end;
    }
    return entries;
  }

  async remove(file: number): Promise<void> {
    await unlink(this.nameOf(file));
  }

  private nameOf(file: number): string {
    return join(this.folder, `${String(file).padStart(10, '0')}.spool`);
  }
}

function recordHead({ kind, sequence, seconds, bytes }: Held): Uint8Array {
  const head = Buffer.alloc(RECORD_BYTES);
  head[0] = KINDS.indexOf(kind);
  head.writeUInt32LE(sequence, 1);
  head.writeDoubleLE(seconds, 5);
  head.writeUInt32LE(bytes.length, 13);
  head.writeUInt32LE(crc32(bytes), 17);
  return head;
}

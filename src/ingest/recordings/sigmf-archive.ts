import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { BandwardenError } from '../../core/errors.ts';
import type { RecordingFile } from './recording-file.ts';

/** Where an entry's content lies in the archive; its name is used for nothing but pairing. */
export interface ArchiveEntry {
  readonly offset: number;
  readonly bytes: number;
}

const BLOCK_BYTES = 512;
/** One file is never behind more than this of headers: pax records and long names. */
const HEADERS_BYTES = 8 * 2 ** 20;
const MAX_ENTRIES = 1000;

/** The metadata and dataset of the first recording of a `.sigmf` archive, and how many there are. */
export async function findSigmfEntries(
  archive: RecordingFile,
): Promise<{ readonly meta: ArchiveEntry; readonly data: ArchiveEntry; readonly recordings: number }> {
  const metas = new Map<string, ArchiveEntry>();
  const datas = new Map<string, ArchiveEntry>();
  let position = 0;
  for (let i = 0; i < MAX_ENTRIES && position < archive.bytes; i += 1) {
    const found = await nextEntry(archive, position);
    if (found === null) break;
    const { name, isFile, entry } = found;
    const kind = /\.sigmf-(meta|data)$/i.exec(name);
    if (isFile && kind !== null) (kind[1]!.toLowerCase() === 'meta' ? metas : datas).set(name.slice(0, -5), entry);
    position = entry.offset + Math.ceil(entry.bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  const pairs = [...metas].filter(([name]) => datas.has(name));
  const first = pairs[0];
  if (first === undefined) {
    const expected = 'expected a .sigmf-meta and its .sigmf-data in the archive';
    throw new BandwardenError('unreadable', `${archive.path}: ${expected}`);
  }
  return { meta: first[1], data: datas.get(first[0])!, recordings: pairs.length };
}

/** The entry whose headers begin at `position`; null at the end, or where there is no archive any more. */
async function nextEntry(archive: RecordingFile, position: number) {
  const reader = extract();
  const source = Readable.from(headerBytes(archive, position));
  source.on('error', (error) => reader.destroy(error));
  source.pipe(reader as unknown as NodeJS.WritableStream);
  try {
    for await (const item of reader) {
      const header = item.header as typeof item.header & { readonly byteOffset?: number };
      const size = header.size ?? 0;
      if (header.byteOffset === undefined || !Number.isSafeInteger(size) || size < 0) return null;
      const entry = { offset: position + header.byteOffset, bytes: header.type === 'directory' ? 0 : size };
      return { name: header.name, isFile: header.type === 'file' || header.type === 'contiguous-file', entry };
    }
    return null;
  } catch {
    return null;
  } finally {
    source.destroy();
    reader.destroy();
  }
}

async function* headerBytes(archive: RecordingFile, position: number): AsyncGenerator<Uint8Array> {
  const chunkBytes = 32 * BLOCK_BYTES;
  for (let done = 0; done < HEADERS_BYTES; done += chunkBytes) {
    const chunk = await archive.read(position + done, chunkBytes);
    if (chunk.length === 0) return;
    yield chunk;
  }
}

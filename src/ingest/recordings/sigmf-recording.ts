import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BandwardenError } from '../../core/errors.ts';
import { type SampleType, sampleType } from '../../formats/sample-types.ts';
import { parseSigmfMeta, SIGMF_META_LIMITS, type SigmfMeta } from '../../formats/sigmf.ts';
import { type IqDamage, IqRecording, type IqSource } from './iq-recording.ts';
import type { Recording, RecordingOptions } from './recording.ts';
import { RecordingFile } from './recording-file.ts';
import { findSigmfEntries } from './sigmf-archive.ts';

/** A `.sigmf-meta`, whose dataset lies beside it. Takes over `metaFile`. */
export async function openSigmfMeta(metaFile: RecordingFile, options: RecordingOptions): Promise<Recording> {
  const meta = await readOwnMeta(metaFile);
  const path = await datasetPath(metaFile.path, meta);
  const dataset = await RecordingFile.open(path);
  return opened(dataset, () => recordingOf(metaFile.path, meta, dataset, 0, dataset.bytes, options));
}

/** A `.sigmf-data` with its metadata beside it. Takes over `dataset`. */
export async function openSigmfData(dataset: RecordingFile, options: RecordingOptions): Promise<Recording> {
  const metaPath = dataset.path.replace(/\.sigmf-data$/i, '.sigmf-meta');
  return opened(dataset, async () => {
    const metaFile = await RecordingFile.open(metaPath).catch((cause: unknown) => {
      const hint = `${dataset.path}: expected ${basename(metaPath)} beside it, or --format and --rate`;
      throw new BandwardenError('unreadable', hint, { cause });
    });
    const meta = await readOwnMeta(metaFile);
    return recordingOf(dataset.path, meta, dataset, 0, dataset.bytes, options);
  });
}

/** A `.sigmf` archive: the first recording in it. Takes over `archive`. */
export async function openSigmfArchive(archive: RecordingFile, options: RecordingOptions): Promise<Recording> {
  return opened(archive, async () => {
    const { meta, data, recordings } = await findSigmfEntries(archive);
    const parsed = await readMeta(archive, meta.offset, meta.bytes);
    const there = Math.min(data.bytes, Math.max(0, archive.bytes - data.offset));
    const damage: IqDamage[] = [];
    if (there < data.bytes) damage.push({ bytes: data.bytes - there, detail: 'the archive is cut short' });
    if (recordings > 1) damage.push({ bytes: 0, detail: `the first of ${recordings} recordings is read` });
    return recordingOf(archive.path, parsed, archive, data.offset, there, options, damage);
  });
}

async function opened(file: RecordingFile, make: () => Recording | Promise<Recording>): Promise<Recording> {
  try {
    return await make();
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The whole file is the metadata; it is closed either way. */
async function readOwnMeta(metaFile: RecordingFile): Promise<SigmfMeta> {
  try {
    return await readMeta(metaFile, 0, metaFile.bytes);
  } finally {
    await metaFile.close();
  }
}

async function readMeta(file: RecordingFile, offset: number, bytes: number): Promise<SigmfMeta> {
  const tooLong = bytes > SIGMF_META_LIMITS.bytes;
  const parsed = parseSigmfMeta(tooLong ? new Uint8Array(0) : await file.read(offset, bytes));
  if (parsed.ok && !parsed.value.metadataOnly) return parsed.value;
  const why = parsed.ok ? 'core:metadata_only: it has no samples' : parsed.reject.detail;
  throw new BandwardenError('unreadable', `${file.path}: ${tooLong ? 'too long' : why}, expected SigMF metadata`);
}

/** The named dataset where it lies beside the metadata, else the `.sigmf-data`. Names never leave the folder. */
async function datasetPath(metaPath: string, meta: SigmfMeta): Promise<string> {
  const folder = dirname(metaPath);
  if (meta.dataset !== null && meta.dataset.length > 0) {
    const named = join(folder, basename(meta.dataset.replaceAll('\\', '/')).replaceAll('\0', ''));
    if (
      await access(named).then(
        () => true,
        () => false,
      )
    )
      return named;
  }
  return metaPath.replace(/\.sigmf-meta$/i, '') + (/\.sigmf-data$/i.test(metaPath) ? '' : '.sigmf-data');
}

function recordingOf(
  path: string,
  meta: SigmfMeta,
  dataset: RecordingFile,
  dataOffset: number,
  dataBytes: number,
  options: RecordingOptions,
  damage: readonly IqDamage[] = [],
): Recording {
  const type = sampleType(meta.datatype);
  if (type === null) {
    throw new BandwardenError('unreadable', `${path}: ${meta.datatype} samples, expected complex ones such as cf32_le`);
  }
  const found = captureSources(meta, type, dataOffset, Math.max(0, dataBytes - meta.trailingBytes));
  return new IqRecording(path, 'sigmf', dataset, found.sources, [...damage, ...found.damage], options);
}

/** Captures follow one another in the dataset, each behind its own header bytes. */
function captureSources(meta: SigmfMeta, type: SampleType, dataOffset: number, dataBytes: number) {
  const stride = type.bytesPerPair * meta.channels;
  const nothing = { startSample: meta.offsetSamples, centerHz: null, timeNs: null, headerBytes: 0 };
  const captures = meta.captures.length > 0 ? meta.captures : [nothing];
  const sources: IqSource[] = [];
  const damage: IqDamage[] = [];
  let headers = 0;
  for (const [i, capture] of captures.entries()) {
    headers += capture.headerBytes;
    const from = (capture.startSample - meta.offsetSamples) * stride + headers;
    const next = captures[i + 1];
    const to = next === undefined ? dataBytes : (next.startSample - meta.offsetSamples) * stride + headers;
    if (from >= dataBytes) {
      damage.push({ bytes: next === undefined ? 0 : to - from, detail: `captures[${i}] lies behind the last sample` });
      continue;
    }
    if (to > dataBytes) damage.push({ bytes: to - dataBytes, detail: `captures[${i}] is cut short` });
    if (from === to) continue;
    sources.push({
      offset: dataOffset + from,
      bytes: Math.min(to, dataBytes) - from,
      type,
      channels: meta.channels,
      centerHz: capture.centerHz,
      rateHz: meta.sampleRateHz,
      startNs: capture.timeNs,
    });
  }
  if (meta.channels > 1) damage.push({ bytes: 0, detail: `the first of ${meta.channels} channels is read` });
  return { sources, damage };
}

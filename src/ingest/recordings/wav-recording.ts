import { BandwardenError } from '../../core/errors.ts';
import { parseFileName } from '../../formats/file-name.ts';
import { sampleType } from '../../formats/sample-types.ts';
import { findWavAuxi, parseWavHead } from '../../formats/wav.ts';
import { type IqDamage, IqRecording } from './iq-recording.ts';
import type { Recording, RecordingOptions } from './recording.ts';
import type { RecordingFile } from './recording-file.ts';

/** Chunks before the samples are small; a program that puts more there is given up on. */
const HEAD_BYTES = 2 ** 20;
const TAIL_BYTES = 2 ** 17;

export async function openWav(file: RecordingFile, options: RecordingOptions): Promise<Recording> {
  const parsed = parseWavHead(await file.read(0, HEAD_BYTES), file.bytes);
  if (!parsed.ok) throw new BandwardenError('unreadable', `${file.path}: ${parsed.reject.detail}, expected IQ in WAV`);
  const wav = parsed.value;
  const inTail = wav.auxi === null && wav.tailOffset !== null;
  const auxi = inTail ? findWavAuxi(await file.read(wav.tailOffset!, TAIL_BYTES)) : wav.auxi;
  const name = parseFileName(file.path);
  const startMs = auxi?.startMs ?? name.startMs;
  const source = {
    offset: wav.dataOffset,
    bytes: wav.dataBytes,
    type: sampleType(wav.datatype)!,
    channels: 1,
    centerHz: auxi?.centerHz ?? name.centerHz,
    rateHz: wav.sampleRateHz,
    startNs: startMs === null ? null : BigInt(startMs) * 1_000_000n,
  };
  const damage: IqDamage[] = [];
  if (wav.missingBytes > 0) damage.push({ bytes: wav.missingBytes, detail: 'it is cut short' });
  return new IqRecording(file.path, 'wav', file, [source], damage, options);
}

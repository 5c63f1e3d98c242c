import type { SampleFormat } from '../../core/frames.ts';
import { parseFileName } from '../../formats/file-name.ts';
import { sampleType } from '../../formats/sample-types.ts';
import { IqRecording } from './iq-recording.ts';
import type { Recording, RecordingOptions } from './recording.ts';
import type { RecordingFile } from './recording-file.ts';

/** Samples and nothing else: rate, centre and time come from the options or the name. */
export function openRaw(file: RecordingFile, format: SampleFormat, options: RecordingOptions): Recording {
  const name = parseFileName(file.path);
  const source = {
    offset: 0,
    bytes: file.bytes,
    type: sampleType(format)!,
    channels: 1,
    centerHz: name.centerHz,
    rateHz: name.rateHz,
    startNs: name.startMs === null ? null : BigInt(name.startMs) * 1_000_000n,
  };
  return new IqRecording(file.path, format, file, [source], [], options);
}

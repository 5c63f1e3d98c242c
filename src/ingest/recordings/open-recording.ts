import { BandwardenError } from '../../core/errors.ts';
import { SAMPLE_FORMATS, type SampleFormat } from '../../core/frames.ts';
import { parseFileName } from '../../formats/file-name.ts';
import { SNIFF_BYTES, type SniffedFormat, sniffFormat } from '../../formats/sniff.ts';
import { isTimeZone } from '../../formats/times.ts';
import { openRaw } from './raw-recording.ts';
import { RECORDING_FORMATS, type Recording, type RecordingOptions } from './recording.ts';
import { RecordingFile } from './recording-file.ts';
import { openSigmfArchive, openSigmfData, openSigmfMeta } from './sigmf-recording.ts';
import { sweepLog } from './sweep-logs.ts';
import { openSweepLog } from './sweep-recording.ts';
import { openWav } from './wav-recording.ts';

/**
 * Opens a recording or a sweep log. Throws `unreadable` with one line that names the file and what was
 * expected, where nothing whole is in it, its format is not known, or raw IQ has no rate; `bad-argument`
 * where the time zone does not exist.
 */
export async function openRecording(path: string, options: RecordingOptions): Promise<Recording> {
  if (!isTimeZone(options.timezone)) {
    throw new BandwardenError('bad-argument', `--timezone ${options.timezone}: expected a zone such as Europe/Berlin`);
  }
  const file = await RecordingFile.open(path);
  try {
    return await openAs(file, await chooseFormat(file, options), options);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

type Chosen = SniffedFormat | SampleFormat | 'sigmf:data';

/** Content decides, then the name; a format that was asked for decides alone, but for its forms. */
async function chooseFormat(file: RecordingFile, options: RecordingOptions): Promise<Chosen> {
  const asked = options.format;
  if (isSampleFormat(asked)) return asked;
  const sigmfData = /\.sigmf-data$/i.test(file.path);
  if (sigmfData && (asked === 'auto' || asked === 'sigmf')) return 'sigmf:data';
  const found = sniffFormat(await file.read(0, SNIFF_BYTES));
  if (asked === 'auto') return found ?? chooseByName(file.path);
  if (asked === 'sigmf') return found === 'sigmf:archive' ? found : 'sigmf:meta';
  if (found?.startsWith(`${asked}:`)) return found;
  // soapy_power writes rtl_power_fftw's text too.
  return asked === 'soapy_power' && found === 'rtl_power_fftw' ? found : asked;
}

function chooseByName(path: string): Chosen {
  const { format } = parseFileName(path);
  if (format !== null) return format;
  if (/\.sigmf-meta$/i.test(path)) return 'sigmf:meta';
  if (/\.sigmf$/i.test(path)) return 'sigmf:archive';
  const known = RECORDING_FORMATS.filter((name) => name !== 'auto').join(', ');
  throw new BandwardenError('unreadable', `${path}: of no known format, expected one of ${known} (--format)`);
}

async function openAs(file: RecordingFile, chosen: Chosen, options: RecordingOptions): Promise<Recording> {
  if (isSampleFormat(chosen)) return openRaw(file, chosen, options);
  switch (chosen) {
    case 'wav':
      return openWav(file, options);
    case 'sigmf:data':
      return openSigmfData(file, options);
    case 'sigmf:meta':
      return openSigmfMeta(file, options);
    case 'sigmf:archive':
      return openSigmfArchive(file, options);
    default:
      return openSweepLog(file, sweepLog(chosen, options), options);
  }
}

function isSampleFormat(name: string): name is SampleFormat {
  return (SAMPLE_FORMATS as readonly string[]).includes(name);
}

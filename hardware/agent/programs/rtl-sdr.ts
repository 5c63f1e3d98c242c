import type { RtlSdrSettings } from '../source-options.ts';
import type { IqTuning } from '../tuner.ts';
import type { ErrorNote, IqProgram } from './program.ts';

const SMALLEST_BLOCK_BYTES = 512;

/** rtl_sdr (osmocom rtl-sdr, src/rtl_sdr.c): cu8 on standard output. */
export function rtlSdr(settings: RtlSdrSettings): IqProgram {
  return {
    kind: 'iq',
    command: settings.program,
    format: 'cu8',
    silenceSeconds: settings.silenceSeconds,
    startSeconds: settings.startSeconds,
    args: (tuning) => [
      ...['-f', String(Math.round(tuning.centerHz)), '-s', String(Math.round(tuning.sampleRateHz))],
      // 0 is automatic to the program, so a gain of 0 dB is the smallest step above it.
      ...['-g', tuning.gainDb === null ? '0' : String(tuning.gainDb === 0 ? 0.1 : tuning.gainDb)],
      ...['-p', String(settings.frequencyCorrectionPpm), '-d', settings.device],
      ...['-b', String(blockBytes(tuning)), ...settings.extraArguments, '-'],
    ],
    gainDb: (tuning) => tuning.gainDb,
    hears: rtlNote,
  };
}

/** About 10 ms, so that what is late is late by little; the program's own are 131,072 pairs. */
function blockBytes({ sampleRateHz }: IqTuning): number {
  return (
    SMALLEST_BLOCK_BYTES * 2 ** Math.max(0, Math.round(Math.log2((2 * sampleRateHz) / 100 / SMALLEST_BLOCK_BYTES)))
  );
}

/** What librtlsdr and its programs write. */
export function rtlNote(line: string): ErrorNote | null {
  if (/samples lost|sync read failed/i.test(line)) return { lostPairs: 0 };
  if (/^No (?:supported|matching) devices found/i.test(line)) return { gone: 'no RTL-SDR is there' };
  if (/^usb_(?:open|claim_interface) error|Failed to open rtlsdr/i.test(line)) return { gone: `the RTL-SDR: ${line}` };
  if (/^cb transfer status|^Library error|device lost|LIBUSB_ERROR_NO_DEVICE/i.test(line)) {
    return { gone: 'the RTL-SDR was unplugged' };
  }
  return null;
}

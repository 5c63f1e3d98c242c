import type { RxSdrSettings } from '../source-options.ts';
import type { ErrorNote, IqProgram } from './program.ts';

/**
 * rx_sdr (rxseger/rx_tools): whatever SoapySDR has a driver for, such as Airspy, LimeSDR, SDRplay, and a USRP through
 * SoapyUHD. UHD's own rx_samples_to_file writes its progress to standard output, between the samples, so it is not used.
 * cs16 throughout: its conversion of cs16 to cf32 takes the samples for unsigned.
 */
export function rxSdr(settings: RxSdrSettings): IqProgram {
  return {
    kind: 'iq',
    command: settings.program,
    format: 'cs16',
    silenceSeconds: settings.silenceSeconds,
    startSeconds: settings.startSeconds,
    args: (tuning) => {
      const gain = tuning.gainDb === null ? settings.gains : String(tuning.gainDb);
      return [
        ...['-d', settings.device, '-f', String(Math.round(tuning.centerHz))],
        ...['-s', String(Math.round(tuning.sampleRateHz)), '-I', 'CS16', '-F', 'CS16'],
        ...(gain === null ? [] : ['-g', gain]),
        ...(settings.antenna === null ? [] : ['-a', settings.antenna]),
        ...['-p', String(settings.frequencyCorrectionPpm), ...settings.extraArguments, '-'],
      ];
    },
    gainDb: (tuning) => tuning.gainDb,
    hears: soapyNote,
  };
}

/** What rx_sdr and SoapySDR write; an O for each overflow, without a line's end. */
export function soapyNote(line: string): ErrorNote | null {
  if (/^O+$/.test(line)) return { lostPairs: 0 };
  if (/overflow|sync read failed/i.test(line)) return { lostPairs: 0 };
  if (/^Failed to open sdr device|no match|device not found|No devices found/i.test(line)) {
    return { gone: `no such device: ${line}` };
  }
  if (/^Library error|NOT_SUPPORTED|transfer.*(?:no device|error)/i.test(line)) return { gone: line };
  return null;
}

import type { HackrfTransferSettings } from '../source-options.ts';
import type { ErrorNote, IqProgram } from './program.ts';

/** The RF amplifier of a HackRF One, dB; its other stages are set in steps. */
const AMPLIFIER_DB = 14;
const LNA = { stepDb: 8, mostDb: 40 } as const;
const VGA = { stepDb: 2, mostDb: 62 } as const;

export interface HackrfGains {
  readonly lnaGainDb: number;
  readonly vgaGainDb: number;
}

/** One figure as two stages: half of it in the LNA, where it costs the least noise, and the rest in the VGA. */
export function hackrfGains(gainDb: number): HackrfGains {
  const lnaGainDb = Math.min(LNA.mostDb, LNA.stepDb * Math.round(Math.max(0, gainDb) / 2 / LNA.stepDb));
  const rest = Math.max(0, gainDb - lnaGainDb);
  return { lnaGainDb, vgaGainDb: Math.min(VGA.mostDb, VGA.stepDb * Math.round(rest / VGA.stepDb)) };
}

/** hackrf_transfer (greatscottgadgets/hackrf, host/hackrf-tools): cs8 on standard output. */
export function hackrfTransfer(settings: HackrfTransferSettings): IqProgram {
  const gainsOf = (gainDb: number | null): HackrfGains => (gainDb === null ? settings : hackrfGains(gainDb));
  const hears = hackrfNotes();
  return {
    kind: 'iq',
    command: settings.program,
    format: 'cs8',
    silenceSeconds: settings.silenceSeconds,
    startSeconds: settings.startSeconds,
    args: (tuning) => {
      const { lnaGainDb, vgaGainDb } = gainsOf(tuning.gainDb);
      return [
        ...['-r', '-', '-f', String(Math.round(tuning.centerHz)), '-s', String(Math.round(tuning.sampleRateHz))],
        ...['-l', String(lnaGainDb), '-g', String(vgaGainDb)],
        ...['-a', settings.amplifier ? '1' : '0', '-p', settings.antennaPower ? '1' : '0'],
        ...(settings.bufferStatistics ? ['-B'] : []),
        ...(settings.serial === null ? [] : ['-d', settings.serial]),
        ...settings.extraArguments,
      ];
    },
    gainDb: (tuning) => {
      const { lnaGainDb, vgaGainDb } = gainsOf(tuning.gainDb);
      return lnaGainDb + vgaGainDb + (settings.amplifier ? AMPLIFIER_DB : 0);
    },
    hears,
  };
}

/** Counts of overruns grow as long as the program runs: only their growth is news. */
function hackrfNotes(): (line: string) => ErrorNote | null {
  let overruns = 0;
  return (line) => {
    const count = /, (\d+) overruns,/.exec(line);
    if (count === null) return hackrfNote(line);
    const news = Number(count[1]) > overruns;
    overruns = Number(count[1]);
    return news ? { lostPairs: 0 } : null;
  };
}

export function hackrfNote(line: string): ErrorNote | null {
  if (/^Couldn't transfer any (?:bytes|data) for one second/.test(line)) return { gone: 'the HackRF sends nothing' };
  if (/HACKRF_ERROR_NOT_FOUND|HackRF not found/.test(line)) return { gone: 'no HackRF is there' };
  if (/^hackrf_(?:open|init|start_rx|open_by_serial)\(\) failed/.test(line)) return { gone: `the HackRF: ${line}` };
  return null;
}

import { SweepCsvReader } from '../../../src/formats/sweep-csv.ts';
import type { HackrfSweepSettings } from '../source-options.ts';
import { hackrfNote } from './hackrf-transfer.ts';
import type { SweepProgram } from './program.ts';

const MHZ = 1e6;

/** hackrf_sweep: lines, in its own order; edges in whole MHz. Its times are local, so it is started in UTC. */
export function hackrfSweep(settings: HackrfSweepSettings): SweepProgram {
  return {
    kind: 'sweep',
    command: settings.program,
    silenceSeconds: settings.silenceSeconds,
    startSeconds: settings.startSeconds,
    args: ({ startHz, stopHz, rbwHz }) => [
      ...['-f', `${Math.floor(startHz / MHZ)}:${Math.ceil(stopHz / MHZ)}`, '-w', String(Math.round(rbwHz))],
      ...['-l', String(settings.lnaGainDb), '-g', String(settings.vgaGainDb)],
      ...['-a', settings.amplifier ? '1' : '0', '-p', settings.antennaPower ? '1' : '0'],
      ...(settings.serial === null ? [] : ['-d', settings.serial]),
      ...settings.extraArguments,
    ],
    reader: (receiver) => new SweepCsvReader({ receiver, timezone: 'UTC', dialect: 'hackrf_sweep' }),
    hears: hackrfNote,
  };
}

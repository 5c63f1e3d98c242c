import { SweepCsvReader } from '../../../src/formats/sweep-csv.ts';
import type { RtlPowerSettings } from '../source-options.ts';
import type { SweepProgram } from './program.ts';
import { rtlNote } from './rtl-sdr.ts';

/** rtl_power (osmocom rtl-sdr, src/rtl_power.c): lines; its times are local, so it is started in UTC. */
export function rtlPower(settings: RtlPowerSettings): SweepProgram {
  const { integrationSeconds, cropPct, gainDb } = settings;
  return {
    kind: 'sweep',
    command: settings.program,
    silenceSeconds: Math.max(settings.silenceSeconds, 3 * integrationSeconds + 2),
    startSeconds: settings.startSeconds + 3 * integrationSeconds,
    args: ({ startHz, stopHz, rbwHz }) => [
      ...['-f', `${Math.round(startHz)}:${Math.round(stopHz)}:${Math.round(rbwHz)}`],
      ...['-i', String(integrationSeconds), '-d', settings.device, '-p', String(settings.frequencyCorrectionPpm)],
      ...(gainDb === null ? [] : ['-g', String(gainDb)]),
      ...(cropPct === 0 ? [] : ['-c', `${cropPct}%`]),
      ...settings.extraArguments,
    ],
    reader: (receiver) => new SweepCsvReader({ receiver, timezone: 'UTC', dialect: 'rtl_power' }),
    hears: rtlNote,
  };
}

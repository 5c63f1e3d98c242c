import { SoapyPowerBinReader } from '../../../src/formats/soapy-power-bin.ts';
import type { SoapyPowerSettings } from '../source-options.ts';
import type { SweepProgram } from './program.ts';
import { soapyNote } from './rx-sdr.ts';

/** soapy_power (xmikos/soapy_power): its binary records, whose times are exact and in UTC. */
export function soapyPower(settings: SoapyPowerSettings): SweepProgram {
  const { integrationSeconds, gainDb, cropPct } = settings;
  return {
    kind: 'sweep',
    command: settings.program,
    silenceSeconds: Math.max(settings.silenceSeconds, 3 * integrationSeconds + 2),
    startSeconds: settings.startSeconds + 3 * integrationSeconds,
    args: ({ startHz, stopHz, rbwHz }) => [
      ...['-q', '-c', '-F', 'soapy_power_bin', '-d', settings.device],
      ...['-f', `${Math.round(startHz)}:${Math.round(stopHz)}`, '-B', String(Math.round(rbwHz))],
      ...['-r', String(Math.round(settings.sampleRateHz)), '-T', String(integrationSeconds)],
      ...(gainDb === null ? ['-a'] : ['-g', String(Math.round(gainDb * 10))]),
      ...(cropPct === 0 ? [] : ['-k', String(cropPct)]),
      ...['-p', String(settings.frequencyCorrectionPpm), ...settings.extraArguments],
    ],
    reader: (receiver) => new SoapyPowerBinReader({ receiver, timezone: 'UTC' }),
    hears: soapyNote,
  };
}

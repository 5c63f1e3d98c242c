import type { Log } from '../../src/core/ports.ts';
import type { HostClock } from '../samples/sample-clock.ts';
import { ProgramTuner } from './program-tuner.ts';
import { hackrfSweep } from './programs/hackrf-sweep.ts';
import { hackrfTransfer } from './programs/hackrf-transfer.ts';
import type { SdrProgram } from './programs/program.ts';
import { rtlPower } from './programs/rtl-power.ts';
import { rtlSdr } from './programs/rtl-sdr.ts';
import { rxSdr } from './programs/rx-sdr.ts';
import { soapyPower } from './programs/soapy-power.ts';
import { RtlTcpTuner } from './rtl-tcp-tuner.ts';
import type { RtlTcpSourceSettings, SourceSettings } from './source-options.ts';
import type { Tuner, Tuning } from './tuner.ts';

type ProgramSettings = Exclude<SourceSettings, { type: 'rtl_tcp' }>;

/** The one table of front ends: a new program is a file, a line here and its keys in source-options.ts. */
export function programFor(source: ProgramSettings): SdrProgram {
  switch (source.type) {
    case 'rtl_sdr':
      return rtlSdr(source);
    case 'hackrf_transfer':
      return hackrfTransfer(source);
    case 'rx_sdr':
      return rxSdr(source);
    case 'rtl_power':
      return rtlPower(source);
    case 'hackrf_sweep':
      return hackrfSweep(source);
    case 'soapy_power':
      return soapyPower(source);
  }
}

export function tunerFor(
  source: SourceSettings,
  deps: { readonly receiver: string; readonly host: HostClock; readonly log: Log },
): Tuner {
  if (source.type === 'rtl_tcp') return new RtlTcpTuner({ ...deps, settings: source as RtlTcpSourceSettings });
  return new ProgramTuner({ ...deps, program: programFor(source) });
}

/** Where the configuration points the receiver. */
export function homeOf(source: SourceSettings): Tuning {
  if (source.type === 'rtl_power' || source.type === 'hackrf_sweep' || source.type === 'soapy_power') {
    const { startHz, stopHz, rbwHz } = source;
    return { kind: 'sweep', startHz, stopHz, rbwHz };
  }
  const { centerHz, sampleRateHz } = source;
  return { kind: 'iq', centerHz, sampleRateHz, gainDb: 'gainDb' in source ? source.gainDb : null };
}

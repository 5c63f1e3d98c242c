import type { Signal, SignalSource } from '../signal.ts';
import { amSource, carrierSource, nfmSource, wfmSource } from './analogue.ts';
import { fskSource, hopperSource, ookSource } from './keyed.ts';
import { pulseSource } from './pulse.ts';
import { dsbSource, ssbSource } from './sideband.ts';
import { chirpSource, linearSource, noiseSource, ofdmSource, QAM16, QPSK } from './wideband.ts';

/** A source that starts at the beginning of a transmission; `seed` decides its audio or data. */
export function createSource(signal: Signal, sampleRateHz: number, seed: number): SignalSource {
  switch (signal.kind) {
    case 'cw':
      return carrierSource();
    case 'am':
      return amSource(signal, sampleRateHz, seed);
    case 'nfm':
      return nfmSource(signal, sampleRateHz, seed);
    case 'wfm':
      return wfmSource(signal, sampleRateHz, seed);
    case 'fsk':
      return fskSource(signal, sampleRateHz, seed);
    case 'ook':
      return ookSource(signal, sampleRateHz, seed);
    case 'qpsk':
      return linearSource(signal, QPSK, sampleRateHz, seed);
    case 'qam16':
      return linearSource(signal, QAM16, sampleRateHz, seed);
    case 'ssb':
      return ssbSource(signal, sampleRateHz, seed);
    case 'dsb':
      return dsbSource(signal, sampleRateHz, seed);
    case 'pulse':
      return pulseSource(signal, sampleRateHz);
    case 'ofdm':
      return ofdmSource(signal, sampleRateHz, seed);
    case 'chirp':
      return chirpSource(signal, sampleRateHz);
    case 'hopper':
      return hopperSource(signal, sampleRateHz, seed);
    case 'noise':
      return noiseSource(signal, sampleRateHz, seed);
  }
}

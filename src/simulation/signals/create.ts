import type { Signal, SignalSource } from '../signal.ts';
import { amSource, carrierSource, nfmSource, wfmSource } from './analogue.ts';
import { fskSource, hopperSource, ookSource } from './keyed.ts';
import { chirpSource, noiseSource, ofdmSource, qpskSource } from './wideband.ts';

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
      return qpskSource(signal, sampleRateHz, seed);
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

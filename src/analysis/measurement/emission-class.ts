import type { Modulation } from '../../core/measurement.ts';
import { formatDesignator } from '../designator.ts';

/** Modulation, signal and information of RR Appendix 1; null where the class of modulation does not tell them. */
const CLASSES: Readonly<Record<Modulation, string | null>> = {
  unmodulated: 'N0N',
  am: 'A3E',
  nfm: 'F3E',
  wfm: 'F3E',
  ssb: 'J3E',
  fsk: 'F1D',
  psk: 'G1D',
  ofdm: 'W7D',
  keyed: 'A1D',
  chirp: 'FXX',
  pulsed: 'P0N',
  noise: null,
  unknown: null,
};

/** What a class alone does not say: a multiplex with pilot is F8E, symbols of several amplitudes D1D. */
export interface ClassDetails {
  readonly isMultiplex: boolean;
  readonly hasAmplitudes: boolean;
}

/** The designator of what was measured: the occupied bandwidth stands for the necessary one. */
export function designatorOf(modulation: Modulation, bandwidthHz: number | null, details: ClassDetails): string | null {
  const plain = CLASSES[modulation];
  if (plain === null) return null;
  const symbols =
    modulation === 'wfm' && details.isMultiplex ? 'F8E' : modulation === 'psk' && details.hasAmplitudes ? 'D1D' : plain;
  if (modulation !== 'unmodulated' && bandwidthHz === null) return null;
  return formatDesignator({
    bandwidthHz: modulation === 'unmodulated' ? null : bandwidthHz,
    modulation: symbols[0],
    signal: symbols[1],
    information: symbols[2],
    details: null,
    multiplex: null,
  });
}

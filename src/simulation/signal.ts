import type { AudioSpec } from './audio.ts';

/**
 * What an emitter sends, at complex baseband. Every source has mean power 1 while it transmits, so that the
 * level asked for is the mean power on the air. Frequencies and rates in Hz.
 */
export type Signal =
  /** N0N: unmodulated carrier. */
  | { readonly kind: 'cw' }
  /** A3E: carrier·(1 + depth·audio). `depth` 0–1. */
  | { readonly kind: 'am'; readonly audio: AudioSpec; readonly depth: number }
  /** F3E, narrow: `deviationHz` at full audio; CTCSS at 10 % of it where a tone is given. */
  | { readonly kind: 'nfm'; readonly audio: AudioSpec; readonly deviationHz: number; readonly ctcssHz?: number }
  /** F8E: stereo multiplex with the 19 kHz pilot (9 %) and, with `rds`, the 57 kHz subcarrier (4 %). */
  | {
      readonly kind: 'wfm';
      readonly deviationHz?: number;
      readonly stereo?: boolean;
      readonly rds?: RdsService | null;
      readonly audio?: AudioSpec;
    }
  /** F1D: continuous-phase FSK; `deviationHz` of the outer symbols, `bt` of a Gaussian filter or none. */
  | {
      readonly kind: 'fsk';
      readonly levels: 2 | 4;
      readonly symbolRateHz: number;
      readonly deviationHz: number;
      readonly bt?: number;
      readonly preambleSymbols?: number;
    }
  /** A1D: on-off keying, Manchester coded, so that it is on for half of the time whatever the data. */
  | { readonly kind: 'ook'; readonly bitRateHz: number; readonly preambleBits?: number }
  /** G1D: QPSK through a root raised cosine of roll-off `rollOff`. */
  | { readonly kind: 'qpsk'; readonly symbolRateHz: number; readonly rollOff: number }
  /** D7W: 16-QAM through a root raised cosine of roll-off `rollOff`. */
  | { readonly kind: 'qam16'; readonly symbolRateHz: number; readonly rollOff: number }
  /** J3E: one sideband of the audio, the carrier suppressed; the emitter's centre is where the carrier would be. */
  | { readonly kind: 'ssb'; readonly audio: AudioSpec; readonly sideband: 'upper' | 'lower' }
  /** Both sidebands, the carrier suppressed. */
  | { readonly kind: 'dsb'; readonly audio: AudioSpec }
  /** P0N: pulses of a carrier, one each `periodSeconds`; Q0N where its frequency sweeps `chirpHz` within the pulse. */
  | {
      readonly kind: 'pulse';
      readonly widthSeconds: number;
      readonly periodSeconds: number;
      readonly chirpHz?: number;
    }
  /** W7D: `subcarriers` QPSK carriers around an empty middle, cyclic prefix as a share of the useful symbol. */
  | {
      readonly kind: 'ofdm';
      readonly subcarriers: number;
      readonly spacingHz: number;
      readonly cyclicPrefix: number;
    }
  /** Linear frequency sweeps upward over `spanHz`, one each `periodSeconds`, phase-continuous. */
  | { readonly kind: 'chirp'; readonly spanHz: number; readonly periodSeconds: number }
  /** 2-FSK that changes channel at random each `dwellSeconds`; channels lie around the emitter's centre. */
  | {
      readonly kind: 'hopper';
      readonly channels: number;
      readonly spacingHz: number;
      readonly dwellSeconds: number;
      readonly symbolRateHz: number;
      readonly deviationHz: number;
    }
  /** Flat Gaussian noise: a jammer. */
  | { readonly kind: 'noise'; readonly bandwidthHz: number };

export type SignalKind = Signal['kind'];

export interface RdsService {
  /** Programme identification, 16 bits. */
  readonly pi: number;
  /** Programme service name, 8 characters. */
  readonly name: string;
}

export interface SignalSource {
  /** Writes the next `pairs` samples, interleaved, from `out[2·first]` on. */
  fill(out: Float64Array, first: number, pairs: number): void;
}

import { audioTopHz } from './audio.ts';
import type { Signal } from './signal.ts';
import { WFM_DEVIATION_HZ } from './signals/analogue.ts';

/**
 * Where a bandwidth comes from:
 * `exact`      99 % of the power of the known power spectrum;
 * `necessary`  formula of ITU-R SM.1138 (RR Appendix 1), which the 99 % bandwidth does not exceed by much;
 * `carson`     2·(deviation + highest modulating frequency): an upper bound of the 99 % bandwidth in practice;
 * `none`       an unmodulated carrier has none.
 */
export type BandwidthOrigin = 'exact' | 'necessary' | 'carson' | 'none';

export interface TrueBandwidth {
  readonly hz: number;
  readonly origin: BandwidthOrigin;
}

const VOICE_LOWEST_HZ = 300;
const STEREO_TOP_HZ = 53_000;
const RDS_TOP_HZ = 59_400;

export function trueBandwidth(signal: Signal): TrueBandwidth {
  switch (signal.kind) {
    case 'cw':
      return { hz: 0, origin: 'none' };
    case 'am':
      return { hz: 2 * audioTopHz(signal.audio), origin: 'necessary' };
    case 'nfm':
      return { hz: 2 * (signal.deviationHz + audioTopHz(signal.audio)), origin: 'carson' };
    case 'wfm':
      return { hz: 2 * ((signal.deviationHz ?? WFM_DEVIATION_HZ) + multiplexTopHz(signal)), origin: 'carson' };
    case 'fsk':
      return { hz: frequencyShiftHz(signal.symbolRateHz, signal.deviationHz), origin: 'necessary' };
    case 'ook':
      // A1B: B·K, K = 5 for fading circuits; Manchester keys at twice the bit rate.
      return { hz: 2 * signal.bitRateHz * 5, origin: 'necessary' };
    case 'dsb':
      return { hz: 2 * audioTopHz(signal.audio), origin: 'necessary' };
    case 'ssb':
      // J3E: M less the lowest audio frequency.
      return { hz: audioTopHz(signal.audio) - VOICE_LOWEST_HZ, origin: 'necessary' };
    case 'pulse':
      // P0N: 2K/t; K = 6 for steep edges. A sweep adds its span.
      return { hz: (2 * 6) / signal.widthSeconds + (signal.chirpHz ?? 0), origin: 'necessary' };
    case 'qam16':
    case 'qpsk':
      return { hz: signal.symbolRateHz * raisedCosineShare(signal.rollOff, 0.99), origin: 'exact' };
    case 'ofdm':
      return { hz: 0.99 * (signal.subcarriers + 1) * signal.spacingHz, origin: 'exact' };
    case 'chirp':
      return { hz: 0.99 * signal.spanHz, origin: 'exact' };
    case 'hopper':
      return {
        hz: (signal.channels - 1) * signal.spacingHz + frequencyShiftHz(signal.symbolRateHz, signal.deviationHz),
        origin: 'necessary',
      };
    case 'noise':
      return { hz: 0.99 * signal.bandwidthHz, origin: 'exact' };
  }
}

function multiplexTopHz(signal: Extract<Signal, { kind: 'wfm' }>): number {
  if (signal.rds) return RDS_TOP_HZ;
  return (signal.stereo ?? true) ? STEREO_TOP_HZ : audioTopHz(signal.audio ?? 'programme');
}

/** F1B: 2M + 2DK with M = B/2 and K = 1.2. */
function frequencyShiftHz(symbolRateHz: number, deviationHz: number): number {
  return symbolRateHz + 2.4 * deviationHz;
}

/**
 * Width, in symbol rates, that holds `share` of a root raised cosine signal's power. Its power spectrum is the
 * raised cosine: 1 up to (1−β)/2, then ½·(1 + cos(π/β·(f − (1−β)/2))) up to (1+β)/2, with area 1 in all.
 */
export function raisedCosineShare(rollOff: number, share: number): number {
  const flat = (1 - rollOff) / 2;
  const within = (f: number): number => {
    if (f <= flat || rollOff === 0) return 2 * f;
    const x = f - flat;
    return 2 * (flat + x / 2 + (rollOff / (2 * Math.PI)) * Math.sin((Math.PI * x) / rollOff));
  };
  let low = 0;
  let high = (1 + rollOff) / 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle) < share) low = middle;
    else high = middle;
  }
  return 2 * low;
}

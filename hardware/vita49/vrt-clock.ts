import { DeviceClock } from '../generic/device-clock.ts';
import { TSF, TSI, type VrtTime } from './protocol.ts';

/** 1980-01-06, where GPS time begins, s since 1970; and how far it has run ahead of UTC since 2017 (IERS Bulletin C). */
const GPS_EPOCH_SECONDS = 315_964_800;
const GPS_LEAP_SECONDS = 18;
/** An epoch of the device's own that gives a time within a day of ours is that of POSIX, as with DIFI. */
const PLAUSIBLE_SECONDS = 86_400;
const PICOSECONDS = 1_000_000_000_000n;

/** When a packet's first sample was taken. */
export interface PacketTime {
  readonly timeNs: bigint;
  /** By the packet itself, so that gaps show in it; else from counting samples on the host's clock. */
  readonly isStated: boolean;
}

/** The times of one stream: as stated where they are dates with a fraction, else counted from when they arrived. */
export class VrtClock {
  private readonly nowNs: () => bigint;
  private readonly arrivals = new DeviceClock();
  private countedPairs = 0;

  constructor(nowNs: () => bigint) {
    this.nowNs = nowNs;
  }

  timeOf(time: VrtTime, sampleRateHz: number, pairs: number): PacketTime {
    const nowNs = this.nowNs();
    const seconds = secondsOf(time, nowNs);
    const fractionNs = fractionOf(time, sampleRateHz);
    const before = this.countedPairs;
    this.countedPairs += pairs;
    if (seconds !== null && fractionNs !== null) {
      return { timeNs: BigInt(seconds) * 1_000_000_000n + fractionNs, isStated: true };
    }
    const ns = (count: number) => BigInt(Math.round((count / sampleRateHz) * 1e9));
    return { timeNs: this.arrivals.timeNs(ns(before), ns(pairs), nowNs), isStated: false };
  }

  /** Samples that never came took their time all the same. */
  skip(pairs: number): void {
    this.countedPairs += pairs;
  }
}

function secondsOf({ tsi, seconds }: VrtTime, nowNs: bigint): number | null {
  if (tsi === TSI.utc) return seconds;
  if (tsi === TSI.gps) return seconds + GPS_EPOCH_SECONDS - GPS_LEAP_SECONDS;
  const isPosix = tsi === TSI.other && Math.abs(seconds - Number(nowNs / 1_000_000_000n)) < PLAUSIBLE_SECONDS;
  return isPosix ? seconds : null;
}

/** Null: no fraction of a second. */
function fractionOf({ tsf, fraction }: VrtTime, sampleRateHz: number): bigint | null {
  if (tsf === TSF.picoseconds) return fraction < PICOSECONDS ? fraction / 1_000n : null;
  if (tsf !== TSF.sampleCount) return null;
  const seconds = Number(fraction) / sampleRateHz;
  // Samples since the second began: as many as a second has, or one more where the rate is not whole.
  return seconds < 1 + 2 / sampleRateHz ? BigInt(Math.round(seconds * 1e9)) : null;
}

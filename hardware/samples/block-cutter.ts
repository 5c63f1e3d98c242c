import { BYTES_PER_PAIR, type IqBlock, LIMITS, type SampleFormat } from '../../src/core/frames.ts';
import { type ClockLegacy, type HostClock, SampleClock } from './sample-clock.ts';

/** An IQ packet holds 25–100 ms of signal, a power of two of pairs: the most that fit. */
export function pairsPerBlock(sampleRateHz: number): number {
  return Math.min(LIMITS.packetPairs, 2 ** Math.max(4, Math.floor(Math.log2(0.1 * sampleRateHz))));
}

/** Share of values at the ends of the scale from which the front end counts as overloaded. */
const OVERLOAD_SHARE = 1e-4;

export interface SampleStream {
  readonly receiver: string;
  readonly format: SampleFormat;
  readonly sampleRateHz: number;
}

export interface TunedTo {
  readonly centerHz: number;
  readonly gainDb: number | null;
}

/** Cuts an endless stream of samples into blocks with times; bytes may come in any pieces. */
export class BlockCutter {
  readonly clock: SampleClock;
  /** The clock of this host takes its time from GNSS. */
  gnssTime = false;
  private readonly stream: SampleStream;
  private readonly pairs: number;
  private tuned: TunedTo;
  private samples: Uint8Array;
  private filled = 0;
  private firstPair = 0;
  private oddBytes = 0;
  private skipBytes = 0;
  private lost = true;
  private sequence = 0;
  /** Blocks that wait for the clock to settle. */
  private waiting: Array<{ block: Omit<IqBlock, 'timeNs'>; firstPair: number }> = [];

  constructor(stream: SampleStream, tuned: TunedTo, host: HostClock, legacy: ClockLegacy | null = null) {
    this.stream = stream;
    this.tuned = tuned;
    this.clock = new SampleClock(stream.sampleRateHz, host, legacy);
    this.pairs = pairsPerBlock(stream.sampleRateHz);
    this.samples = new Uint8Array(this.pairs * BYTES_PER_PAIR[stream.format]);
  }

  push(bytes: Uint8Array): IqBlock[] {
    const bytesPerPair = BYTES_PER_PAIR[this.stream.format];
    const whole = Math.floor((this.oddBytes + bytes.length) / bytesPerPair);
    this.oddBytes = (this.oddBytes + bytes.length) % bytesPerPair;
    this.clock.arrived(whole);
    let rest = bytes.subarray(this.skip(bytes.length));
    while (rest.length > 0) {
      const taken = Math.min(rest.length, this.samples.length - this.filled);
      this.samples.set(rest.subarray(0, taken), this.filled);
      this.filled += taken;
      rest = rest.subarray(taken);
      if (this.filled === this.samples.length) this.cut();
    }
    return this.clock.isSettled ? this.stamped() : [];
  }

  /** Something is missing before what comes next. */
  markLost(): void {
    this.lost = true;
  }

  /** The stream goes on at another frequency; what is on its way, at least one of `pairs`, may still be of the old one. */
  retune(tuned: TunedTo, pairs: number): void {
    const bytesPerPair = BYTES_PER_PAIR[this.stream.format];
    this.tuned = tuned;
    this.lost = true;
    this.firstPair += Math.floor(this.filled / bytesPerPair) + pairs;
    this.skipBytes += pairs * bytesPerPair - (this.filled % bytesPerPair);
    this.filled = 0;
  }

  /** The stream has ended: the blocks that still wait, with what is known of their times. */
  finish(): IqBlock[] {
    this.clock.settle();
    return this.clock.isSettled ? this.stamped() : [];
  }

  private skip(available: number): number {
    const skipped = Math.min(this.skipBytes, available);
    this.skipBytes -= skipped;
    return skipped;
  }

  private cut(): void {
    const { stream, samples, pairs, tuned } = this;
    const block = {
      kind: 'iq',
      ...stream,
      sequence: this.sequence,
      centerHz: tuned.centerHz,
      gainDb: tuned.gainDb,
      samples,
      pairs,
      gnssTime: this.gnssTime,
      lostBefore: this.lost,
      overload: clippedShare(samples, stream.format) > OVERLOAD_SHARE,
    } as const;
    this.waiting.push({ block, firstPair: this.firstPair });
    this.sequence = (this.sequence + 1) >>> 0;
    this.lost = false;
    this.firstPair += pairs;
    this.filled = 0;
    this.samples = new Uint8Array(samples.length);
  }

  private stamped(): IqBlock[] {
    const blocks = this.waiting.map(({ block, firstPair }) => {
      const lostBefore = this.clock.takeBreak() || block.lostBefore;
      return { ...block, lostBefore, timeNs: BigInt(Math.round(this.clock.timeMs(firstPair) * 1e3)) * 1_000n };
    });
    this.waiting = [];
    return blocks;
  }
}

/** Share of values at either end of an integer scale; floating point has none. */
function clippedShare(samples: Uint8Array, format: SampleFormat): number {
  let clipped = 0;
  if (format === 'cu8') {
    for (const value of samples) if (value === 0 || value === 255) clipped++;
    return clipped / samples.length;
  }
  if (format === 'cs8') {
    for (const value of samples) if (value === 127 || value === 128) clipped++;
    return clipped / samples.length;
  }
  if (format === 'cf32') return 0;
  const values = new Int16Array(samples.buffer, samples.byteOffset, samples.length / 2);
  for (const value of values) if (value === 32_767 || value === -32_768) clipped++;
  return clipped / values.length;
}

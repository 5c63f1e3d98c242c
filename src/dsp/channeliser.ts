import { DecimatingFir, lowPass } from './fir.ts';

/** One channel out of a span. */
export interface ChannelPlan {
  readonly sampleRateHz: number;
  /** Middle of the channel, from the receiver's centre. */
  readonly offsetHz: number;
  /** Half of the band that must come through flat. */
  readonly passHz: number;
}

/** The stop band begins at this many pass bands: nothing that lies in it folds into the pass band. */
const STOP_SHARE = 1.4;
/** One stage up to this decimation; beyond it a first, short filter does most of the work. */
const ONE_STAGE = 5;
const LAST_STAGE = 3;
/** The oscillator's phase is set anew, exactly, after so many samples. */
const RUN = 1024;

/**
 * Brings one channel to 0 Hz and to a rate of a few times its bandwidth:
 *
 *     y[m] = Σ_k h[k]·x[mD − k]·e^(−j2πf(mD − k)/fs)
 *
 * by an oscillator whose phase is computed from the sample's number (no drift), and one or two decimating low-passes
 * of 80 dB stop band. Units: x full scale ±1; gain 1 at the channel's middle. Blocks of any size give the same stream.
 */
export class Channeliser {
  readonly decimation: number;
  readonly rateHz: number;
  /** Half of the band that is flat, Hz: what was asked for, or what the rate allows. */
  readonly passHz: number;
  /** Outputs at the beginning that do not yet stand on samples alone. */
  readonly settling: number;
  private readonly cyclesPerSample: number;
  private readonly stages: readonly DecimatingFir[];
  private sample = 0;

  constructor({ sampleRateHz, offsetHz, passHz }: ChannelPlan) {
    this.cyclesPerSample = offsetHz / sampleRateHz;
    this.passHz = Math.min(passHz, 0.45 * sampleRateHz);
    const stopHz = Math.min(STOP_SHARE * this.passHz, sampleRateHz / 2);
    const most = Math.max(1, Math.floor(sampleRateHz / (this.passHz + stopHz)));
    const first = most <= ONE_STAGE ? 1 : Math.floor(most / LAST_STAGE);
    const last = most <= ONE_STAGE ? most : LAST_STAGE;
    this.decimation = first * last;
    this.rateHz = sampleRateHz / this.decimation;
    const stages: DecimatingFir[] = [];
    if (first > 1) {
      const between = 1 / first;
      const pass = this.passHz / sampleRateHz;
      stages.push(new DecimatingFir(lowPass(pass, between - stopHz / sampleRateHz), first));
    }
    const rateBefore = sampleRateHz / first;
    stages.push(new DecimatingFir(lowPass(this.passHz / rateBefore, stopHz / rateBefore), last));
    this.stages = stages;
    const delays = stages.reduce((sum, stage, i) => sum + 2 * stage.delay * (i === 0 ? 1 : first), 0);
    this.settling = Math.ceil(delays / this.decimation);
  }

  /** @param iq interleaved; it is not changed */
  push(iq: Float32Array): Float32Array {
    return this.stages.reduce((signal, stage) => stage.push(signal), this.mixed(iq));
  }

  private mixed(iq: Float32Array): Float32Array {
    const out = new Float32Array(iq.length);
    const pairs = iq.length / 2;
    const turnRe = Math.cos(2 * Math.PI * this.cyclesPerSample);
    const turnIm = -Math.sin(2 * Math.PI * this.cyclesPerSample);
    let re = 0;
    let im = 0;
    for (let n = 0; n < pairs; n++, this.sample++) {
      if (n === 0 || this.sample % RUN === 0) {
        const cycles = this.cyclesPerSample * this.sample;
        const angle = -2 * Math.PI * (cycles - Math.floor(cycles));
        re = Math.cos(angle);
        im = Math.sin(angle);
      }
      const x = iq[2 * n];
      const y = iq[2 * n + 1];
      out[2 * n] = x * re - y * im;
      out[2 * n + 1] = x * im + y * re;
      const next = re * turnRe - im * turnIm;
      im = re * turnIm + im * turnRe;
      re = next;
    }
    return out;
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Channeliser } from '../../src/dsp/channeliser.ts';
import { instantaneousFrequency } from '../../src/dsp/demodulators.ts';
import { lowPass, noiseBandwidth, STOP_BAND_DB } from '../../src/dsp/fir.ts';

const RATE_HZ = 1_024_000;

function tone(hz: number, pairs: number, rateHz = RATE_HZ): Float32Array {
  const out = new Float32Array(2 * pairs);
  for (let n = 0; n < pairs; n++) {
    const cycles = (hz * n) / rateHz;
    const angle = 2 * Math.PI * (cycles - Math.floor(cycles));
    out[2 * n] = Math.cos(angle);
    out[2 * n + 1] = Math.sin(angle);
  }
  return out;
}

/** Mean power, dB, of what is settled. */
function powerDb(iq: Float32Array, settling: number): number {
  const settled = iq.subarray(2 * settling);
  return 10 * Math.log10((2 * settled.reduce((sum, value) => sum + value * value, 0)) / settled.length);
}

function gainDb(taps: Float64Array, cycles: number): number {
  let re = 0;
  let im = 0;
  for (const [n, tap] of taps.entries()) {
    re += tap * Math.cos(2 * Math.PI * cycles * n);
    im -= tap * Math.sin(2 * Math.PI * cycles * n);
  }
  return 20 * Math.log10(Math.hypot(re, im) + 1e-12);
}

describe('the low-pass', () => {
  it.each([
    [0.1, 0.14],
    [0.01, 0.02],
    [0.3, 0.45],
  ])('is flat to 0.01 dB up to %d and 80 dB down from %d cycles a sample on', (pass, stop) => {
    const taps = lowPass(pass, stop);
    for (let f = 0; f <= pass; f += pass / 50) expect(Math.abs(gainDb(taps, f))).toBeLessThan(0.01);
    for (let f = stop; f <= 0.5; f += 0.0017) expect(gainDb(taps, f)).toBeLessThan(-STOP_BAND_DB + 1);
  });

  it('lets through the noise of its cutoff, both sides', () => {
    expect(noiseBandwidth(lowPass(0.1, 0.12)) / 0.22).toBeCloseTo(1, 1);
  });
});

describe('a channel', () => {
  const plan = { sampleRateHz: RATE_HZ, offsetHz: -212_345, passHz: 8_000 };

  it.each([-8_000, -3_000, 0, 7_999])('has a tone %d Hz beside its middle at that frequency and at 0 dB', (hz) => {
    const channel = new Channeliser(plan);
    const out = channel.push(tone(plan.offsetHz + hz, 200_000));
    expect(powerDb(out, channel.settling)).toBeCloseTo(0, 2);
    const settled = out.subarray(2 * channel.settling);
    for (const f of instantaneousFrequency(settled, channel.rateHz)) expect(f).toBeCloseTo(hz, 0);
  });

  it.each([11_300, -11_300, 30_000, 212_345, -280_000])('holds a tone %d Hz beside it down by 75 dB', (hz) => {
    const channel = new Channeliser(plan);
    expect(powerDb(channel.push(tone(plan.offsetHz + hz, 200_000)), channel.settling)).toBeLessThan(-75);
  });

  it('comes out at a rate of its width, and as wide as the span allows', () => {
    const narrow = new Channeliser(plan);
    expect(narrow.rateHz).toBeGreaterThan(2 * 8_000);
    expect(narrow.rateHz).toBeLessThan(4 * 8_000);
    const wide = new Channeliser({ ...plan, offsetHz: 0, passHz: 900_000 });
    expect(wide.decimation).toBe(1);
    expect(wide.passHz).toBe(0.45 * RATE_HZ);
  });

  it('is the same stream, but for rounding, however the samples are cut into blocks', () => {
    const samples = tone(-210_000, 40_000);
    const whole = new Channeliser(plan).push(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 8 }), (cuts) => {
        const channel = new Channeliser(plan);
        const edges = [0, ...cuts.sort((a, b) => a - b), 40_000];
        const parts = edges.slice(1).map((end, i) => channel.push(samples.slice(2 * edges[i], 2 * end)));
        const joined = Float32Array.from(parts.flatMap((part) => [...part]));
        // The oscillator's phase is worked out anew at the head of each block: rounding may differ, not the stream.
        return joined.length === whole.length && joined.every((value, i) => Math.abs(value - whole[i]) < 1e-6);
      }),
      { numRuns: 20 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { imageRatioDb } from '../../src/simulation/receiver-model.ts';
import { type Emitter, renderScene, type Scene, SceneRenderer } from '../../src/simulation/scene.ts';
import { bandPower, decibels, meanPowerDb, welch } from './spectrum-oracle.ts';

const RATE_HZ = 256_000;
const CENTER_HZ = 409_000_000;
const QUIET_DBFS = -120;

function scene(emitters: readonly Emitter[], receiver: Partial<Scene['receiver']> = {}, seed = 11): Scene {
  return {
    seed,
    receiver: { sampleRateHz: RATE_HZ, centerHz: CENTER_HZ, format: 'cf32', noiseDbfs: QUIET_DBFS, ...receiver },
    emitters,
  };
}

function valuesOf(made: Scene, seconds: number): Float64Array {
  return new SceneRenderer(made).readValues(Math.round(seconds * made.receiver.sampleRateHz));
}

const EVERY_FAULT: Partial<Scene['receiver']> = {
  noiseDbfs: -40,
  noiseTiltDb: 3,
  rollOffShare: 0.42,
  dcSpikeDbfs: -45,
  iqImbalance: { gainDb: 0.3, phaseDegrees: 2 },
  spurs: [{ offsetHz: 31_000, levelDbfs: -50 }],
  clockErrorPpm: 20,
  format: 'cu8',
};
const BUSY: readonly Emitter[] = [
  {
    name: 'voice',
    signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500, ctcssHz: 88.5 },
    centerHz: CENTER_HZ + 40_000,
    powerDbfs: -20,
    schedule: [[0.0131, 0.0602]],
    fading: { dopplerHz: 30 },
  },
  {
    name: 'bursts',
    signal: { kind: 'ook', bitRateHz: 2_000 },
    centerHz: CENTER_HZ - 30_000,
    snrDb: 20,
    schedule: { periodSeconds: 0.02, onSeconds: 0.0113, firstSeconds: 0.003 },
    driftHzPerSecond: 500,
  },
  {
    name: 'data',
    signal: { kind: 'qpsk', symbolRateHz: 9_600, rollOff: 0.25 },
    centerHz: CENTER_HZ - 80_000,
    powerDbfs: -25,
  },
];

describe('a scene', () => {
  it.each([[1], [77], [1_000], [1_024], [4_096], [20_000]])('is the same in blocks of %i as in one piece', (block) => {
    const whole = renderScene(scene(BUSY, EVERY_FAULT), 20_000 / RATE_HZ).samples;
    const stream = new SceneRenderer(scene(BUSY, EVERY_FAULT));
    const parts = new Uint8Array(whole.length);
    for (let done = 0; done < 20_000; done += block) {
      parts.set(stream.read(Math.min(block, 20_000 - done)).samples, 2 * done);
    }
    expect(Buffer.compare(parts, whole)).toBe(0);
  });

  it('is the same for the same seed and another for another', () => {
    const first = renderScene(scene(BUSY, EVERY_FAULT, 1), 0.05).samples;
    expect(Buffer.compare(first, renderScene(scene(BUSY, EVERY_FAULT, 1), 0.05).samples)).toBe(0);
    expect(Buffer.compare(first, renderScene(scene(BUSY, EVERY_FAULT, 2), 0.05).samples)).not.toBe(0);
  });

  it('has noise of the density asked for, flat over the span', () => {
    const density = welch(valuesOf(scene([], { noiseDbfs: -80 }), 4), 256);
    expect(decibels(density.reduce((a, b) => a + b, 0) / 256)).toBeCloseTo(-80, 1.3);
    for (const value of density) expect(Math.abs(decibels(value) + 80)).toBeLessThan(0.6);
  });

  it('tilts the noise by the decibels asked for', () => {
    const density = welch(valuesOf(scene([], { noiseDbfs: -60, noiseTiltDb: 6 }), 4), 64);
    // At ±3/8 of the rate a line of 6 dB over the span stands at ±2.25 dB.
    expect(decibels(density[8]) + 60).toBeCloseTo(-2.25, 0.7);
    expect(decibels(density[56]) + 60).toBeCloseTo(2.25, 0.7);
    expect(decibels(density[32]) + 60).toBeCloseTo(0, 0.7);
  });

  it('rolls off by 3 dB at the corner of the anti-alias filter and not inside', () => {
    const density = welch(valuesOf(scene([], { noiseDbfs: -60, rollOffShare: 0.375 }), 8), 256);
    expect(decibels(density[128 + 96]) + 60).toBeCloseTo(-3, 0);
    expect(decibels(density[128 + 48]) + 60).toBeCloseTo(0, 0.7);
    expect(decibels(density[255]) + 60).toBeLessThan(-20);
  });

  it('puts a carrier on its frequency to a hundredth of a hertz, also after a minute', () => {
    const hz = 12_345.67;
    const stream = new SceneRenderer(
      scene([{ name: 'c', signal: { kind: 'cw' }, centerHz: CENTER_HZ + hz, powerDbfs: 0 }]),
    );
    const first = stream.readValues(256);
    const between = 60 * RATE_HZ - 256;
    for (let left = between; left > 0; left -= 65_536) stream.readValues(Math.min(left, 65_536));
    const last = stream.readValues(256);
    const turned = Math.atan2(last[1], last[0]) - Math.atan2(first[1], first[0]);
    const cycles = turned / (2 * Math.PI) - hz * 60;
    // A hundredth of a hertz would be 0.6 of a turn; the phase itself is right to a millionth of one.
    expect(Math.abs(cycles - Math.round(cycles))).toBeLessThan(1e-5);
  });

  it('shows every emission shifted by the error of its clock', () => {
    const made = scene([{ name: 'c', signal: { kind: 'cw' }, centerHz: CENTER_HZ + 10_000, powerDbfs: -10 }], {
      clockErrorPpm: 50,
    });
    const values = valuesOf(made, 1);
    const cycles =
      (Math.atan2(values[2 * 1000 + 1], values[2 * 1000]) - Math.atan2(values[1], values[0])) / 2 / Math.PI;
    const truth = renderScene(made, 0.01).truth.emissions[0];
    // Everything is counted in periods of a reference that runs fast: the emission reads f/(1 + 50·10⁻⁶).
    expect(truth.apparentCenterHz).toBeCloseTo(409_010_000 / (1 + 50e-6), 3);
    const expected = ((truth.apparentCenterHz - CENTER_HZ) * 1000) / RATE_HZ;
    expect(Math.abs(cycles - expected - Math.round(cycles - expected))).toBeLessThan(1e-4);
  });

  it('drifts at the rate asked for', () => {
    const made = scene([
      { name: 'c', signal: { kind: 'cw' }, centerHz: CENTER_HZ, powerDbfs: 0, driftHzPerSecond: 1_000 },
    ]);
    const values = valuesOf(made, 2);
    const at = 2 * Math.round(1.5 * RATE_HZ);
    const step = Math.atan2(
      values[at + 3] * values[at] - values[at + 2] * values[at + 1],
      values[at + 2] * values[at] + values[at + 3] * values[at + 1],
    );
    expect((step * RATE_HZ) / (2 * Math.PI)).toBeCloseTo(1_500, 0);
  });

  it('makes an image as far down as the imbalance says', () => {
    const imbalance = { gainDb: 0.5, phaseDegrees: 3 };
    // Rule of thumb for small errors: −10·log10 of (gain²+phase²)/4, gain as a ratio and phase in radians.
    const ruleOfThumbDb = decibels(((0.5 / 8.686) ** 2 + ((3 * Math.PI) / 180) ** 2) / 4);
    expect(imageRatioDb(imbalance)).toBeCloseTo(ruleOfThumbDb, 1);
    const made = scene([{ name: 'c', signal: { kind: 'cw' }, centerHz: CENTER_HZ + 50_000, powerDbfs: -10 }], {
      iqImbalance: imbalance,
    });
    const density = welch(valuesOf(made, 1), 1024);
    const wanted = bandPower(density, RATE_HZ, 49_000, 51_000);
    const image = bandPower(density, RATE_HZ, -51_000, -49_000);
    expect(decibels(image / wanted)).toBeCloseTo(ruleOfThumbDb, 1);
    const [truth] = renderScene(made, 0.01).truth.artefacts;
    expect(truth).toMatchObject({ artefact: 'image', centerHz: CENTER_HZ - 50_000, of: 'c' });
    expect(truth.powerDbfs).toBeCloseTo(-10 + ruleOfThumbDb, 1);
  });

  it('has its DC spike and its spurs at their levels', () => {
    const made = scene([], { dcSpikeDbfs: -30, spurs: [{ offsetHz: 64_000, levelDbfs: -50 }] });
    const density = welch(valuesOf(made, 1), 512);
    expect(decibels(bandPower(density, RATE_HZ, -2_000, 2_000))).toBeCloseTo(-30, 1);
    expect(decibels(bandPower(density, RATE_HZ, 62_000, 66_000))).toBeCloseTo(-50, 1);
  });

  it.each([
    ['cu8', 127.5],
    ['cs8', 128],
    ['cs16', 32_768],
  ] as const)('quantises to %s with the noise of a uniform quantiser and clips at full scale', (format, scale) => {
    const tone: Emitter = { name: 'c', signal: { kind: 'cw' }, centerHz: CENTER_HZ + 33_337.19, powerDbfs: -3 };
    const made = scene([tone], { format });
    const exact = valuesOf(made, 0.2);
    const { samples, clipped } = new SceneRenderer(made).read(exact.length / 2);
    const view = new DataView(samples.buffer);
    const errors = exact.map((value, i) => {
      if (format === 'cu8') return (samples[i] - 127.5) / scale - value;
      return (format === 'cs8' ? view.getInt8(i) : view.getInt16(2 * i, true)) / scale - value;
    });
    // A step Δ = 1/scale gives Δ²/12 in I and in Q.
    expect(meanPowerDb(errors)).toBeCloseTo(decibels(2 / 12 / scale ** 2), 0);
    expect(clipped).toBe(0);
    const loud = new SceneRenderer(scene([{ ...tone, powerDbfs: 3 }], { format })).read(10_000);
    expect(loud.clipped).toBeGreaterThan(5_000);
  });

  it('gives an SNR against the noise in the occupied bandwidth', () => {
    const signal = { kind: 'noise', bandwidthHz: 50_000 } as const;
    const made = scene([{ name: 'j', signal, centerHz: CENTER_HZ, snrDb: 20 }], { noiseDbfs: -60 });
    const density = welch(valuesOf(made, 2), 512);
    const inside = bandPower(density, RATE_HZ, -20_000, 20_000) / 40_000;
    const outside = bandPower(density, RATE_HZ, 60_000, 120_000) / 60_000;
    expect(decibels(inside / outside - 1)).toBeCloseTo(20, 0.5);
  });

  it('refuses an emitter without a level, with two, and an SNR for a carrier', () => {
    const carrier = { name: 'c', signal: { kind: 'cw' }, centerHz: CENTER_HZ } as const;
    expect(() => new SceneRenderer(scene([carrier]))).toThrow(/emitter c: powerDbfs/);
    expect(() => new SceneRenderer(scene([{ ...carrier, snrDb: 10 }]))).toThrow(/powerDbfs/);
    expect(() => new SceneRenderer(scene([{ ...carrier, snrDb: 10, powerDbfs: -10 }]))).toThrow(/powerDbfs/);
  });

  it('is on the air exactly in its scheduled times', () => {
    const made = scene([
      {
        name: 'k',
        signal: { kind: 'cw' },
        centerHz: CENTER_HZ,
        powerDbfs: -6,
        schedule: { periodSeconds: 0.05, onSeconds: 0.02, firstSeconds: 0.01, count: 2 },
        rampSeconds: 0,
      },
    ]);
    const values = valuesOf(made, 0.2);
    const on = (s: number) => Math.abs(values[2 * Math.round(s * RATE_HZ)]) > 0.1;
    expect([0.0099, 0.0101, 0.0299, 0.0301, 0.0599, 0.0601, 0.0799, 0.0801, 0.115].map(on)).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
    const { truth } = renderScene(made, 0.2);
    expect(truth.emissions[0].transmissions).toEqual([
      { startSeconds: 0.01, stopSeconds: 0.03 },
      { startSeconds: 0.060000000000000005, stopSeconds: 0.08 },
    ]);
    expect(truth.emissions[0].kind).toBe('burst');
  });

  it('fades with mean power 1 and, for Rayleigh, a tenth of the time more than 9.8 dB down', () => {
    const made = scene(
      [
        {
          name: 'f',
          signal: { kind: 'cw' },
          centerHz: CENTER_HZ,
          powerDbfs: 0,
          fading: { dopplerHz: 100 },
        },
      ],
      { sampleRateHz: 8_000 },
    );
    const values = valuesOf(made, 60);
    expect(meanPowerDb(values)).toBeCloseTo(0, 0.3);
    let deep = 0;
    for (let i = 0; i < values.length; i += 2) if (values[i] ** 2 + values[i + 1] ** 2 < -Math.log(0.9)) deep++;
    expect(deep / (values.length / 2)).toBeGreaterThan(0.08);
    expect(deep / (values.length / 2)).toBeLessThan(0.12);
  });
});

import { describe, expect, it } from 'vitest';
import type { SampleFormat } from '../../src/core/frames.ts';
import type { Emitter } from '../../src/simulation/scene.ts';
import { detectScene } from '../support/detect-scene.ts';

const VOICE = { kind: 'nfm', audio: 'voice', deviationHz: 2500 } as const;

function scene(sampleRateHz: number, centerHz: number, format: SampleFormat, emitters: Emitter[], more = {}) {
  return { seed: 11, receiver: { sampleRateHz, centerHz, format, noiseDbfs: -40, ...more }, emitters };
}

describe('detection on scenes whose truth is known', () => {
  it('finds three FM broadcasters of 12 to 30 dB as three continuous emissions, and leaves the DC spike out', async () => {
    const stations = [97.7e6, 98.2e6, 98.4e6];
    const { emissions, analysis } = await detectScene(
      scene(
        1.024e6,
        98e6,
        'cu8',
        stations.map((centerHz, i) => ({ name: `s${i}`, signal: { kind: 'wfm' }, centerHz, snrDb: [30, 20, 12][i] })),
        { dcSpikeDbfs: -45 },
      ),
      2,
    );
    expect(emissions.map((e) => e.kind)).toEqual(['continuous', 'continuous', 'continuous']);
    const centres = emissions.map((e) => e.centerHz).sort((a, b) => a - b);
    for (const [i, centerHz] of stations.entries()) expect(Math.abs(centres[i] - centerHz)).toBeLessThan(2_000);
    // Density × noise bandwidth of a bin (500 Hz, Hann); the floor between strong stations is known to 1 dB.
    expect(Math.abs(analysis.noiseFloor! - (-40 - 10 * Math.log10(1.024e6 / 750)))).toBeLessThan(1);
  });

  it('keeps handhelds on adjacent 12.5 kHz channels apart and times their transmissions', async () => {
    const { emissions } = await detectScene(
      scene(256e3, 409.3e6, 'cu8', [
        { name: 'a', signal: VOICE, centerHz: 409.25e6, snrDb: 30, schedule: [[0.3, 1.5]] },
        { name: 'b', signal: VOICE, centerHz: 409.2625e6, snrDb: 25, schedule: [[0.5, 1.8]] },
      ]),
      2,
    );
    expect(emissions).toHaveLength(2);
    const [a, b] = emissions;
    expect(a.startSeconds).toBeCloseTo(0.3, 2);
    expect(a.stopSeconds).toBeCloseTo(1.5, 2);
    expect(b.startSeconds).toBeCloseTo(0.5, 2);
    expect(b.stopSeconds).toBeCloseTo(1.8, 2);
    expect(Math.abs(a.centerHz - 409.25e6)).toBeLessThan(500);
    expect(Math.abs(b.centerHz - 409.2625e6)).toBeLessThan(500);
    for (const e of emissions) expect([e.kind, e.bursts]).toEqual(['intermittent', 1]);
  });

  it('keeps five handhelds apart that are equally strong and equally spaced', async () => {
    const { emissions } = await detectScene(
      scene(
        1e6,
        409e6,
        'cu8',
        [0, 1, 2, 3, 4].map((i) => ({
          name: `h${i}`,
          signal: VOICE,
          centerHz: 408.8e6 + i * 50e3,
          snrDb: 25,
          schedule: [[0.2 + i * 0.3, 2]],
        })),
      ),
      2,
    );
    expect(emissions.map((e) => Math.abs(Math.round((e.centerHz - 408.8e6) / 50e3)))).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes a silent stereo broadcaster, a carrier between its pilot lines, as one emission', async () => {
    const silent = { kind: 'wfm', stereo: true, audio: 'silence' } as const;
    const { emissions } = await detectScene(
      scene(1.024e6, 98e6, 'cs16', [{ name: 's', signal: silent, centerHz: 98.2e6, snrDb: 35 }]),
      1,
    );
    expect(emissions).toHaveLength(1);
    expect(Math.abs(emissions[0].centerHz - 98.2e6)).toBeLessThan(1000);
  });

  it('takes the two tones of FSK as one emission and counts its bursts', async () => {
    const { emissions } = await detectScene(
      scene(250e3, 433.92e6, 'cu8', [
        {
          name: 'meter',
          signal: { kind: 'fsk', levels: 2, symbolRateHz: 9600, deviationHz: 35_000 },
          centerHz: 433.95e6,
          snrDb: 15,
          schedule: { periodSeconds: 0.4, onSeconds: 0.06, firstSeconds: 0.1 },
        },
      ]),
      2,
    );
    expect(emissions).toHaveLength(1);
    expect(emissions[0].kind).toBe('burst');
    expect(emissions[0].bursts).toBe(5);
    expect(Math.abs(emissions[0].centerHz - 433.95e6)).toBeLessThan(3_000);
    expect(emissions[0].activeSeconds).toBeGreaterThan(0.27);
    expect(emissions[0].activeSeconds).toBeLessThan(0.36);
  });

  it('measures the bandwidth of a 9 MHz OFDM signal within 2 % and takes it as one emission', async () => {
    const signal = { kind: 'ofdm', subcarriers: 600, spacingHz: 15_000, cyclicPrefix: 0.07 } as const;
    const { emissions, truth } = await detectScene(
      scene(19.2e6, 806e6, 'cs16', [{ name: 'cell', signal, centerHz: 806e6, snrDb: 20 }]),
      0.08,
    );
    expect(emissions).toHaveLength(1);
    const wanted = truth.emissions[0].occupiedBandwidthHz;
    expect(Math.abs(emissions[0].occupiedBandwidthHz! / wanted - 1)).toBeLessThan(0.02);
    expect(emissions[0].snrDb).toBeCloseTo(20, -0.5);
  });

  it('gives a 10 ms OFDM burst at 50 MS/s whole, and a 4 ms FSK burst at 1 MS/s in a 7 ms file', async () => {
    const ofdm = { kind: 'ofdm', subcarriers: 600, spacingHz: 15_000, cyclicPrefix: 0.07 } as const;
    const wide = await detectScene(
      scene(50e6, 2.4e9, 'cs8', [{ name: 'w', signal: ofdm, centerHz: 2.405e9, snrDb: 15, schedule: [[0.01, 0.02]] }]),
      0.04,
    );
    expect(wide.emissions).toHaveLength(1);
    expect(wide.emissions[0].startSeconds).toBeCloseTo(0.01, 3);
    expect(wide.emissions[0].occupiedBandwidthHz! / 8.92e6).toBeCloseTo(1, 1);
    const fsk = { kind: 'fsk', levels: 2, symbolRateHz: 38_400, deviationHz: 20_000 } as const;
    const short = await detectScene(
      scene(1e6, 868e6, 'cs8', [{ name: 's', signal: fsk, centerHz: 868.1e6, snrDb: 20, schedule: [[0.001, 0.005]] }]),
      0.007,
    );
    expect(short.emissions).toHaveLength(1);
    expect(short.emissions[0].startSeconds).toBeCloseTo(0.001, 3);
    expect(short.emissions[0].stopSeconds).toBeCloseTo(0.005, 3);
  });

  it('reads level and frequency of a carrier, gives it no bandwidth, and keeps a weak one steady', async () => {
    const { emissions } = await detectScene(
      scene(1e6, 121e6, 'cs16', [
        { name: 'strong', signal: { kind: 'cw' }, centerHz: 121.3e6, powerDbfs: -30 },
        { name: 'weak', signal: { kind: 'cw' }, centerHz: 120.8e6, powerDbfs: -62 },
      ]),
      2,
    );
    expect(emissions).toHaveLength(2);
    const strong = emissions.find((e) => e.centerHz > 121e6)!;
    const weak = emissions.find((e) => e.centerHz < 121e6)!;
    expect(Math.abs(strong.level - -30)).toBeLessThan(0.5);
    expect(Math.abs(strong.centerHz - 121.3e6)).toBeLessThan(50);
    expect([weak.kind, weak.bursts, weak.occupiedBandwidthHz]).toEqual(['continuous', 1, null]);
    expect(Math.abs(weak.level - -62)).toBeLessThan(1);
  });

  it('finds a 2 ms burst of 12 dB in its own 25 kHz within 2.4 MHz', async () => {
    const { emissions } = await detectScene(
      scene(2.4e6, 868e6, 'cs16', [
        {
          name: 'burst',
          signal: { kind: 'qpsk', symbolRateHz: 20_000, rollOff: 0.25 },
          centerHz: 868.3e6,
          snrDb: 12,
          schedule: [[0.3, 0.302]],
        },
      ]),
      0.6,
    );
    expect(emissions).toHaveLength(1);
    expect(Math.abs(emissions[0].centerHz - 868.3e6)).toBeLessThan(5_000);
    expect(emissions[0].startSeconds).toBeCloseTo(0.3, 2);
  });

  it('takes a jammer over half of the span as one emission', async () => {
    const { emissions } = await detectScene(
      scene(2.4e6, 1575.42e6, 'cs16', [
        {
          name: 'jammer',
          signal: { kind: 'noise', bandwidthHz: 1.5e6 },
          centerHz: 1575.42e6,
          snrDb: 20,
          schedule: [[0.3, 0.9]],
        },
      ]),
      1.2,
    );
    expect(emissions).toHaveLength(1);
    expect(emissions[0].occupiedBandwidthHz! / 1.485e6).toBeCloseTo(1, 1);
    expect(emissions[0].startSeconds).toBeCloseTo(0.3, 2);
  });

  it.each([
    ['cu8', {}],
    ['cs16', {}],
    ['cs16', { noiseTiltDb: 4 }],
    ['cs16', { rollOffShare: 0.43 }],
    ['cu8', { dcSpikeDbfs: -30 }],
  ] as const)('finds nothing in ten seconds of noise: %s %j', async (format, faults) => {
    const { emissions } = await detectScene(scene(1e6, 100e6, format, [], faults), 10);
    expect(emissions).toEqual([]);
  });

  it('tells the image of a strong broadcaster from a second one in the same place', async () => {
    const wfm = (centerHz: number, powerDbfs: number): Emitter => ({
      name: `${centerHz}`,
      signal: { kind: 'wfm', stereo: true },
      centerHz,
      powerDbfs,
    });
    const faults = { iqImbalance: { gainDb: 0.3, phaseDegrees: 2 }, dcSpikeDbfs: -40 };
    const one = await detectScene(scene(1e6, 98e6, 'cu8', [wfm(98.25e6, -3)], faults), 1);
    expect(one.emissions.map((e) => Math.round(e.centerHz / 1e4))).toEqual([9825]);
    const kinds = one.analysis.emissions.map((e) => e.artefact).filter((artefact) => artefact !== 'sideband');
    expect(kinds.sort()).toEqual(['dc-spike', 'image', null]);
    const two = await detectScene(scene(1e6, 98e6, 'cu8', [wfm(98.25e6, -3), wfm(97.75e6, -25)], faults), 1);
    expect(two.emissions.map((e) => Math.round(e.centerHz / 1e4)).sort()).toEqual([9775, 9825]);
  });

  it('takes what clipping and imbalance make of a keyed signal for that signal', async () => {
    const { emissions } = await detectScene(
      scene(
        250e3,
        433.92e6,
        'cu8',
        [
          {
            name: 'fob',
            signal: { kind: 'ook', bitRateHz: 2000 },
            centerHz: 433.95e6,
            powerDbfs: 3,
            schedule: { periodSeconds: 0.3, onSeconds: 0.1, firstSeconds: 0.1 },
          },
        ],
        { noiseDbfs: -45, iqImbalance: { gainDb: 0.3, phaseDegrees: 2 }, dcSpikeDbfs: -40 },
      ),
      1.5,
    );
    expect(emissions).toHaveLength(1);
    expect(emissions[0].bursts).toBe(5);
    expect(Math.abs(emissions[0].centerHz - 433.95e6)).toBeLessThan(2_000);
  });

  it('follows a carrier that drifts by 10 kHz a second as one emission', async () => {
    const { emissions } = await detectScene(
      scene(250e3, 433.92e6, 'cu8', [
        { name: 'd', signal: VOICE, centerHz: 433.95e6, snrDb: 30, driftHzPerSecond: 10_000 },
      ]),
      2,
    );
    expect(emissions).toHaveLength(1);
  });

  it('finds a time-division signal that fills 94 % of the span, by the pauses that show the floor', async () => {
    const signal = { kind: 'ofdm', subcarriers: 1200, spacingHz: 15_000, cyclicPrefix: 0.07 } as const;
    const schedule = { periodSeconds: 0.005, onSeconds: 0.0037 };
    const { emissions } = await detectScene(
      scene(19.2e6, 2585e6, 'cs8', [{ name: 'cell', signal, centerHz: 2585e6, snrDb: 15, schedule }]),
      0.08,
    );
    expect(emissions).toHaveLength(1);
    expect(Math.abs(emissions[0].centerHz - 2585e6)).toBeLessThan(50_000);
    expect(emissions[0].occupiedBandwidthHz! / 17.85e6).toBeCloseTo(1, 1);
  });

  it('takes a step of the gain for no emission, and what was on the air for the same one', async () => {
    const { emissions } = await detectScene(
      scene(1e6, 100e6, 'cf32', [{ name: 's', signal: VOICE, centerHz: 100.2e6, snrDb: 25 }]),
      2,
      () => false,
      (samples) => {
        const values = new Float32Array(samples.buffer, samples.byteOffset, samples.byteLength / 4);
        for (let i = values.length / 2; i < values.length; i++) values[i] *= 3;
      },
    );
    expect(emissions.map((e) => Math.round((e.centerHz - 100e6) / 1e3))).toEqual([200]);
  });

  it('keeps two broadcasters apart, each one transmission, where blocks are lost', async () => {
    const wfm = (centerHz: number, snrDb: number): Emitter => ({
      name: `${centerHz}`,
      signal: { kind: 'wfm' },
      centerHz,
      snrDb,
    });
    const { emissions } = await detectScene(
      scene(1.024e6, 98.6e6, 'cu8', [wfm(98.2e6, 35), wfm(99.0e6, 30)]),
      3,
      (sequence) => sequence % 7 === 5,
    );
    expect(emissions.map((e) => Math.round(e.centerHz / 1e4)).sort()).toEqual([9820, 9900]);
    expect(emissions.map((e) => e.bursts)).toEqual([1, 1]);
  });

  it('gives the same answer twice', async () => {
    const once = () =>
      detectScene(
        scene(256e3, 409.3e6, 'cu8', [
          { name: 'a', signal: VOICE, centerHz: 409.25e6, snrDb: 15, schedule: [[0.1, 0.4]] },
        ]),
        0.5,
      );
    expect((await once()).emissions).toEqual((await once()).emissions);
  });
});

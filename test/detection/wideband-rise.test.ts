import { describe, expect, it } from 'vitest';
import type { Emission } from '../../src/core/emission.ts';
import type { PowerSpectrum } from '../../src/core/spectrum.ts';
import { powerFromDb } from '../../src/core/units.ts';
import { EmissionDetector } from '../../src/detection/emission-detector.ts';
import { Random } from '../../src/simulation/random.ts';
import type { Emitter } from '../../src/simulation/scene.ts';
import type { Signal } from '../../src/simulation/signal.ts';
import { detectScene } from '../support/detect-scene.ts';

const L1_HZ = 1_575.42e6;
const RATE_HZ = 1.024e6;

function heard(emitters: Emitter[], seconds: number) {
  const receiver = { sampleRateHz: RATE_HZ, centerHz: L1_HZ, format: 'cs16', noiseDbfs: -40 } as const;
  return detectScene({ seed: 5, receiver, emitters }, seconds);
}

function jammer(signal: Signal, powerDbfs: number): Emitter {
  return { name: 'jammer', signal, centerHz: L1_HZ, powerDbfs, schedule: [[2.5, 3.9]] };
}

describe('a rise of the noise over most of a span', () => {
  it.each([
    ['noise', { kind: 'noise', bandwidthHz: RATE_HZ }, -30],
    ['a chirp of 20 µs, a comb of lines every 50 kHz', { kind: 'chirp', spanHz: 0.95e6, periodSeconds: 20e-6 }, -25],
    ['a chirp of 1 ms', { kind: 'chirp', spanHz: 0.95e6, periodSeconds: 1e-3 }, -25],
  ] as const)('is one emission of kind noise, by the time of the jammer: %s', async (_name, signal, powerDbfs) => {
    const { emissions } = await heard([jammer(signal, powerDbfs)], 4.5);
    expect(emissions.map(({ kind, bursts }) => [kind, bursts])).toEqual([['noise', 1]]);
    const [rise] = emissions;
    // To a look of 64 ms.
    expect(Math.abs(rise.startSeconds - 2.5)).toBeLessThan(0.07);
    expect(Math.abs(rise.stopSeconds - 3.9)).toBeLessThan(0.07);
    // Ratio of what came to what was there: −30 (−25) against −40 dBFS.
    expect(Math.abs(rise.snrDb - (powerDbfs + 40))).toBeLessThan(1);
    expect(Math.abs(rise.level - powerDbfs)).toBeLessThan(1);
    expect((rise.highHz - rise.lowHz) / RATE_HZ).toBeGreaterThan(0.9);
  });

  it('is one emission where the chirp is slow, and what was told of its beginning ends as its part', async () => {
    const { analysis, emissions } = await heard(
      [jammer({ kind: 'chirp', spanHz: 0.95e6, periodSeconds: 0.2 }, -25)],
      4.5,
    );
    expect(emissions.map(({ kind }) => kind)).toEqual(['noise']);
    for (const { artefact, activeSeconds } of analysis.emissions.filter((one) => one.artefact !== null)) {
      expect(artefact).toBe('sideband');
      expect(activeSeconds).toBeLessThan(0.3);
    }
  });

  it('leaves what was on the air before, and what stands 10 dB out of it, emissions of their own', async () => {
    const carrier = (centerHz: number, schedule: Emitter['schedule']): Emitter => ({
      name: `${centerHz}`,
      signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
      centerHz,
      powerDbfs: -28,
      ...(schedule ? { schedule } : {}),
    });
    const { emissions } = await heard(
      [
        jammer({ kind: 'noise', bandwidthHz: RATE_HZ }, -30),
        carrier(L1_HZ - 200e3, undefined),
        carrier(L1_HZ + 150e3, [[3, 3.6]]),
      ],
      4.5,
    );
    expect(emissions.map(({ kind }) => kind).sort()).toEqual(['continuous', 'burst', 'noise'].sort());
  });

  it.each([
    [
      'a hopping transmitter',
      { kind: 'hopper', channels: 16, spacingHz: 60e3, dwellSeconds: 0.004, symbolRateHz: 10e3, deviationHz: 5e3 },
      'always',
    ],
    [
      'bursts as wide as the span',
      { kind: 'ofdm', subcarriers: 62, spacingHz: 15_000, cyclicPrefix: 0.07 },
      { periodSeconds: 0.02, onSeconds: 0.01, firstSeconds: 2.5 },
    ],
    ['one strong carrier', { kind: 'cw' }, [[2.5, 3.9]]],
    ['a broadcaster over a fifth of the span', { kind: 'wfm' }, [[2.5, 3.9]]],
  ] as const)('is not made by %s', async (_name, signal, schedule) => {
    const { analysis } = await heard(
      [{ name: 'x', signal, centerHz: L1_HZ + 10e3, powerDbfs: -12, schedule } as Emitter],
      4.5,
    );
    // What fills the span in bursts is an emission, measured as one; the rises of noise have no bandwidth of their own.
    const rises = analysis.emissions.filter((one) => one.kind === 'noise' && one.occupiedBandwidthHz === null);
    expect(rises).toEqual([]);
    expect(analysis.emissions.length).toBeGreaterThan(0);
  });
});

/** Sweeps of gamma distributed noise of 8 averages, second by second. */
function sweeps(options: {
  readonly seconds: number;
  readonly gainDb?: (second: number) => number | null;
  readonly floorDb: (second: number, bin: number) => number;
}): Emission[] {
  const random = new Random(3, 1);
  const bins = 640;
  const detector = new EmissionDetector({ falseAlarmProbability: 1e-7 });
  const found = new Map<number, Emission>();
  for (let second = 0; second < options.seconds; second++) {
    const mean = Float32Array.from(
      { length: bins },
      (_, k) => random.averagedPower(8) * powerFromDb(options.floorDb(second, k)),
    );
    const look: PowerSpectrum = {
      receiver: 'rx',
      sequence: second,
      timeNs: BigInt(second) * 1_000_000_000n,
      startHz: 1_560e6,
      stepHz: 50e3,
      bins,
      rbwHz: 50e3,
      rows: 1,
      rowSeconds: 0.9,
      mean,
      max: null,
      unit: 'dBFS',
      method: null,
      centerHz: null,
      clipped: 0,
      samples: 0,
      lostBefore: false,
      gainDb: options.gainDb?.(second) ?? null,
    };
    for (const { emission } of detector.push(look)) found.set(emission.id, emission);
  }
  return [...found.values()];
}

describe('the history of a receiver that sweeps', () => {
  it('shows a rise of 6 dB over three quarters of the span, once, with its edges and its time', () => {
    const found = sweeps({
      seconds: 120,
      floorDb: (second, bin) => -90 + (second >= 40 && second < 70 && bin >= 80 && bin < 560 ? 6 : 0),
    });
    expect(found.map(({ kind, bursts }) => [kind, bursts])).toEqual([['noise', 1]]);
    const [rise] = found;
    expect(Math.abs(rise.startSeconds - 40)).toBeLessThan(1);
    expect(Math.abs(rise.stopSeconds - 70)).toBeLessThan(1);
    expect(Math.abs(rise.lowHz - 1_564e6)).toBeLessThan(1.1e6);
    expect(Math.abs(rise.highHz - 1_588e6)).toBeLessThan(1.1e6);
    // 6 dB up: three times what was there came to it.
    expect(Math.abs(rise.snrDb - 10 * Math.log10(powerFromDb(6) - 1))).toBeLessThan(0.5);
  });

  it('does not take a rise in: after ten minutes of it the next one is as high as the first', () => {
    const found = sweeps({
      seconds: 900,
      floorDb: (second) => -90 + (second >= 20 && second < 620 ? 10 : 0),
    });
    expect(found).toHaveLength(1);
    expect(found[0].activeSeconds).toBeGreaterThan(595);
    expect(Math.abs(found[0].snrDb - 10 * Math.log10(9))).toBeLessThan(0.5);
  });

  it('knows a change of the gain that the receiver tells of, each gain with its own floor', () => {
    const gainDb = (second: number) => (Math.floor(second / 20) % 2 === 0 ? 20 : 40);
    expect(sweeps({ seconds: 200, gainDb, floorDb: (second) => -110 + gainDb(second) })).toEqual([]);
    // The converter makes half of the noise: it does not follow the gain by as much.
    expect(sweeps({ seconds: 200, gainDb, floorDb: (second) => -100 + gainDb(second) / 2 })).toEqual([]);
    const jammed = sweeps({
      seconds: 200,
      gainDb,
      floorDb: (second) => -110 + gainDb(second) + (second >= 130 && second < 150 ? 10 : 0),
    });
    expect(jammed.map(({ kind, bursts }) => [kind, bursts])).toEqual([['noise', 1]]);
  });

  it('tells a step of a gain that nobody tells of by the emissions that step with it', () => {
    const carriers = [40, 41, 100, 101, 200, 201, 330, 331, 450, 451, 590, 591];
    const found = sweeps({
      seconds: 120,
      floorDb: (second, bin) => (second >= 60 ? -75 : -90) + (carriers.includes(bin) ? 25 : 0),
    });
    expect(found.filter(({ kind }) => kind === 'noise')).toEqual([]);
  });

  it('follows slow weather of the front end, and raises nothing in an hour of it', () => {
    const wander = (second: number) => 1.5 * Math.sin((2 * Math.PI * second) / 900);
    expect(sweeps({ seconds: 3_600, floorDb: (second) => -90 + wander(second) })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Emission } from '../../src/core/emission.ts';
import type { PowerSpectrum } from '../../src/core/spectrum.ts';
import { powerFromDb } from '../../src/core/units.ts';
import { clockHarmonics } from '../../src/detection/artefacts/clock-harmonics.ts';
import { refutesImage } from '../../src/detection/artefacts/images.ts';
import { isIntermodulation, type Tone } from '../../src/detection/artefacts/intermodulation.ts';
import { EmissionDetector } from '../../src/detection/emission-detector.ts';
import { Random } from '../../src/simulation/random.ts';
import type { Emitter, Scene } from '../../src/simulation/scene.ts';
import { detectScene } from '../support/detect-scene.ts';

const CENTER_HZ = 155e6;
const RECEIVER = { sampleRateHz: 256e3, centerHz: CENTER_HZ, format: 'cs16', noiseDbfs: -60 } as const;
const VOICE = { kind: 'nfm', audio: 'voice', deviationHz: 2_500 } as const;

function station(name: string, offsetHz: number, powerDbfs: number, schedule: Emitter['schedule'], more = {}): Emitter {
  return { name, signal: VOICE, centerHz: CENTER_HZ + offsetHz, powerDbfs, ...(schedule ? { schedule } : {}), ...more };
}

async function artefactsNear(scene: Scene, seconds: number, offsetHz: number): Promise<(string | null)[]> {
  const { analysis } = await detectScene(scene, seconds);
  return analysis.emissions
    .filter(({ centerHz }) => Math.abs(centerHz - CENTER_HZ - offsetHz) < 3_000)
    .map(({ artefact }) => artefact);
}

/** Two stations that key each by itself; 2·f₁ − f₂ lies at −20 kHz, 2·f₂ − f₁ at 70 kHz. */
const FIRST = station('first', 10e3, -18, { periodSeconds: 2, onSeconds: 1.2 });
const SECOND = station('second', 40e3, -18, { periodSeconds: 1.7, onSeconds: 0.9 });

describe('intermodulation in the receiver', () => {
  it('is told by its keying: there only while both parents are', async () => {
    // −18 dBFS each into an intercept point of −6: products of 3·(−18) − 2·(−6) = −42 dBFS.
    const receiver = { ...RECEIVER, thirdOrderInterceptDbfs: -6 };
    const { analysis } = await detectScene({ seed: 4, receiver, emitters: [FIRST, SECOND] }, 8);
    const told = [...analysis.emissions].sort((a, b) => a.centerHz - b.centerHz);
    expect(told.map(({ centerHz }) => Math.round((centerHz - CENTER_HZ) / 1e3 / 5) * 5)).toEqual([-20, 10, 40, 70]);
    expect(told.map(({ artefact }) => artefact)).toEqual(['intermodulation', null, null, 'intermodulation']);
    for (const { artefact, level } of told) if (artefact !== null) expect(Math.abs(level - -42)).toBeLessThan(1);
  });

  it('is not what a transmitter with a keying of its own sends on the very frequency of a product', async () => {
    const real = station('real', -20e3, -50, { periodSeconds: 1.3, onSeconds: 0.6 });
    const scene = { seed: 4, receiver: RECEIVER, emitters: [FIRST, SECOND, real] };
    expect(await artefactsNear(scene, 8, -20e3)).toEqual([null]);
  });

  it('is not what a third, steady carrier sends there', async () => {
    const real = station('real', -20e3, -50, undefined);
    const scene = { seed: 4, receiver: RECEIVER, emitters: [FIRST, SECOND, real] };
    expect(await artefactsNear(scene, 8, -20e3)).toEqual([null]);
  });

  const random = new Random(8, 1);
  const fading = Float32Array.from({ length: 40 }, (_, look) => 4 * Math.sin(look / 5));
  const tone = (bin: number, level: (look: number) => number): Tone => ({
    lowBin: bin - 1,
    highBin: bin + 1,
    levels: Float32Array.from({ length: 40 }, (_, look) => level(look) + 0.3 * random.gaussian()),
  });

  it('rises by three dB for each dB of its parents; what fades on one path with them rises by one', () => {
    const parents = [tone(100, (look) => -20 + fading[look]), tone(130, (look) => -22 + fading[look])];
    expect(
      isIntermodulation(
        tone(70, (look) => -60 + 3 * fading[look]),
        parents,
      ),
    ).toBe(true);
    expect(
      isIntermodulation(
        tone(70, (look) => -60 + fading[look]),
        parents,
      ),
    ).toBe(false);
    expect(
      isIntermodulation(
        tone(70, () => -60),
        parents,
      ),
    ).toBe(false);
    // Not on a product: 2·100 − 130 = 70 and 2·130 − 100 = 160.
    expect(
      isIntermodulation(
        tone(76, (look) => -60 + 3 * fading[look]),
        parents,
      ),
    ).toBe(false);
  });

  it('may be of three parents, f1 + f2 − f3', () => {
    const parents = [100, 130, 150].map((bin) => tone(bin, (look) => -20 + fading[look]));
    expect(
      isIntermodulation(
        tone(80, (look) => -60 + 3 * fading[look]),
        parents,
      ),
    ).toBe(true);
  });

  it('is told of no one of 2,000 emissions on a product whose levels have nothing to do with the parents', () => {
    let told = 0;
    for (let i = 0; i < 2_000; i++) {
      const walk = () => {
        let level = -30;
        return () => {
          level += 0.5 * random.gaussian();
          return level;
        };
      };
      const parents = [tone(100, walk()), tone(130, walk())];
      const own = walk();
      if (
        isIntermodulation(
          tone(70, () => own() - 30),
          parents,
        )
      )
        told++;
    }
    expect(told / 2_000).toBeLessThan(0.01);
  });
});

describe('an image about the centre', () => {
  const imbalance = { gainDb: 0.3, phaseDegrees: 2 };

  it('is left out, and a transmitter on the mirror with a keying of its own is not', async () => {
    const strong = station('strong', 50e3, -10, undefined);
    const receiver = { ...RECEIVER, iqImbalance: imbalance };
    expect(await artefactsNear({ seed: 4, receiver, emitters: [strong] }, 3, -50e3)).toEqual(['image']);
    const own = station('own', -50e3, -35, { periodSeconds: 1, onSeconds: 0.5 });
    const balanced = { seed: 4, receiver: RECEIVER, emitters: [strong, own] };
    expect(await artefactsNear(balanced, 4, -50e3)).toEqual([null]);
  });

  it('keeps its ratio: levels that go apart, or a silent original, refute it', () => {
    const fading = Float32Array.from({ length: 40 }, (_, look) => -10 + 8 * Math.sin(look / 5));
    const steady = new Float32Array(40).fill(-40);
    expect(
      refutesImage(
        fading.map((level) => level - 30),
        fading,
        true,
      ),
    ).toBe(false);
    expect(refutesImage(steady, fading, true)).toBe(true);
    expect(
      refutesImage(
        steady,
        fading.map((level, look) => (look > 30 ? -Infinity : level)),
        true,
      ),
    ).toBe(true);
  });
});

describe('the comb of a clock', () => {
  const watched = [{ lowHz: 0, highHz: 1e9 }];
  const at = (hz: number) => ({ hz, toleranceHz: 5e3 });

  it('is told by many lines on the multiples of one reference, exactly', () => {
    const comb = Array.from({ length: 34 }, (_, n) => at(28.8e6 * (n + 1)));
    const real = [at(88.3e6), at(121.5e6), at(433.92e6)];
    const members = clockHarmonics([...comb, ...real], watched);
    expect(members).toEqual(new Set(comb));
  });

  it('is not seen in one line at a round frequency, nor in lines beside the multiples', () => {
    expect(clockHarmonics([at(144e6), at(288e6)], watched).size).toBe(0);
    const beside = Array.from({ length: 34 }, (_, n) => at(28.8e6 * (n + 1) + 12.5e3));
    expect(clockHarmonics(beside, watched).size).toBe(0);
  });

  it('is not seen in a hundred carriers at random places, nor on a raster of 25 kHz, a thousand times over', () => {
    const random = new Random(3, 2);
    for (let i = 0; i < 1_000; i++) {
      const raster = Array.from({ length: 100 }, () => at(Math.round(random.between(0, 40_000)) * 25e3));
      expect(clockHarmonics(raster, watched).size).toBe(0);
    }
  });
});

/** Sweeps of a second with lines in noise; overload as the receiver flags it. */
function lineSweeps(
  seconds: number,
  overload: (second: number) => boolean,
  lines: (second: number) => readonly (readonly [bin: number, levelDb: number])[],
): Emission[] {
  const random = new Random(6, 1);
  const detector = new EmissionDetector({ falseAlarmProbability: 1e-7 });
  const found = new Map<number, Emission>();
  for (let second = 0; second < seconds; second++) {
    const mean = Float32Array.from({ length: 400 }, () => random.averagedPower(16) * powerFromDb(-110));
    for (const [bin, levelDb] of lines(second)) mean[bin] += powerFromDb(levelDb);
    const look: PowerSpectrum = {
      receiver: 'rx',
      sequence: second,
      timeNs: BigInt(second) * 1_000_000_000n,
      startHz: 120e6,
      stepHz: 25e3,
      bins: 400,
      rbwHz: 25e3,
      rows: 1,
      rowSeconds: 0.9,
      mean,
      max: null,
      unit: 'dBm',
      method: null,
      centerHz: null,
      clipped: 0,
      samples: 0,
      lostBefore: false,
      overload: overload(second),
    };
    for (const { emission } of detector.push(look)) found.set(emission.id, emission);
  }
  return [...found.values()].sort((a, b) => a.centerHz - b.centerHz);
}

describe('an overload of the front end', () => {
  const strong = [200, -10] as const;
  const overload = (second: number) => second >= 10;

  it('makes what began with it doubtful, but not what was there before', () => {
    const found = lineSweeps(20, overload, (second) => [
      [50, -70],
      strong,
      ...(second >= 10 ? [[120, -70] as const, [300, -75] as const] : []),
    ]);
    expect(found.map(({ artefact }) => artefact)).toEqual([null, 'overload', null, 'overload']);
  });

  it('doubts no longer what is heard without it, nor what begins well after it', () => {
    const found = lineSweeps(
      40,
      (second) => second >= 10 && second < 20,
      (second) => [
        ...(second >= 10 && second < 20 ? [strong] : []),
        ...(second >= 10 ? [[120, -70] as const] : []),
        ...(second >= 15 ? [[300, -75] as const] : []),
      ],
    );
    expect(found.map(({ artefact }) => artefact)).toEqual([null, null, null]);
  });
});

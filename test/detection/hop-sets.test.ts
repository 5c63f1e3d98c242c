import { describe, expect, it } from 'vitest';
import { Random } from '../../src/simulation/random.ts';
import type { Emitter, Scene } from '../../src/simulation/scene.ts';
import { detectScene } from '../support/detect-scene.ts';

const FSK = { kind: 'fsk', levels: 2, symbolRateHz: 9600, deviationHz: 5000, bt: 0.5 } as const;

function scene(emitters: readonly Emitter[]): Scene {
  return { seed: 5, receiver: { sampleRateHz: 1.6e6, centerHz: 868e6, format: 'cs16', noiseDbfs: -50 }, emitters };
}

describe('hop sets', () => {
  it('are one emission of kind hopping: 20 hops a second over 1 MHz', async () => {
    const signal = {
      kind: 'hopper',
      channels: 20,
      spacingHz: 50_000,
      dwellSeconds: 0.05,
      symbolRateHz: 9600,
      deviationHz: 5000,
    } as const;
    const { emissions } = await detectScene(scene([{ name: 'hopper', signal, centerHz: 868e6, snrDb: 15 }]), 2);
    const hopping = emissions.filter(({ kind }) => kind === 'hopping');
    expect(hopping).toHaveLength(1);
    const [{ lowHz, highHz, activeSeconds, bursts }] = hopping;
    expect(highHz - lowHz).toBeGreaterThan(0.7e6);
    expect(highHz - lowHz).toBeLessThan(1.02e6);
    expect(activeSeconds).toBeGreaterThan(1.85);
    expect(activeSeconds).toBeLessThan(2.05);
    // A hop may stay on its channel.
    expect(bursts).toBeGreaterThan(30);
    expect(bursts).toBeLessThanOrEqual(42);
  });

  it('are not made of the bursts of six transmitters that know nothing of each other', async () => {
    const random = new Random(3);
    const meters = Array.from({ length: 6 }, (_, i): Emitter => {
      const times: [number, number][] = [];
      for (let at = random.between(0.05, 0.4); at < 1.8; at += random.between(0.15, 0.6)) times.push([at, at + 0.05]);
      return { name: `m${i}`, signal: FSK, centerHz: 867.5e6 + i * 150e3, snrDb: 20, schedule: times };
    });
    const { emissions } = await detectScene(scene(meters), 2);
    expect(emissions.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'burst'));
  });
});

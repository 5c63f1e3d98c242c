import type { IqBlock } from '../../src/core/frames.ts';
import type { Assignment } from '../../src/core/records.ts';
import { type Scene, SceneRenderer } from '../../src/simulation/scene.ts';

export const T0_MS = Date.UTC(2026, 5, 15, 22, 0, 0);
export const RATE_HZ = 256_000;
export const CENTER_HZ = 409_700_000;

/** A handheld 40 kHz above the centre, on the air from 0.3 s to 0.9 s, and one 60 kHz below all the time. */
export const TWO_HANDHELDS: Scene = {
  seed: 7,
  receiver: { sampleRateHz: RATE_HZ, centerHz: CENTER_HZ, format: 'cu8', noiseDbfs: -40 },
  emitters: [
    {
      name: 'pirate',
      signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
      centerHz: CENTER_HZ + 40_000,
      powerDbfs: -20,
      schedule: [[0.3, 0.9]],
    },
    {
      name: 'licensed',
      signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500 },
      centerHz: CENTER_HZ - 60_000,
      powerDbfs: -25,
    },
  ],
};

/** Blocks of 2^14 pairs (64 ms), as they would come in. */
export function blocksOf(scene: Scene, seconds: number, receiver = 'rx-1'): IqBlock[] {
  const pairs = 2 ** 14;
  const renderer = new SceneRenderer(scene);
  const { sampleRateHz, centerHz, format } = scene.receiver;
  return Array.from({ length: Math.ceil((seconds * sampleRateHz) / pairs) }, (_, sequence) => ({
    kind: 'iq' as const,
    receiver,
    sequence,
    timeNs: BigInt(T0_MS) * 1_000_000n + BigInt(Math.round((sequence * pairs * 1e9) / sampleRateHz)),
    centerHz,
    sampleRateHz,
    format,
    samples: renderer.read(pairs).samples,
    pairs,
    gainDb: null,
    gnssTime: true,
    lostBefore: false,
    overload: false,
  }));
}

export function assignment(change: Partial<Assignment> = {}): Assignment {
  return {
    id: 'LM-1',
    kind: 'assignment',
    licensee: 'Port Authority',
    station: 'Quay',
    callSign: 'YH-1',
    service: 'land mobile',
    centerHz: CENTER_HZ - 60_000,
    bandwidthHz: 25_000,
    lat: null,
    lon: null,
    radiusKm: null,
    validFromMs: null,
    validUntilMs: null,
    designator: '16K0F3E',
    conditions: '',
    ...change,
  };
}

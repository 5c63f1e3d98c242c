import type { CityEmitter } from './emitter.ts';

/**
 * What no assignment explains, on a loop of ten minutes. Every entry raises an alert; nothing else does.
 * The stretch from 280 s on is left for incidents to come.
 */
export const INCIDENTS: readonly CityEmitter[] = [
  {
    name: 'pirate broadcaster',
    signal: { kind: 'wfm', stereo: false, rds: null },
    centerHz: 98_700_000,
    activity: { script: [[8, 180]] },
    levels: { 'north-mast': -25, 'observatory-hill': -82 },
  },
  {
    name: 'carrier in the aviation band',
    signal: { kind: 'cw' },
    centerHz: 122_950_000,
    activity: { script: [[40, 135]] },
    levels: { airport: -98 },
  },
  {
    name: 'unassigned handheld',
    // Push-to-talk: off the twenty licence-exempt channels, which begin at 409.7500 MHz.
    signal: { kind: 'nfm', audio: 'voice', deviationHz: 2_500, ctcssHz: 123 },
    centerHz: 409_600_000,
    activity: {
      script: [
        [70, 76],
        [79, 83.5],
        [87, 94],
        [98, 101],
        [106, 113],
        [117, 122.5],
        [127, 133],
        [138, 140.5],
        [146, 153],
        [158, 164],
        [169, 175],
      ],
    },
    levels: { harbour: -32 },
  },
  {
    // A cigarette-lighter jammer in a car at 50 km/h: 14 MHz swept in 20 µs, some 5 mW in the open, 27 dB over the noise
    // of the receiver beside the road as it passes, and under 3 dB half a minute before and after.
    name: 'GNSS jammer in a car',
    signal: { kind: 'chirp', spanHz: 14_000_000, periodSeconds: 20e-6 },
    centerHz: 1_575_420_000,
    activity: { script: [[210, 272]] },
    levels: { 'ring-road': -67.5 },
    passing: { closestM: 25, speedMps: 14 },
  },
];

import type { CityEmitter } from './emitter.ts';

/**
 * What no assignment explains, on a loop of ten minutes. Every entry raises an alert; nothing else does.
 * The stretch from 200 s on is left for incidents to come.
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
];

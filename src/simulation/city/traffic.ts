import type { Signal } from '../signal.ts';
import type { Activity } from './activity.ts';
import type { CityEmitter, CityReceiverId } from './emitter.ts';

/** The legitimate traffic: every emission lies inside its row of the register. */

const AM_VOICE: Signal = { kind: 'am', audio: 'voice', depth: 0.85 };
const NFM_VOICE: Signal = { kind: 'nfm', audio: 'voice', deviationHz: 2_500 };

/** Levels of the broadcasting stations at observatory-hill, dBm, in order of frequency. */
const STATIONS: readonly (readonly [mhz: number, name: string, levelDbm: number])[] = [
  [88.3, 'CITYNEWS', -78],
  [89.7, 'BUSINESS', -80],
  [91.1, 'YOUTH', -83],
  [92.4, 'CITYLIFE', -79],
  [93.6, 'OPERA', -86],
  [95.2, 'CAMPUS', -96],
  [96.8, 'TRAFFIC', -76],
  [98.2, 'MUSIC FM', -77],
  [99.0, 'CLASSIC', -79],
  [100.3, 'NATIONAL', -90],
  [101.5, 'SPORTS', -81],
  [102.9, 'STORIES', -84],
  [104.1, 'COUNTRY', -92],
  [105.4, 'RADIOINT', -80],
  [106.6, 'OCEAN', -94],
  [107.7, 'HEALTH', -82],
];

/** The two that lie in north-mast's span, dBFS. */
const AT_NORTH_MAST: Readonly<Record<number, number>> = { 98.2: -18, 99: -21 };

const broadcasting = STATIONS.map(([mhz, name, levelDbm], index): CityEmitter => {
  const near = AT_NORTH_MAST[mhz];
  return {
    name,
    signal: { kind: 'wfm', rds: { pi: 0xc100 + index, name } },
    centerHz: Math.round(mhz * 1e6),
    activity: 'always',
    levels: { 'observatory-hill': levelDbm, ...(near === undefined ? {} : { 'north-mast': near }) },
  };
});

function talk(slotSeconds: number, probability: number, shortestSeconds: number, longestSeconds: number): Activity {
  return { slotSeconds, probability, shortestSeconds, longestSeconds };
}

function heardAt(receiver: CityReceiverId) {
  return (name: string, mhz: number, level: number, signal: Signal, activity: Activity): CityEmitter => ({
    name,
    signal,
    centerHz: Math.round(mhz * 1e6),
    activity,
    levels: { [receiver]: level },
  });
}

const air = heardAt('airport');
const aviation: readonly CityEmitter[] = [
  // Navigation aids transmit a carrier with low tones (90 and 150 Hz, 30 Hz and ident): a line at this resolution.
  air('localizer 18', 110.3, -95, { kind: 'am', audio: { toneHz: 150 }, depth: 0.4 }, 'always'),
  air('localizer 36', 111.5, -101, { kind: 'am', audio: { toneHz: 90 }, depth: 0.4 }, 'always'),
  air('VOR', 113.6, -92, { kind: 'am', audio: { toneHz: 9_960 }, depth: 0.3 }, 'always'),
  air('ATIS', 126.45, -97, AM_VOICE, 'always'),
  air('tower', 118.1, -93, AM_VOICE, talk(11, 0.8, 2, 5)),
  air('approach', 119.7, -96, AM_VOICE, talk(9, 0.8, 2, 6)),
  air('ground', 121.75, -99, AM_VOICE, talk(13, 0.6, 1.5, 4)),
  air('delivery', 121.95, -101, AM_VOICE, talk(23, 0.6, 2, 8)),
  air('area control', 124.55, -104, AM_VOICE, talk(10, 0.7, 2, 6)),
  air('apron', 128.35, -98, AM_VOICE, talk(17, 0.6, 1.5, 5)),
  air('company', 131.45, -106, AM_VOICE, talk(41, 0.5, 3, 9)),
  air('area control north', 134.25, -103, AM_VOICE, talk(12, 0.6, 2, 6)),
];

const land = heardAt('river-gate');
const AIS: Signal = { kind: 'fsk', levels: 2, symbolRateHz: 9_600, deviationHz: 2_400, bt: 0.4 };
const landMobile: readonly CityEmitter[] = [
  land('waterworks', 151.175, -34, NFM_VOICE, talk(37, 0.7, 4, 15)),
  land('taxi dispatch', 152.4, -31, NFM_VOICE, talk(14, 0.8, 3, 9)),
  land('grid repair', 153.675, -38, NFM_VOICE, talk(61, 0.6, 5, 20)),
  land('bus dispatch', 154.95, -33, NFM_VOICE, talk(19, 0.8, 3, 10)),
  land('port operations', 156.6, -36, { ...NFM_VOICE, deviationHz: 5_000 }, talk(27, 0.7, 4, 12)),
  land('channel 16', 156.8, -35, { ...NFM_VOICE, deviationHz: 5_000 }, talk(53, 0.5, 4, 9)),
  land('forest fire watch', 158.2, -41, NFM_VOICE, talk(83, 0.6, 5, 15)),
  land('street cleaning', 159.525, -37, NFM_VOICE, talk(31, 0.7, 3, 9)),
  land('AIS 1', 161.975, -28, AIS, talk(3, 0.9, 0.03, 0.08)),
  land('AIS 2', 162.025, -28, AIS, talk(3, 0.9, 0.03, 0.08)),
  land('quay operations', 163.35, -33, NFM_VOICE, talk(22, 0.8, 4, 12)),
  land('site dispatch', 166.125, -39, NFM_VOICE, talk(45, 0.6, 4, 11)),
];

const near = heardAt('harbour');
const uhf: readonly CityEmitter[] = [
  near(
    'metro digital',
    409.5625,
    -36,
    { kind: 'fsk', levels: 4, symbolRateHz: 4_800, deviationHz: 1_944, bt: 0.7 },
    talk(16, 0.8, 4, 12),
  ),
  near('intercom 1', 409.75, -34, NFM_VOICE, talk(21, 0.7, 2, 7)),
  near('intercom 3', 409.775, -39, NFM_VOICE, talk(33, 0.6, 2, 9)),
];

const short = heardAt('town-hall');
const shortRange: readonly CityEmitter[] = [
  short('weather station', 433.92, -24, { kind: 'ook', bitRateHz: 2_000 }, talk(8, 1, 0.18, 0.18)),
  short('power socket', 433.905, -28, { kind: 'ook', bitRateHz: 1_200 }, talk(5, 0.9, 0.12, 0.12)),
  short(
    'tyre pressure',
    433.945,
    -30,
    { kind: 'fsk', levels: 2, symbolRateHz: 19_200, deviationHz: 15_000, preambleSymbols: 32 },
    talk(7, 1, 0.04, 0.04),
  ),
  short(
    'heat meter',
    433.82,
    -27,
    { kind: 'fsk', levels: 2, symbolRateHz: 9_600, deviationHz: 6_000, bt: 0.5, preambleSymbols: 64 },
    talk(10, 1, 0.25, 0.25),
  ),
  short('door sensor', 433.885, -33, { kind: 'ook', bitRateHz: 2_500 }, talk(13, 0.8, 0.06, 0.06)),
  short(
    'long-range sensor',
    433.775,
    -29,
    { kind: 'chirp', spanHz: 62_500, periodSeconds: 0.016384 },
    talk(15, 1, 0.4, 0.4),
  ),
];

export const TRAFFIC: readonly CityEmitter[] = [...broadcasting, ...aviation, ...landMobile, ...uhf, ...shortRange];

import type { Signal } from '../signal.ts';
import type { Activity } from './activity.ts';

export const CITY_RECEIVERS = [
  'north-mast',
  'harbour',
  'town-hall',
  'observatory-hill',
  'airport',
  'river-gate',
  'ring-road',
] as const;
export type CityReceiverId = (typeof CITY_RECEIVERS)[number];

/** A transmitter of the city and how strongly each receiver that covers its frequency hears it. */
export interface CityEmitter {
  readonly name: string;
  readonly signal: Signal;
  readonly centerHz: number;
  readonly activity: Activity;
  /** Mean power on the air in the receiver's own unit: dBFS for IQ, dBm for a sweep, dB for rtl_power. */
  readonly levels: Readonly<Partial<Record<CityReceiverId, number>>>;
  /** It drives by on a straight road: `levels` are those of the closest point, in the middle of each transmission. */
  readonly passing?: Passing;
}

export interface Passing {
  readonly closestM: number;
  readonly speedMps: number;
}

/** Free space against the closest point, linear: d²/(d² + (v·t)²), t seconds after it. */
export function passingGain({ closestM, speedMps }: Passing, seconds: number): number {
  return 1 / (1 + ((speedMps * seconds) / closestM) ** 2);
}

import type { Frame } from '../../core/frames.ts';
import type { ReceiverInfo } from '../../core/records.ts';
import type { CityEmitter, CityReceiverId } from './emitter.ts';
import { INCIDENTS } from './incidents.ts';
import { IqReceiver, type IqReceiverPlan } from './iq-receiver.ts';
import { CITY_CENTER } from './register.ts';
import { SweepReceiver, type SweepReceiverPlan } from './sweep-receiver.ts';
import { TRAFFIC } from './traffic.ts';

/** How a receiver of the city puts its frames on the wire. */
export type CityWire = 'iq' | 'sweep-json' | 'sweep-packet' | 'rtl_power';

export interface CityReceiver {
  readonly id: CityReceiverId;
  readonly info: ReceiverInfo;
  readonly wire: CityWire;
  /** From the start of one frame to the start of the next. */
  readonly frameSeconds: number;
  /** Frame `index` of a city that started at `startNs`; any index may be asked for, in any order. */
  frame(index: number, startNs: bigint): Frame;
}

function site(
  model: string,
  serial: string,
  north: number,
  east: number,
  altitudeM: number,
  antenna: string,
  lowHz: number,
  highHz: number,
): ReceiverInfo {
  return {
    model,
    serial,
    location: { lat: CITY_CENTER.lat + north, lon: CITY_CENTER.lon + east, altitudeM },
    antenna,
    calibrationOffsetDb: null,
    spursHz: [],
    ranges: [{ lowHz, highHz }],
  };
}

const FRONT_END = { iqImbalance: { gainDb: 0.06, phaseDegrees: 0.4 }, noiseDbfs: -42, dcSpikeDbfs: -52 } as const;

const IQ_PLANS: readonly IqReceiverPlan[] = [
  {
    ...FRONT_END,
    id: 'north-mast',
    info: site('RTL-SDR Blog V4 (emulated)', 'BW-0001', 0.042, -0.011, 118, 'Discone', 24e6, 1766e6),
    centerHz: 98_600_000,
    sampleRateHz: 1_024_000,
    pairsPerBlock: 65_536,
    gainDb: 22.9,
    clockErrorPpm: 3.2,
  },
  {
    ...FRONT_END,
    id: 'harbour',
    info: site('RTL-SDR Blog V3 (emulated)', 'BW-0002', -0.049, 0.083, 31, 'Collinear 400–470 MHz', 24e6, 1766e6),
    centerHz: 409_662_500,
    sampleRateHz: 256_000,
    pairsPerBlock: 16_384,
    gainDb: 32.8,
  },
  {
    ...FRONT_END,
    id: 'town-hall',
    info: site('RTL-SDR Blog V3 (emulated)', 'BW-0003', 0.004, 0.002, 46, 'Ground plane 433 MHz', 24e6, 1766e6),
    centerHz: 433_850_000,
    sampleRateHz: 256_000,
    pairsPerBlock: 16_384,
    gainDb: 29.7,
  },
];

const SWEEP_PLANS: readonly (SweepReceiverPlan & { readonly wire: CityWire })[] = [
  {
    id: 'observatory-hill',
    info: site('tinySA Ultra (emulated)', 'BW-0004', 0.021, 0.037, 203, 'Biconical', 100e3, 6e9),
    wire: 'sweep-json',
    startHz: 87_000_000,
    stepHz: 12_500,
    points: 1_681,
    rbwHz: 15_000,
    sweepSeconds: 0.5,
    dwellSeconds: 0.0003,
    noiseLevel: -122,
    unit: 'dBm',
    averages: 24,
    gainDb: null,
  },
  {
    id: 'airport',
    info: site('Monitoring receiver (emulated)', 'BW-0005', -0.138, 0.141, 12, 'Vertical dipole', 20e6, 3.6e9),
    wire: 'sweep-packet',
    startHz: 108_000_000,
    stepHz: 5_000,
    points: 5_801,
    rbwHz: 5_000,
    sweepSeconds: 0.25,
    dwellSeconds: 0.00005,
    noiseLevel: -129,
    unit: 'dBm',
    averages: 24,
    gainDb: null,
  },
  {
    // 8 hops of 2.5 MHz, 512 bins each, one integration a second: rtl_power -f 150M:170M:6k -i 1
    id: 'river-gate',
    info: site('RTL-SDR with rtl_power (emulated)', 'BW-0006', -0.017, -0.026, 22, 'Dipole 150 MHz', 24e6, 1766e6),
    wire: 'rtl_power',
    startHz: 150_000_000,
    stepHz: 2_500_000 / 512,
    points: 8 * 512,
    rbwHz: 6_500,
    sweepSeconds: 1,
    dwellSeconds: 0.125,
    noiseLevel: -62,
    unit: 'dB',
    averages: 610,
    gainDb: null,
  },
];

/**
 * The demonstration city: six receivers over one set of transmitters. Everything is a function of the seed and the
 * time since the start; making it renders some seconds of each signal and takes about a second.
 */
export function createCity(
  seed: number,
  emitters: readonly CityEmitter[] = [...TRAFFIC, ...INCIDENTS],
): readonly CityReceiver[] {
  const iq = IQ_PLANS.map((plan): CityReceiver => {
    const receiver = new IqReceiver(plan, emitters, seed);
    return {
      id: plan.id,
      info: plan.info,
      wire: 'iq',
      frameSeconds: receiver.frameSeconds,
      frame: (index, startNs) => receiver.frame(index, startNs),
    };
  });
  const sweeps = SWEEP_PLANS.map(({ wire, ...plan }): CityReceiver => {
    const receiver = new SweepReceiver(plan, emitters, seed);
    return {
      id: plan.id,
      info: plan.info,
      wire,
      frameSeconds: receiver.frameSeconds,
      frame: (index, startNs) => receiver.frame(index, startNs),
    };
  });
  return [...iq, ...sweeps];
}

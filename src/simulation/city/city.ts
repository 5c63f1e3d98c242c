import type { Frame } from '../../core/frames.ts';
import type { ReceiverInfo } from '../../core/records.ts';
import type { ReceiverOrder } from '../../core/tasking.ts';
import { dbFromPower } from '../../core/units.ts';
import type { CityEmitter, CityReceiverId } from './emitter.ts';
import { heardWithin, type NoiseDensities } from './hearing.ts';
import { INCIDENTS } from './incidents.ts';
import { IqReceiver, type IqReceiverPlan } from './iq-receiver.ts';
import { CITY_CENTER } from './register.ts';
import { isWithin, Retuning, refusal } from './retuning.ts';
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
  /** Looks at something else from the next frame on; says why it does not, null where it does. */
  command(order: ReceiverOrder): string | null;
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
  {
    // Parked on GNSS L1 beside the ring road: the signals of the satellites themselves lie 20 dB and more under its noise.
    id: 'ring-road',
    info: site('HackRF One (emulated)', 'BW-0007', 0.011, 0.052, 9, 'Patch, 1575 MHz, with amplifier', 1e6, 6e9),
    wire: 'sweep-packet',
    startHz: 1_565_420_000,
    stepHz: 25_000,
    points: 801,
    rbwHz: 25_000,
    sweepSeconds: 0.25,
    dwellSeconds: 0.0003,
    noiseLevel: -122,
    unit: 'dBm',
    averages: 24,
    gainDb: 40,
  },
];

/**
 * The demonstration city: seven receivers over one set of transmitters. Everything is a function of the seed and the
 * time since the start; making it renders some seconds of each signal and takes about a second.
 */
export function createCity(
  seed: number,
  emitters: readonly CityEmitter[] = [...TRAFFIC, ...INCIDENTS],
): readonly CityReceiver[] {
  const iq = IQ_PLANS.map((plan) => iqReceiver(plan, emitters, seed));
  const sweeps = SWEEP_PLANS.map((plan) => sweepReceiver(plan, emitters, seed));
  return [...iq, ...sweeps];
}

/** The loops of a tuning that was asked for: quickly made, at the cost of repeating themselves sooner. */
const RETUNED_LOOP_SECONDS = 0.256;

function iqReceiver(plan: IqReceiverPlan, emitters: readonly CityEmitter[], seed: number): CityReceiver {
  const { id, info, sampleRateHz } = plan;
  const home = new IqReceiver(plan, emitters, seed);
  const tunings = new Retuning(home, { centerHz: plan.centerHz, gainDb: plan.gainDb }, ({ centerHz, gainDb }) => {
    const span = [centerHz - sampleRateHz / 2, centerHz + sampleRateHz / 2] as const;
    const heard = heardWithin(emitters, id, true, span, DENSITIES);
    return new IqReceiver({ ...plan, centerHz, gainDb, loopSeconds: RETUNED_LOOP_SECONDS }, heard, seed, home);
  });
  return {
    id,
    info,
    wire: 'iq',
    frameSeconds: home.frameSeconds,
    frame: (index, startNs) => tunings.frame(index, startNs),
    command(order) {
      if (order.command !== 'tune') return refusal(order);
      const { centerHz, gainDb } = order;
      if ((order.sampleRateHz ?? sampleRateHz) !== sampleRateHz) return `its sample rate is ${sampleRateHz} Hz`;
      if (!isWithin(info.ranges, centerHz, centerHz)) return `${centerHz} Hz is beyond what it tunes`;
      tunings.tune({ centerHz, gainDb: gainDb ?? plan.gainDb });
      return null;
    },
  };
}

/** Points of a sweep that was asked for, at most; hops of rtl_power are whole. */
const RETUNED_POINTS = 8_192;
const HOP_POINTS = 512;

function sweepReceiver(
  { wire, ...plan }: SweepReceiverPlan & { readonly wire: CityWire },
  emitters: readonly CityEmitter[],
  seed: number,
): CityReceiver {
  const { id, info } = plan;
  const home = new SweepReceiver(plan, emitters, seed);
  const stopHz = plan.startHz + (plan.points - 1) * plan.stepHz;
  const tunings = new Retuning(home, { startHz: plan.startHz, stopHz, rbwHz: plan.rbwHz }, (span) => {
    const asked = wire === 'rtl_power' ? hopsOf(plan, span) : pointsOf(plan, span);
    const end = asked.startHz + asked.points * asked.stepHz;
    return new SweepReceiver(asked, heardWithin(emitters, id, false, [asked.startHz, end], DENSITIES), seed);
  });
  return {
    id,
    info,
    wire,
    frameSeconds: home.frameSeconds,
    frame: (index, startNs) => tunings.frame(index, startNs),
    command(order) {
      if (order.command !== 'scan') return refusal(order);
      const { startHz, stopHz, rbwHz } = order;
      if (!isWithin(info.ranges, startHz, stopHz)) return `${startHz} to ${stopHz} Hz is beyond what it tunes`;
      tunings.tune({ startHz, stopHz, rbwHz: rbwHz ?? plan.rbwHz });
      return null;
    },
  };
}

interface Span {
  readonly startHz: number;
  readonly stopHz: number;
  readonly rbwHz: number;
}

function pointsOf(plan: SweepReceiverPlan, { startHz, stopHz, rbwHz }: Span): SweepReceiverPlan {
  const points = Math.min(RETUNED_POINTS, Math.max(2, Math.round((stopHz - startHz) / plan.stepHz) + 1));
  const stepHz = (stopHz - startHz) / (points - 1);
  return { ...plan, startHz, points, stepHz, rbwHz: Math.max(rbwHz, stepHz) };
}

function hopsOf(plan: SweepReceiverPlan, { startHz, stopHz }: Span): SweepReceiverPlan {
  const hops = Math.max(1, Math.ceil((stopHz - startHz) / (HOP_POINTS * plan.stepHz)));
  return { ...plan, startHz, points: hops * HOP_POINTS };
}

const DENSITIES = Object.fromEntries([
  ...IQ_PLANS.map(({ id, noiseDbfs, sampleRateHz }) => [id, noiseDbfs - dbFromPower(sampleRateHz)]),
  ...SWEEP_PLANS.map(({ id, noiseLevel, rbwHz }) => [id, noiseLevel - dbFromPower(rbwHz)]),
]) as NoiseDensities;

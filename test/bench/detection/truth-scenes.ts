import type { SampleFormat } from '../../../src/core/frames.ts';
import { trueBandwidth } from '../../../src/simulation/occupied-bandwidth.ts';
import { Random } from '../../../src/simulation/random.ts';
import type { Emitter, Scene } from '../../../src/simulation/scene.ts';
import type { Schedule } from '../../../src/simulation/schedule.ts';
import type { Signal } from '../../../src/simulation/signal.ts';
import { planEstimation } from '../../../src/spectrum/plan.ts';

/**
 * Scenes as a monitoring receiver meets them: a band with its services on its channel raster, up to thirty emitters of
 * 6 to 60 dB, each on the air throughout, in long transmissions or in bursts. Everything follows from the seed.
 */
export interface TruthScene {
  readonly scene: Scene;
  readonly durationSeconds: number;
}

interface Service {
  readonly signal: (random: Random) => Signal;
  /** Width of the channel that it is assigned. */
  readonly channelHz: number;
  readonly habits: readonly Habit[];
}

type Habit = 'always' | 'talk' | 'bursts';

const VOICE: Service = {
  signal: () => ({ kind: 'nfm', audio: 'voice', deviationHz: 2500 }),
  channelHz: 12_500,
  habits: ['talk', 'talk', 'always'],
};
const WIDE_VOICE: Service = {
  signal: () => ({ kind: 'nfm', audio: 'voice', deviationHz: 5000, ctcssHz: 88.5 }),
  channelHz: 25_000,
  habits: ['talk'],
};
const DIGITAL_VOICE: Service = {
  signal: () => ({ kind: 'fsk', levels: 4, symbolRateHz: 4800, deviationHz: 1944, bt: 0.5 }),
  channelHz: 12_500,
  habits: ['talk', 'bursts', 'always'],
};
const TRUNKED: Service = {
  signal: () => ({ kind: 'qpsk', symbolRateHz: 18_000, rollOff: 0.35 }),
  channelHz: 25_000,
  habits: ['always', 'talk'],
};
const CARRIER: Service = { signal: () => ({ kind: 'cw' }), channelHz: 6_250, habits: ['always', 'talk', 'bursts'] };
const AIR_VOICE: Service = {
  signal: (random) => ({ kind: 'am', audio: 'voice', depth: random.between(0.6, 0.9) }),
  channelHz: 25_000,
  habits: ['talk', 'always'],
};
const BROADCAST: Service = {
  signal: (random) => ({ kind: 'wfm', stereo: random.bit() === 1, audio: 'programme' }),
  channelHz: 300_000,
  habits: ['always'],
};
const TELEMETRY: Service = {
  signal: (random) => ({
    kind: 'fsk',
    levels: 2,
    symbolRateHz: [2400, 9600, 38_400][random.index(3)],
    deviationHz: [2400, 9600, 20_000][random.index(3)],
    bt: 0.5,
  }),
  channelHz: 100_000,
  habits: ['bursts', 'bursts', 'talk'],
};
const KEY_FOB: Service = {
  signal: (random) => ({ kind: 'ook', bitRateHz: random.between(1000, 4000) }),
  channelHz: 100_000,
  habits: ['bursts'],
};
const SPREAD: Service = {
  signal: (random) => ({ kind: 'chirp', spanHz: 125_000, periodSeconds: [0.001, 0.004][random.index(2)] }),
  channelHz: 200_000,
  habits: ['bursts', 'talk'],
};
const HOPPER: Service = {
  signal: (random) => ({
    kind: 'hopper',
    channels: 8 + random.index(9),
    spacingHz: 25_000,
    dwellSeconds: [0.02, 0.05][random.index(2)],
    symbolRateHz: 9600,
    deviationHz: 5000,
  }),
  channelHz: 450_000,
  habits: ['always'],
};
const DATA_LINK: Service = {
  signal: (random) => ({ kind: 'qpsk', symbolRateHz: random.between(60e3, 250e3), rollOff: 0.25 }),
  channelHz: 350_000,
  habits: ['always', 'talk', 'bursts'],
};
const CELL: Service = {
  signal: () => ({ kind: 'ofdm', subcarriers: 72, spacingHz: 15_000, cyclicPrefix: 0.07 }),
  channelHz: 1_400_000,
  habits: ['always', 'bursts'],
};
const JAMMER: Service = {
  signal: (random) => ({ kind: 'noise', bandwidthHz: random.between(100e3, 300e3) }),
  channelHz: 350_000,
  habits: ['always', 'talk'],
};

interface Band {
  readonly services: readonly Service[];
  readonly rateHz: readonly number[];
  readonly mostEmitters: number;
}

const BANDS: readonly Band[] = [
  {
    services: [VOICE, DIGITAL_VOICE, TRUNKED, WIDE_VOICE, CARRIER],
    rateHz: [256e3, 1.024e6, 2.048e6],
    mostEmitters: 30,
  },
  { services: [AIR_VOICE, AIR_VOICE, CARRIER], rateHz: [512e3, 1.024e6], mostEmitters: 16 },
  { services: [BROADCAST, BROADCAST, CARRIER], rateHz: [1.024e6, 2.4e6], mostEmitters: 7 },
  { services: [TELEMETRY, KEY_FOB, SPREAD, HOPPER], rateHz: [1.024e6, 2.048e6], mostEmitters: 8 },
  { services: [CELL, DATA_LINK, JAMMER, SPREAD], rateHz: [2.4e6, 4.8e6], mostEmitters: 5 },
  { services: [VOICE, TELEMETRY, CARRIER, TRUNKED, DATA_LINK, KEY_FOB], rateHz: [1.024e6, 2.4e6], mostEmitters: 12 },
];

const CENTER_HZ = 400e6;
const WIDEST_RASTER_HZ = 50_000;
const LONGEST_SECONDS = 2.5;
const MOST_PAIRS = 2_000_000;
/** Of the span, to each side of the centre. */
const USED_SHARE = 0.42;
/** Edges lie this far inside the scene; a pause is at least so long. */
const MARGIN_SECONDS = 0.05;
const LEAST_DB = 6;
const MOST_DB = 60;
/** All emitters at their peaks stay under full scale. */
const HEADROOM_DB = 14;

export function truthScene(seed: number): TruthScene {
  const random = new Random(seed, 0x7e57);
  const band = BANDS[random.index(BANDS.length)];
  const sampleRateHz = band.rateHz[random.index(band.rateHz.length)];
  const durationSeconds = Math.min(LONGEST_SECONDS, MOST_PAIRS / sampleRateHz);
  const wanted = 1 + random.index(band.mostEmitters);
  const placed: { emitter: Emitter; lowHz: number; highHz: number }[] = [];
  for (let tries = 0; placed.length < wanted && tries < 40 * wanted; tries++) {
    const service = band.services[random.index(band.services.length)];
    const slot = slotFor(service, sampleRateHz, random);
    if (!slot || placed.some(({ lowHz, highHz }) => slot.lowHz < highHz - 1 && slot.highHz > lowHz + 1)) continue;
    placed.push({ ...slot, emitter: emitterOf(service, placed.length, slot, durationSeconds, random) });
  }
  const { format, noiseDbfs, emitters } = levelled(
    placed.map(({ emitter }) => emitter),
    sampleRateHz,
    random,
  );
  const receiver = {
    sampleRateHz,
    centerHz: CENTER_HZ,
    format,
    noiseDbfs,
    ...(random.uniform() < 0.3 ? { dcSpikeDbfs: noiseDbfs - 5 } : {}),
    ...(random.uniform() < 0.2 ? { noiseTiltDb: random.between(-3, 3) } : {}),
    ...(random.uniform() < 0.15 ? { rollOffShare: 0.46 } : {}),
  };
  return { scene: { seed, receiver, emitters }, durationSeconds };
}

/** A channel on the service's raster; a narrow one lies clear of the receiver's own spike. */
function slotFor(service: Service, rateHz: number, random: Random): { lowHz: number; highHz: number } | null {
  const { channelHz } = service;
  const rasterHz = Math.min(channelHz, WIDEST_RASTER_HZ);
  const reach = Math.floor((USED_SHARE * rateHz - channelHz / 2) / rasterHz);
  if (reach < 1) return null;
  const offsetHz = (random.index(2 * reach + 1) - reach) * rasterHz;
  if (offsetHz === 0 && channelHz <= WIDEST_RASTER_HZ) return null;
  return { lowHz: offsetHz - channelHz / 2, highHz: offsetHz + channelHz / 2 };
}

function emitterOf(
  service: Service,
  index: number,
  slot: { readonly lowHz: number; readonly highHz: number },
  durationSeconds: number,
  random: Random,
): Emitter {
  const signal = service.signal(random);
  // Transmitters are off their channel's middle by up to a millionth or so.
  const centerHz = CENTER_HZ + (slot.lowHz + slot.highHz) / 2 + random.between(-400, 400);
  const schedule = scheduleOf(service.habits[random.index(service.habits.length)], durationSeconds, random);
  return { name: `${signal.kind}-${index}`, signal, centerHz, snrDb: random.between(LEAST_DB, MOST_DB), schedule };
}

function scheduleOf(habit: Habit, durationSeconds: number, random: Random): Schedule {
  if (habit === 'always') return 'always';
  const last = durationSeconds - MARGIN_SECONDS;
  if (habit === 'bursts') {
    const onSeconds = random.between(0.006, 0.08);
    const periodSeconds = onSeconds + random.between(MARGIN_SECONDS, 0.3);
    const firstSeconds = random.between(MARGIN_SECONDS, Math.max(MARGIN_SECONDS, last - onSeconds - 0.01) / 2);
    const count = Math.max(1, Math.floor((last - firstSeconds - onSeconds) / periodSeconds));
    return { periodSeconds, onSeconds, firstSeconds, count };
  }
  const times: [number, number][] = [];
  let at = random.between(MARGIN_SECONDS, last / 2);
  while (at + 0.1 < last && times.length < 3) {
    const stop = at + random.between(0.1, Math.min(1.5, last - at));
    times.push([at, stop]);
    at = stop + random.between(MARGIN_SECONDS, 0.5);
  }
  return times;
}

/**
 * SNR of a carrier is against the noise in a bin's noise bandwidth, that of others against the noise in their occupied
 * bandwidth. The noise lies as high as leaves the strongest of them room, and over the steps of the converter.
 */
function levelled(emitters: readonly Emitter[], rateHz: number, random: Random) {
  const density = (noiseDbfs: number) => noiseDbfs - 10 * Math.log10(rateHz);
  const rbwHz = (1.5 * rateHz) / planEstimation(rateHz, null).transformBins;
  const widthHz = (signal: Signal) => (signal.kind === 'cw' ? rbwHz : trueBandwidth(signal).hz);
  const total = emitters.reduce((sum, { snrDb, signal }) => sum + 10 ** (snrDb! / 10) * widthHz(signal), 1);
  const highest = -HEADROOM_DB - 10 * Math.log10(total / rateHz);
  const format: SampleFormat = highest >= -38 && random.bit() === 1 ? 'cu8' : 'cs16';
  const noiseDbfs = Math.min(highest, -30);
  return {
    format,
    noiseDbfs,
    emitters: emitters.map(({ snrDb, ...emitter }): Emitter => {
      const hz = widthHz(emitter.signal);
      return { ...emitter, powerDbfs: snrDb! + density(noiseDbfs) + 10 * Math.log10(hz) };
    }),
  };
}

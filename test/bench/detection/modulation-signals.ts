import type { Modulation } from '../../../src/core/measurement.ts';
import type { Fading } from '../../../src/simulation/fading.ts';
import { Random } from '../../../src/simulation/random.ts';
import type { Signal } from '../../../src/simulation/signal.ts';

/** A transmission of a known class, drawn from what the field knows of it. */
export interface ModulationCase {
  readonly name: string;
  readonly modulation: Modulation;
  readonly signal: Signal;
  readonly sampleRateHz: number;
  readonly seconds: number;
  /** What a detector would find of the band's width, Hz. */
  readonly bandHz: number;
  /** The emission's middle, from the emitter's centre. */
  readonly middleHz: number;
  readonly offsetHz: number;
  readonly fading: Fading | undefined;
}

type Draw = (random: Random) => Pick<ModulationCase, 'signal' | 'sampleRateHz' | 'seconds' | 'bandHz'> & {
  readonly middleHz?: number;
};

const NARROW = { sampleRateHz: 256_000, seconds: 0.4 } as const;
const WIDE = { sampleRateHz: 1_024_000, seconds: 0.25 } as const;

const DRAWS: Readonly<Record<string, readonly [Modulation, Draw]>> = {
  carrier: ['unmodulated', () => ({ ...NARROW, signal: { kind: 'cw' }, bandHz: 1_000 })],
  'AM voice': [
    'am',
    (random) => ({
      ...NARROW,
      seconds: 0.5,
      signal: { kind: 'am', audio: 'voice', depth: random.between(0.7, 1) },
      bandHz: 6_000,
    }),
  ],
  'AM tone': [
    'am',
    (random) => {
      const toneHz = random.between(400, 3_000);
      return {
        ...NARROW,
        signal: { kind: 'am', audio: { toneHz }, depth: random.between(0.3, 1) },
        bandHz: 2 * toneHz + 1_000,
      };
    },
  ],
  DSB: ['am', () => ({ ...NARROW, seconds: 0.5, signal: { kind: 'dsb', audio: 'voice' }, bandHz: 6_000 })],
  'NFM voice': [
    'nfm',
    (random) => {
      const deviationHz = random.bit() ? 2_500 : 5_000;
      const ctcssHz = random.bit() ? random.between(67, 250) : undefined;
      return {
        ...NARROW,
        seconds: 0.5,
        signal: { kind: 'nfm', audio: 'voice', deviationHz, ...(ctcssHz && { ctcssHz }) },
        bandHz: deviationHz + 5_000,
      };
    },
  ],
  'NFM tone': [
    'nfm',
    (random) => {
      const toneHz = random.between(400, 2_000);
      const deviationHz = random.between(1_500, 4_000);
      return {
        ...NARROW,
        signal: { kind: 'nfm', audio: { toneHz }, deviationHz },
        bandHz: 2 * (deviationHz + toneHz),
      };
    },
  ],
  'FM broadcast': [
    'wfm',
    (random) => ({
      ...WIDE,
      signal: {
        kind: 'wfm',
        deviationHz: random.between(60_000, 75_000),
        stereo: random.uniform() < 0.7,
        rds: random.bit() ? { pi: 0x1234, name: 'TEST' } : null,
      },
      bandHz: 180_000,
    }),
  ],
  SSB: [
    'ssb',
    (random) => {
      const sideband = random.bit() ? 'upper' : 'lower';
      const middleHz = sideband === 'upper' ? 1_650 : -1_650;
      return { ...NARROW, seconds: 0.5, signal: { kind: 'ssb', audio: 'voice', sideband }, bandHz: 2_700, middleHz };
    },
  ],
  '2-FSK': [
    'fsk',
    (random) => {
      const symbolRateHz = [1_200, 2_400, 4_800, 9_600, 19_200][random.index(5)];
      const deviationHz = symbolRateHz * random.between(0.35, 1.5);
      return {
        ...NARROW,
        signal: { kind: 'fsk', levels: 2, symbolRateHz, deviationHz, ...(random.bit() && { bt: 0.5 }) },
        bandHz: symbolRateHz + 2.4 * deviationHz,
      };
    },
  ],
  'DMR 4-FSK': [
    'fsk',
    () => ({
      ...NARROW,
      signal: { kind: 'fsk', levels: 4, symbolRateHz: 4_800, deviationHz: 1_944, bt: 0.5 },
      bandHz: 7_600,
    }),
  ],
  QPSK: ['psk', (random) => linear(random, 'qpsk')],
  '16-QAM': ['psk', (random) => linear(random, 'qam16')],
  OFDM: [
    'ofdm',
    (random) => {
      const subcarriers = [52, 128, 300][random.index(3)];
      const spacingHz = subcarriers === 300 ? 1_000 : random.between(2_000, 4_000);
      return {
        ...WIDE,
        signal: { kind: 'ofdm', subcarriers, spacingHz, cyclicPrefix: [1 / 16, 1 / 8, 1 / 4][random.index(3)] },
        bandHz: subcarriers * spacingHz,
      };
    },
  ],
  OOK: [
    'keyed',
    (random) => {
      const bitRateHz = random.between(800, 5_000);
      return { ...NARROW, signal: { kind: 'ook', bitRateHz }, bandHz: 8 * bitRateHz };
    },
  ],
  chirp: [
    'chirp',
    (random) => {
      const spanHz = [62_500, 125_000][random.index(2)];
      return {
        ...NARROW,
        signal: { kind: 'chirp', spanHz, periodSeconds: 2 ** (7 + random.index(4)) / spanHz },
        bandHz: spanHz,
      };
    },
  ],
  radar: [
    'pulsed',
    (random) => {
      const widthSeconds = random.between(20e-6, 60e-6);
      const periodSeconds = random.between(0.0008, 0.003);
      return { ...WIDE, signal: { kind: 'pulse', widthSeconds, periodSeconds }, bandHz: 6 / widthSeconds };
    },
  ],
  noise: [
    'noise',
    (random) => {
      const bandwidthHz = random.between(10_000, 200_000);
      return { ...WIDE, signal: { kind: 'noise', bandwidthHz }, bandHz: bandwidthHz };
    },
  ],
};

function linear(random: Random, kind: 'qpsk' | 'qam16') {
  const symbolRateHz = [4_800, 9_600, 18_000, 36_000][random.index(4)];
  const rollOff = random.between(0.2, 0.5);
  return { ...NARROW, signal: { kind, symbolRateHz, rollOff }, bandHz: symbolRateHz * (1 + rollOff / 2) };
}

export const MODULATION_KINDS = Object.keys(DRAWS);

/** Case `index` of a kind; `split` keeps the seeds of the design apart from those of the test. */
export function modulationCase(kind: string, split: 'design' | 'test', index: number): ModulationCase {
  const random = new Random(split === 'design' ? 1 : 2, MODULATION_KINDS.indexOf(kind), index);
  const [modulation, draw] = DRAWS[kind];
  const drawn = draw(random);
  return {
    name: kind,
    modulation,
    middleHz: 0,
    ...drawn,
    offsetHz: Math.round(random.between(-0.2, 0.2) * drawn.sampleRateHz),
    // One in four comes over a path that fades slowly, with a direct part.
    fading: random.uniform() < 0.25 ? { dopplerHz: random.between(1, 10), kDb: 6 } : undefined,
  };
}

import { type Static, type TProperties, Type } from 'typebox';
import { rtlTcpOptions } from '../rtl-tcp/options.ts';

/** The keys of `source:` in the agent's configuration, by its type. */

function frequency(description: string, example: number) {
  return Type.Number({ minimum: 0, maximum: 1e12, examples: [example], description });
}

function orNull<T extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.String>>(
  schema: T,
  description: string,
) {
  return Type.Union([Type.Null(), schema], { default: null, description });
}

function program(name: string) {
  return {
    program: Type.String({ default: name, minLength: 1, description: 'Its name in PATH, or where it stands.' }),
    extraArguments: Type.Array(Type.String(), { default: [], description: 'More of its arguments, before its last.' }),
    startSeconds: Type.Number({
      default: 15,
      exclusiveMinimum: 0,
      maximum: 600,
      description: 'A program that has written nothing so long after its start is started anew.',
    }),
  };
}

function silence(seconds: number) {
  return Type.Number({
    default: seconds,
    exclusiveMinimum: 0,
    maximum: 600,
    description: 'One that falls silent for this long hangs, and is started anew.',
  });
}

const ppm = Type.Integer({
  default: 0,
  minimum: -1_000,
  maximum: 1_000,
  description: "Error of the device's crystal, parts in a million.",
});

const gainDb = orNull(Type.Number({ minimum: -50, maximum: 120 }), 'Gain; null: automatic.');

const rtlDevice = Type.String({ default: '0', minLength: 1, description: 'Index or serial number of the RTL-SDR.' });

const soapyDevice = Type.String({
  minLength: 1,
  examples: ['driver=airspy'],
  description: 'What SoapySDR finds it by, such as driver=airspy, driver=uhd (USRP) or driver=lime,serial=….',
});

function iq(rateHz: number) {
  return {
    centerHz: frequency('Centre frequency, until a plan or a command says other.', 433.92e6),
    sampleRateHz: Type.Number({ default: rateHz, minimum: 1_000, maximum: 1e9 }),
    dwellSeconds: Type.Number({
      default: 1,
      minimum: 0.1,
      maximum: 86_400,
      description: 'Time at each place of a span wider than the sample rate, where the service asks for one.',
    }),
  };
}

function span(binHz: number, smallestHz: number, largestHz: number) {
  return {
    startHz: frequency('First frequency, until a plan or a command says other.', 87e6),
    stopHz: frequency('Last frequency.', 108e6),
    rbwHz: Type.Number({ default: binHz, minimum: smallestHz, maximum: largestHz, description: 'Width of a bin.' }),
  };
}

const hackrf = {
  serial: orNull(Type.String({ minLength: 1 }), 'Serial number of the HackRF; null: the only one.'),
  lnaGainDb: Type.Integer({ default: 16, minimum: 0, maximum: 40, multipleOf: 8, expected: '0, 8, 16, 24, 32 or 40' }),
  vgaGainDb: Type.Integer({ default: 20, minimum: 0, maximum: 62, multipleOf: 2, expected: 'an even number to 62' }),
  amplifier: Type.Boolean({ default: false, description: 'The RF amplifier, 14 dB.' }),
  antennaPower: Type.Boolean({ default: false, description: '3.3 V at the antenna port.' }),
};

const averaging = {
  integrationSeconds: Type.Integer({ default: 1, minimum: 1, maximum: 3_600, description: 'Time for each sweep.' }),
  cropPct: Type.Number({ default: 20, minimum: 0, maximum: 90, description: 'Cut off of each hop, at its edges.' }),
};

export const SOURCE_OPTIONS = {
  rtl_sdr: {
    ...iq(2_048_000),
    device: rtlDevice,
    gainDb,
    frequencyCorrectionPpm: ppm,
    ...program('rtl_sdr'),
    silenceSeconds: silence(1.5),
  },
  rtl_tcp: {
    ...rtlTcpOptions,
    dwellSeconds: iq(2_048_000).dwellSeconds,
  },
  hackrf_transfer: {
    ...iq(8_000_000),
    ...hackrf,
    bufferStatistics: Type.Boolean({
      default: true,
      description: 'Ask for the count of overruns (-B); false for hackrf tools older than 2022.09.',
    }),
    ...program('hackrf_transfer'),
    silenceSeconds: silence(1.5),
  },
  rx_sdr: {
    ...iq(2_500_000),
    device: soapyDevice,
    gainDb,
    gains: orNull(Type.String({ minLength: 1 }), 'Gains by stage, such as LNA=14,MIX=12,VGA=13, where gainDb is null.'),
    antenna: orNull(Type.String({ minLength: 1 }), 'Antenna port, such as RX2.'),
    frequencyCorrectionPpm: ppm,
    ...program('rx_sdr'),
    silenceSeconds: silence(1.5),
  },
  rtl_power: {
    ...span(10_000, 1, 2.8e6),
    device: rtlDevice,
    gainDb,
    frequencyCorrectionPpm: ppm,
    ...averaging,
    ...program('rtl_power'),
    silenceSeconds: silence(5),
  },
  hackrf_sweep: {
    ...span(100_000, 2_445, 5e6),
    ...hackrf,
    ...program('hackrf_sweep'),
    silenceSeconds: silence(2),
  },
  soapy_power: {
    ...span(10_000, 1, 1e8),
    device: soapyDevice,
    sampleRateHz: Type.Number({ default: 2_000_000, minimum: 1_000, maximum: 1e9 }),
    gainDb,
    frequencyCorrectionPpm: ppm,
    ...averaging,
    ...program('soapy_power'),
    silenceSeconds: silence(5),
  },
} as const;

export type SourceType = keyof typeof SOURCE_OPTIONS;

function variant<K extends SourceType>(type: K) {
  const options: (typeof SOURCE_OPTIONS)[K] = SOURCE_OPTIONS[type];
  return Type.Object({ type: Type.Literal(type), ...(options as TProperties) }, { additionalProperties: false });
}

export const sourceSchema = Type.Union((Object.keys(SOURCE_OPTIONS) as SourceType[]).map(variant), {
  description: 'Where the samples or sweeps come from.',
});

type SettingsOf<K extends SourceType> = Static<ReturnType<typeof Type.Object<(typeof SOURCE_OPTIONS)[K]>>>;
export type RtlSdrSettings = SettingsOf<'rtl_sdr'>;
export type RtlTcpSourceSettings = SettingsOf<'rtl_tcp'>;
export type HackrfTransferSettings = SettingsOf<'hackrf_transfer'>;
export type RxSdrSettings = SettingsOf<'rx_sdr'>;
export type RtlPowerSettings = SettingsOf<'rtl_power'>;
export type HackrfSweepSettings = SettingsOf<'hackrf_sweep'>;
export type SoapyPowerSettings = SettingsOf<'soapy_power'>;

export type SourceSettings = { [K in SourceType]: { readonly type: K } & SettingsOf<K> }[SourceType];

import { type Static, Type } from 'typebox';
import type { ReceiverInfo } from '../../src/core/records.ts';
import type { ReceiverPlanStep } from '../../src/core/tasking.ts';
import { type SourceSettings, sourceSchema } from './source-options.ts';

/** The configuration of the agent: what `bandwarden receiver add` prints, and what stands at the antenna. */

const nothing = Type.Null();
const file = Type.String({ minLength: 1, expected: 'the name of a file' });
const text = Type.String({ minLength: 1, maxLength: 128 });
const frequencyHz = Type.Number({ minimum: 0, maximum: 1e12 });
const dwellSeconds = Type.Number({ minimum: 0.1, maximum: 86_400 });
const strict = { additionalProperties: false };

function orNull<T extends Parameters<typeof Type.Union>[0][number]>(schema: T) {
  return Type.Union([nothing, schema], { default: null });
}

const mqttSchema = Type.Object(
  {
    broker: Type.String({ pattern: '^(?:mqtts?|wss?)://[^\\s]+$', expected: 'a URL such as mqtts://broker:8883' }),
    prefix: Type.String({
      default: 'bandwarden/v1',
      pattern: '^[^/$#+\\s][^#+\\s]{0,126}[^/#+\\s]$|^[^/$#+\\s]$',
      expected: 'a topic without # and +, and without / at its ends',
    }),
    username: orNull(Type.String({ minLength: 1 })),
    passwordFile: orNull(file),
    caFile: orNull(file),
  },
  strict,
);

const stationSchema = Type.Object(
  {
    model: orNull(text),
    serial: orNull(text),
    antenna: orNull(text),
    location: orNull(
      Type.Object(
        {
          lat: Type.Number({ minimum: -90, maximum: 90 }),
          lon: Type.Number({ minimum: -180, maximum: 180 }),
          altitudeM: orNull(Type.Number({ minimum: -500, maximum: 100_000 })),
        },
        strict,
      ),
    ),
    calibrationOffsetDb: orNull(Type.Number({ minimum: -200, maximum: 200 })),
    spursHz: Type.Array(frequencyHz, { default: [], maxItems: 256 }),
    ranges: Type.Array(Type.Object({ lowHz: frequencyHz, highHz: frequencyHz }, strict), {
      default: [],
      maxItems: 256,
    }),
  },
  { ...strict, default: {} },
);

const stepSchema = Type.Object(
  {
    centerHz: Type.Optional(frequencyHz),
    sampleRateHz: orNull(Type.Number({ minimum: 1_000, maximum: 1e9 })),
    gainDb: orNull(Type.Number({ minimum: -200, maximum: 200 })),
    startHz: Type.Optional(frequencyHz),
    stopHz: Type.Optional(frequencyHz),
    rbwHz: orNull(Type.Number({ minimum: 0.001, maximum: 1e9 })),
    dwellSeconds,
  },
  strict,
);

const bufferSchema = Type.Object(
  {
    memoryMiB: Type.Number({ default: 64, minimum: 1, maximum: 65_536 }),
    folder: orNull(Type.String({ minLength: 1, expected: 'the name of a folder' })),
    diskMiB: Type.Number({ default: 1_024, minimum: 1, maximum: 1e7 }),
  },
  { ...strict, default: {} },
);

export const AgentSchema = Type.Object(
  {
    receiver: Type.String({
      pattern: '^(?!(?:alerts|service)$)[a-z0-9_-]{1,64}$',
      expected: '1–64 of a-z 0-9 - _, and not "alerts" or "service"',
    }),
    mqtt: mqttSchema,
    source: sourceSchema,
    station: stationSchema,
    plan: Type.Array(stepSchema, { default: [], maxItems: 256 }),
    buffer: bufferSchema,
    log: Type.Object(
      { level: Type.Enum(['debug', 'info', 'warn', 'error'] as const, { default: 'info' }) },
      { ...strict, default: {} },
    ),
  },
  strict,
);

type Written = Static<typeof AgentSchema>;
export type AgentStep = Written['plan'][number];

export type AgentConfig = Omit<Written, 'source'> & { readonly source: SourceSettings };

/** A step as the commands have it; the configuration's rules have made sure that it is one of the two. */
export function planStepOf({
  centerHz,
  startHz,
  stopHz,
  sampleRateHz,
  gainDb,
  rbwHz,
  dwellSeconds,
}: AgentStep): ReceiverPlanStep {
  if (centerHz !== undefined) return { centerHz, sampleRateHz, gainDb, dwellSeconds };
  return { startHz: startHz as number, stopHz: stopHz as number, rbwHz, dwellSeconds };
}

/** Names of programs, for people who gave no model. */
const MODELS: Readonly<Record<SourceSettings['type'], string>> = {
  rtl_sdr: 'RTL-SDR',
  rtl_tcp: 'RTL-SDR (rtl_tcp)',
  rtl_power: 'RTL-SDR (rtl_power)',
  hackrf_transfer: 'HackRF',
  hackrf_sweep: 'HackRF (hackrf_sweep)',
  rx_sdr: 'SoapySDR',
  soapy_power: 'SoapySDR (soapy_power)',
};

export function stationInfo({ station, source }: AgentConfig): ReceiverInfo {
  return { ...station, model: station.model ?? MODELS[source.type] };
}

import { type Static, Type } from 'typebox';
import { optional } from '../link/options.ts';

/** The keys of an RTL-SDR behind rtl_tcp in the configuration. */
export const rtlTcpOptions = {
  port: Type.String({
    pattern: '^tcp://[^\\s/:]+:[0-9]{1,5}$',
    expected: 'an address such as tcp://192.168.1.20:1234',
    examples: ['tcp://192.168.1.20:1234'],
    description: 'Address of the rtl_tcp server, tcp://HOST:PORT.',
  }),
  centerHz: Type.Number({
    minimum: 0,
    maximum: 0xffff_ffff,
    examples: [100e6],
    description: 'Centre frequency.',
  }),
  sampleRateHz: Type.Number({
    default: 2_048_000,
    minimum: 225_001,
    maximum: 3_200_000,
    description: 'Above 2.4 MHz most devices lose samples.',
  }),
  gainDb: optional(Type.Number({ minimum: -10, maximum: 60 }), "Gain; null: the tuner's own automatic."),
  frequencyCorrectionPpm: Type.Integer({
    default: 0,
    minimum: -1_000,
    maximum: 1_000,
    description: "Error of the device's crystal, parts in a million.",
  }),
  biasTee: Type.Boolean({ default: false, description: 'Power for an amplifier at the antenna.' }),
};

const schema = Type.Object(rtlTcpOptions);
export type RtlTcpSettings = Static<typeof schema>;

import { type Static, Type } from 'typebox';
import { frequencyOption, optional, portOption } from '../link/options.ts';

/** The keys of a tinySA in the configuration. */
export const tinySaOptions = {
  port: portOption('/dev/ttyACM0'),
  startHz: optional(
    frequencyOption(88e6, ''),
    'First frequency of a sweep; null: the span that the device shows when it is opened.',
  ),
  stopHz: optional(frequencyOption(108e6, ''), 'Where the sweep ends: its last point lies one step before.'),
  points: Type.Integer({ default: 450, minimum: 20, maximum: 30_000, description: 'Points of a sweep.' }),
  rbwHz: optional(
    Type.Number({ minimum: 200, maximum: 850_000 }),
    'Resolution bandwidth; null leaves it to the device. The device takes the nearest that it has.',
  ),
  attenuationDb: optional(Type.Integer({ minimum: 0, maximum: 31 }), 'null leaves it to the device.'),
  lna: Type.Boolean({ default: false, description: 'The amplifier of the Ultra.' }),
};

const schema = Type.Object(tinySaOptions);
export type TinySaSettings = Static<typeof schema>;

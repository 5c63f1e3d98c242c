import { type Static, Type } from 'typebox';
import { frequencyOption, optional, portOption } from '../link/options.ts';

/** The keys of a receiver of one's own making in the configuration. */
export const genericOptions = {
  port: portOption('/dev/ttyACM1'),
  baudRate: Type.Integer({ default: 115_200, minimum: 300, maximum: 20_000_000, description: 'USB ports ignore it.' }),
  startHz: optional(
    frequencyOption(88e6, ''),
    'First frequency of a sweep, asked of the device with `scan`; null: none.',
  ),
  stopHz: optional(frequencyOption(108e6, ''), 'Last frequency of a sweep.'),
  rbwHz: optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e9 }), 'Resolution bandwidth asked of the device.'),
};

const schema = Type.Object(genericOptions);
export type GenericSettings = Static<typeof schema>;

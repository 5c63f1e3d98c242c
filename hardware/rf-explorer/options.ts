import { type Static, Type } from 'typebox';
import { frequencyOption, optional, portOption } from '../link/options.ts';
import { INPUT_STAGES } from './protocol.ts';

/** The keys of an RF Explorer in the configuration. */
export const rfExplorerOptions = {
  port: portOption('/dev/ttyUSB0'),
  startHz: optional(
    frequencyOption(430e6, ''),
    'First frequency of a sweep; the device counts in whole kHz. null: the span that it has.',
  ),
  stopHz: optional(frequencyOption(440e6, ''), 'Last frequency of a sweep.'),
  points: optional(
    Type.Integer({ minimum: 16, maximum: 65_520, multipleOf: 16, expected: 'a multiple of 16 up to 65520' }),
    'Points of a sweep; null leaves the number that the device has. More points narrow the widest span.',
  ),
  inputStage: optional(
    Type.Enum(Object.keys(INPUT_STAGES) as Array<keyof typeof INPUT_STAGES>),
    'Attenuator or amplifier of the "plus" models; null leaves it. Levels are those at the input either way.',
  ),
  baudRate: Type.Enum([500_000, 115_200, 57_600, 38_400, 19_200, 9_600, 4_800, 2_400], {
    default: 500_000,
    description: 'As it is set on the device.',
  }),
};

const schema = Type.Object(rfExplorerOptions);
export type RfExplorerSettings = Static<typeof schema>;

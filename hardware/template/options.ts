import { type Static, Type } from 'typebox';
import { frequencyOption, portOption } from '../link/options.ts';

/** The keys of this device in the configuration: each with its unit in its name, its limits and its description. */
export const templateOptions = {
  port: portOption('/dev/ttyUSB1'),
  startHz: frequencyOption(88e6, 'First frequency of a sweep.'),
  stopHz: frequencyOption(108e6, 'Last frequency of a sweep.'),
};

const schema = Type.Object(templateOptions);
export type TemplateSettings = Static<typeof schema>;

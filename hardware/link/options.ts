import { type TSchema, Type } from 'typebox';
import { PORT_PATTERN } from './port-name.ts';

/** Parts of the configuration that receivers at a port share. The keys of a family are in its own options.ts. */

export function portOption(example: string) {
  return Type.String({
    pattern: PORT_PATTERN,
    expected: 'a device such as /dev/ttyACM0, COM3 or tcp://HOST:PORT',
    examples: [example],
    description: `Its port, such as ${example}, or tcp://HOST:PORT of a server of serial ports.`,
  });
}

export function frequencyOption(exampleHz: number, description: string) {
  return Type.Number({ minimum: 0, maximum: 1e12, examples: [exampleHz], description });
}

export function optional<T extends TSchema>(schema: T, description: string) {
  return Type.Union([Type.Null(), schema], { default: null, description });
}

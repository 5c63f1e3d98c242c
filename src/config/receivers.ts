import { type TProperties, type TSchema, Type } from 'typebox';
import { stringify } from 'yaml';
import { MQTT_OPTIONS, PORT_OPTIONS } from '../../hardware/options.ts';

/** Receivers known beforehand. What a family at a port is configured with comes from the family's own folder. */

const receiverId = {
  pattern: '^(?!(?:alerts|service)$)[a-z0-9_-]{1,64}$',
  expected: '1–64 of a-z 0-9 - _, and not "alerts" or "service"',
};

const location = Type.Object(
  {
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    altitudeM: Type.Union([Type.Null(), Type.Number({ minimum: -500, maximum: 100_000 })], { default: null }),
  },
  { additionalProperties: false },
);

const common = {
  id: Type.String(receiverId),
  name: Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength: 200 })], {
    default: null,
    description: 'Name for people; the id where nobody gave one.',
  }),
  approved: Type.Boolean({ default: true, description: 'Frames of a receiver that is not approved are refused.' }),
  location: Type.Union([Type.Null(), location], {
    default: null,
    description: 'WGS 84 degrees, and metres above sea level.',
  }),
};

function receiverOf<K extends string, T extends TProperties>(type: K, options: T, isDefault = false) {
  const literal = Type.Literal(type, isDefault ? { default: type } : {});
  return Type.Object({ ...common, type: literal, ...options }, { additionalProperties: false });
}

/** The first is what a receiver is that does not name its type. */
export const receiverSchema = Type.Union([
  receiverOf('mqtt', MQTT_OPTIONS, true),
  receiverOf('tinysa', PORT_OPTIONS.tinysa),
  receiverOf('rf-explorer', PORT_OPTIONS['rf-explorer']),
  receiverOf('generic', PORT_OPTIONS.generic),
  receiverOf('rtl-tcp', PORT_OPTIONS['rtl-tcp']),
]);

const OVER_MQTT = [
  '- id: roof-north',
  'name: Roof, north side',
  'approved: true',
  'location: { lat: 22.3027, lon: 114.1772, altitudeM: 85 }',
  ...keysOf(MQTT_OPTIONS),
];

function keysOf(options: TProperties): string[] {
  return Object.entries(options).flatMap(([key, schema]) => {
    const { default: preset, examples, description, enum: words } = schema as TSchema & Record<string, unknown>;
    const value = preset === undefined ? (examples as unknown[] | undefined)?.[0] : preset;
    const choice = Array.isArray(words) ? ` One of ${words.join(', ')}.` : '';
    return [`# ${String(description)}${choice}`, `${key}: ${stringify(value).trimEnd()}`];
  });
}

function exampleOf(type: string, options: TProperties): string[] {
  return [`- id: ${type}-1`, `type: ${type}`, ...keysOf(options)];
}

/** Lines of the example file: a receiver of each type. */
export const RECEIVER_EXAMPLES = [
  ...OVER_MQTT,
  ...Object.entries(PORT_OPTIONS).flatMap(([type, options]) => exampleOf(type, options)),
];

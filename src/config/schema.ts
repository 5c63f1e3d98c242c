import { type Static, type TSchema, Type } from 'typebox';
import { DEFAULT_FALSE_ALARM_PROBABILITY } from '../core/emission.ts';
import { ESTIMATION_BACKENDS, WINDOWS } from '../core/spectrum.ts';
import { RECEIVER_EXAMPLES, receiverSchema } from './receivers.ts';

/**
 * The one description of the configuration: types, defaults, checks and the documented example file come from here.
 * `description` is printed above the key in the example; `expected` says in an error what a pattern wants.
 */

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

function section<T extends Record<string, TSchema>>(description: string, properties: T) {
  return Type.Object(properties, { additionalProperties: false, default: {}, description });
}

function nullable<T extends TSchema>(schema: T, description: string) {
  return Type.Union([Type.Null(), schema], { default: null, description });
}

const filePath = Type.String({ minLength: 1, expected: 'the name of a file' });

export const ConfigSchema = Type.Object(
  {
    service: section('This service among several of one office.', {
      name: Type.String({
        default: 'main',
        pattern: '^[a-z0-9_-]{1,64}$',
        expected: '1–64 of a-z 0-9 - _',
        description: 'Its name in the topics `<prefix>/alerts/<name>/…` and `<prefix>/service/<name>/status`.',
      }),
    }),
    dataDir: Type.String({
      default: './data',
      minLength: 1,
      expected: 'the name of a folder',
      description: "The database, recordings and keys. Relative names, here and below, start at this file's folder.",
    }),
    http: section('The pages, REST and WebSocket.', {
      host: Type.String({
        default: '127.0.0.1',
        minLength: 1,
        expected: 'an address to listen on',
        description:
          'Anything but loopback needs an https `publicUrl` or `trustedProxies`: the service itself has no TLS.',
      }),
      port: Type.Integer({ default: 8073, minimum: 0, maximum: 65_535, description: '0 takes a free one.' }),
      publicUrl: nullable(
        Type.String({ pattern: '^https?://[^/?#\\s]+$', expected: 'http(s)://HOST[:PORT] without a path' }),
        'The address that people type, such as https://spectrum.example.org: links and the origin check use it.',
      ),
      trustedProxies: Type.Array(
        Type.String({
          pattern: '^[0-9a-fA-F.:]+(?:/[0-9]{1,3})?$',
          expected: 'an IP address or a range such as 10.0.0.0/8',
        }),
        { default: [], description: 'Reverse proxies whose X-Forwarded-… headers are believed: addresses or ranges.' },
      ),
      sessionHours: Type.Number({
        default: 12,
        exclusiveMinimum: 0,
        maximum: 720,
        description: 'A login ends this long after its last use.',
      }),
    }),
    mqtt: section('Where receivers publish.', {
      broker: nullable(
        Type.String({ pattern: '^(?:mqtts?|wss?)://[^\\s]+$', expected: 'a URL such as mqtts://broker:8883' }),
        'URL of the broker, such as mqtts://broker.example.org:8883; null starts the embedded one.',
      ),
      port: Type.Integer({
        default: 1883,
        minimum: 0,
        maximum: 65_535,
        description: 'Port of the embedded broker, on loopback only since it has no TLS; 0 takes a free one.',
      }),
      prefix: Type.String({
        default: 'bandwarden/v1',
        pattern: '^[^/$#+\\s][^#+\\s]{0,126}[^/#+\\s]$|^[^/$#+\\s]$',
        expected: 'a topic without # and +, and without / at its ends',
        description: 'What every topic begins with.',
      }),
      username: nullable(Type.String({ minLength: 1 }), "The service's account at the broker."),
      passwordFile: nullable(filePath, 'File with its password; or the environment variable BANDWARDEN_MQTT_PASSWORD.'),
      caFile: nullable(
        filePath,
        "PEM file of the authority that signed the broker's certificate; null: those of Node.",
      ),
    }),
    receivers: Type.Array(receiverSchema, {
      default: [],
      description:
        'Receivers known beforehand: those over MQTT, where others also appear when they first publish and wait for ' +
        'approval, and those at ports of this machine.',
      examples: RECEIVER_EXAMPLES,
    }),
    detection: section('What counts as an emission.', {
      falseAlarmProbability: Type.Number({
        default: DEFAULT_FALSE_ALARM_PROBABILITY,
        minimum: 1e-12,
        maximum: 1e-2,
        description: 'Chance that noise alone crosses the threshold, for each bin of each look.',
      }),
    }),
    spectrum: section('How spectra are estimated from IQ.', {
      window: Type.Enum([...WINDOWS], { default: 'hann' }),
      overlap: Type.Number({
        default: 0.5,
        minimum: 0,
        maximum: 0.75,
        description: 'Share of a segment that the next one repeats.',
      }),
      backend: Type.Enum([...ESTIMATION_BACKENDS], {
        default: 'auto',
        description:
          'What transforms: the vector kernel, or fft.js at a fifth of its speed; auto: the kernel where it can run.',
      }),
    }),
    pipeline: section('Work and its limits.', {
      workers: nullable(
        Type.Integer({ minimum: 1, maximum: 256 }),
        'Threads that estimate spectra; null: one for each core.',
      ),
      queueBlocks: Type.Integer({
        default: 64,
        minimum: 1,
        maximum: 4096,
        description: 'IQ blocks that may wait for each receiver; past that the oldest is dropped, and counted.',
      }),
    }),
    alerts: section('When an emission becomes a matter for a person.', {
      minimumOnAirSeconds: Type.Number({
        default: 0.2,
        minimum: 0,
        maximum: 3600,
        description: 'Time on the air before an alert is raised.',
      }),
      quietMinutes: Type.Number({
        default: 30,
        exclusiveMinimum: 0,
        maximum: 10_080,
        description: 'A transmitter heard again after this long raises a new alert; before, it renews the old one.',
      }),
    }),
    store: section('What is kept, and for how long.', {
      spectraHours: Type.Number({
        default: 48,
        exclusiveMinimum: 0,
        maximum: 8784,
        description: 'Stored spectra are deleted after this long. Emissions and alerts stay.',
      }),
    }),
    log: section('Log lines go to standard error, one JSON object a line.', {
      level: Type.Enum([...LOG_LEVELS], { default: 'info' }),
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof ConfigSchema>;

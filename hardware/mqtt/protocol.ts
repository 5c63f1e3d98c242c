import sjson from 'secure-json-parse';
import { accepted, isReceiverId, LIMITS, type Parsed, rejected } from '../../src/core/frames.ts';
import {
  CLOCK_SOURCES,
  type Location,
  type ReceiverClock,
  type ReceiverHealth,
  type ReceiverInfo,
} from '../../src/core/records.ts';
import type { ReceiverPlanStep } from '../../src/core/tasking.ts';

/** Topics and JSON bodies of the MQTT contract. The binary packets are in src/formats. */

export const DEFAULT_PREFIX = 'bandwarden/v1';

/** What follows `<prefix>/<rx>/`. */
export const LEAVES = [
  'status',
  'info',
  'iq',
  'vrt',
  'sweep',
  'sweep/csv',
  'spectrum',
  'command',
  'reply',
  'ack',
] as const;
export type Leaf = (typeof LEAVES)[number];

/** What a receiver may publish under its own id, and what it may read there; nothing else. */
export const RECEIVER_WRITES: readonly Leaf[] = ['status', 'info', 'iq', 'vrt', 'sweep', 'sweep/csv', 'reply'];
export const RECEIVER_READS: readonly Leaf[] = ['command', 'ack'];

/** Delivery class of a topic: what may be lost on a poor link and what may not. */
export function qosOf(leaf: Leaf): 0 | 1 {
  return leaf === 'iq' || leaf === 'vrt' || leaf === 'spectrum' ? 0 : 1;
}

export function topicOf(prefix: string, receiver: string, leaf: Leaf): string {
  return `${prefix}/${receiver}/${leaf}`;
}

export function alertTopic(prefix: string, service: string, alertId: string): string {
  return `${prefix}/alerts/${service}/${alertId}`;
}

export function serviceStatusTopic(prefix: string, service: string): string {
  return `${prefix}/service/${service}/status`;
}

export interface ReceiverTopic {
  readonly receiver: string;
  readonly leaf: Leaf;
}

/** null where the topic is not one of a receiver under this prefix. */
export function parseTopic(prefix: string, topic: string): ReceiverTopic | null {
  if (!topic.startsWith(`${prefix}/`)) return null;
  const rest = topic.slice(prefix.length + 1);
  const slash = rest.indexOf('/');
  if (slash < 0) return null;
  const receiver = rest.slice(0, slash);
  const leaf = rest.slice(slash + 1) as Leaf;
  return isReceiverId(receiver) && LEAVES.includes(leaf) ? { receiver, leaf } : null;
}

export const PAYLOAD_LIMIT_BYTES = LIMITS.payloadBytes;
/** JSON bodies other than sweeps are small; a larger one is an error or an attack. */
const JSON_LIMIT_BYTES = 64 * 1024;
const TEXT_LIMIT_CHARACTERS = 128;
const LIST_LIMIT = 256;

type JsonObject = Readonly<Record<string, unknown>>;

function parseObject(payload: Uint8Array): Parsed<JsonObject> {
  if (payload.byteLength > JSON_LIMIT_BYTES) {
    return rejected('size', `${payload.byteLength} bytes; at most ${JSON_LIMIT_BYTES} expected`);
  }
  let value: unknown;
  try {
    value = sjson.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return rejected('syntax', 'not JSON in UTF-8');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return rejected('schema', 'a JSON object expected');
  }
  return accepted(value as JsonObject);
}

/** Thrown inside this file only: a field that is not what the contract says. */
class FieldError extends Error {}

function textField(object: JsonObject, name: string): string | null {
  const value = object[name];
  if (value === undefined || value === null) return null;
  // Control characters end up in logs and terminals; a name has none.
  if (typeof value !== 'string' || value.length > TEXT_LIMIT_CHARACTERS || /\p{Cc}/u.test(value)) {
    throw new FieldError(`${name}: text of at most ${TEXT_LIMIT_CHARACTERS} characters expected`);
  }
  return value;
}

function numberField(object: JsonObject, name: string, low: number, high: number): number | null {
  const value = object[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new FieldError(`${name}: a number from ${low} to ${high} expected`);
  }
  return value;
}

function required<T>(value: T | null, name: string): T {
  if (value === null) throw new FieldError(`${name} is missing`);
  return value;
}

function listField(object: JsonObject, name: string): readonly unknown[] {
  const value = object[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > LIST_LIMIT) {
    throw new FieldError(`${name}: a list of at most ${LIST_LIMIT} expected`);
  }
  return value;
}

function objectOf(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldError(`${name}: an object expected`);
  }
  return value as JsonObject;
}

const { min: LOW_HZ, max: HIGH_HZ } = LIMITS.frequencyHz;

function frequency(object: JsonObject, name: string): number {
  return required(numberField(object, name, LOW_HZ, HIGH_HZ), name);
}

function locationOf(object: JsonObject): Location | null {
  if (object.location === undefined || object.location === null) return null;
  const location = objectOf(object.location, 'location');
  return {
    lat: required(numberField(location, 'lat', -90, 90), 'location.lat'),
    lon: required(numberField(location, 'lon', -180, 180), 'location.lon'),
    altitudeM: numberField(location, 'altitudeM', -1_000, 100_000),
  };
}

function rangeOf(item: unknown): { lowHz: number; highHz: number } {
  const range = objectOf(item, 'ranges');
  const lowHz = frequency(range, 'lowHz');
  const highHz = frequency(range, 'highHz');
  if (lowHz > highHz) throw new FieldError('ranges: lowHz above highHz');
  return { lowHz, highHz };
}

function spurOf(item: unknown): number {
  if (typeof item !== 'number' || !(item >= LOW_HZ && item <= HIGH_HZ)) {
    throw new FieldError('spurs: frequencies in Hz expected');
  }
  return item;
}

function clockOf(object: JsonObject): Pick<ReceiverInfo, 'clock'> {
  if (object.clock === undefined || object.clock === null) return {};
  const clock = objectOf(object.clock, 'clock');
  const source = CLOCK_SOURCES.find((word) => word === clock.source);
  if (source === undefined) throw new FieldError(`clock.source: one of ${CLOCK_SOURCES.join(', ')} expected`);
  const read: ReceiverClock = {
    source,
    offsetSeconds: numberField(clock, 'offsetSeconds', -1e10, 1e10),
    uncertaintySeconds: numberField(clock, 'uncertaintySeconds', 0, 1e10),
    sampleClockPpm: numberField(clock, 'sampleClockPpm', -1e6, 1e6),
  };
  return { clock: read };
}

function healthOf(object: JsonObject): Pick<ReceiverInfo, 'health'> {
  if (object.health === undefined || object.health === null) return {};
  const health = objectOf(object.health, 'health');
  const count = (name: string) => numberField(health, name, 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const read: ReceiverHealth = {
    trouble: textField(health, 'trouble'),
    temperatureC: numberField(health, 'temperatureC', -273.15, 1_000),
    samplesLost: count('samplesLost'),
    packetsLost: count('packetsLost'),
    bufferedSeconds: count('bufferedSeconds'),
    restarts: count('restarts'),
    uptimeSeconds: count('uptimeSeconds'),
  };
  return { health: read };
}

function featuresOf(object: JsonObject): Pick<ReceiverInfo, 'features'> {
  if (object.features === undefined || object.features === null) return {};
  const features = listField(object, 'features').map((item) => {
    if (typeof item !== 'string' || !/^[a-z0-9-]{1,32}$/.test(item)) throw new FieldError('features: words expected');
    return item;
  });
  return { features };
}

export const UNKNOWN_INFO: ReceiverInfo = {
  model: null,
  serial: null,
  location: null,
  antenna: null,
  calibrationOffsetDb: null,
  spursHz: [],
  ranges: [],
};

/** `…/info`: every field may be missing; one that is wrong rejects the whole and is named. */
export function parseInfo(payload: Uint8Array): Parsed<ReceiverInfo> {
  return parseFields(payload, (object) => ({
    model: textField(object, 'model'),
    serial: textField(object, 'serial'),
    location: locationOf(object),
    antenna: textField(object, 'antenna'),
    calibrationOffsetDb: numberField(object, 'calibrationOffsetDb', -200, 200),
    spursHz: listField(object, 'spurs').map(spurOf),
    ranges: listField(object, 'ranges').map(rangeOf),
    ...clockOf(object),
    ...healthOf(object),
    ...featuresOf(object),
  }));
}

export function encodeInfo(info: ReceiverInfo): string {
  const { spursHz, ...rest } = info;
  return JSON.stringify({ ...rest, spurs: spursHz });
}

export type StatusWord = 'online' | 'offline';

export function parseStatus(payload: Uint8Array): Parsed<StatusWord> {
  if (payload.byteLength > 16) return rejected('size', '`online` or `offline` expected');
  const word = new TextDecoder().decode(payload).trim();
  return word === 'online' || word === 'offline' ? accepted(word) : rejected('value', '`online` or `offline` expected');
}

/** What the service asks of a receiver. */
export type ReceiverCommand =
  | {
      readonly id: string;
      readonly command: 'tune';
      readonly centerHz: number;
      readonly sampleRateHz: number | null;
      readonly gainDb: number | null;
    }
  | {
      readonly id: string;
      readonly command: 'scan';
      readonly startHz: number;
      readonly stopHz: number;
      readonly rbwHz: number | null;
    }
  /** Steps in turn, again and again; none: back to the receiver's own plan. */
  | { readonly id: string; readonly command: 'plan'; readonly steps: readonly ReceiverPlanStep[] }
  | { readonly id: string; readonly command: 'stop' };

export function encodeCommand(command: ReceiverCommand): string {
  return JSON.stringify(command);
}

function tuningOf(object: JsonObject) {
  const { min, max } = LIMITS.sampleRateHz;
  return {
    centerHz: frequency(object, 'centerHz'),
    sampleRateHz: numberField(object, 'sampleRateHz', min, max),
    gainDb: numberField(object, 'gainDb', -200, 200),
  };
}

function spanOf(object: JsonObject) {
  const startHz = frequency(object, 'startHz');
  const stopHz = frequency(object, 'stopHz');
  if (startHz >= stopHz) throw new FieldError('startHz: below stopHz expected');
  return { startHz, stopHz, rbwHz: numberField(object, 'rbwHz', 0.001, 1e9) };
}

function planStepOf(item: unknown): ReceiverPlanStep {
  const step = objectOf(item, 'steps');
  const dwellSeconds = required(numberField(step, 'dwellSeconds', 0.1, 86_400), 'dwellSeconds');
  return { ...(step.centerHz === undefined ? spanOf(step) : tuningOf(step)), dwellSeconds };
}

export function parseCommand(payload: Uint8Array): Parsed<ReceiverCommand> {
  return parseFields(payload, (object): ReceiverCommand => {
    const id = required(textField(object, 'id'), 'id');
    switch (object.command) {
      case 'tune':
        return { id, command: 'tune', ...tuningOf(object) };
      case 'scan':
        return { id, command: 'scan', ...spanOf(object) };
      case 'plan':
        return { id, command: 'plan', steps: listField(object, 'steps').map(planStepOf) };
      case 'stop':
        return { id, command: 'stop' };
      default:
        throw new FieldError('command: tune, scan, plan or stop expected');
    }
  });
}

/** The `id` of a command that cannot be followed, for the answer; empty where even that cannot be read. */
export function commandId(payload: Uint8Array): string {
  const id = parseFields(payload, (object) => textField(object, 'id') ?? '');
  return id.ok ? id.value : '';
}

export interface ReceiverReply {
  readonly id: string;
  readonly ok: boolean;
  readonly error: string | null;
}

export function parseReply(payload: Uint8Array): Parsed<ReceiverReply> {
  return parseFields(payload, (object) => {
    if (typeof object.ok !== 'boolean') throw new FieldError('ok: true or false expected');
    return { id: required(textField(object, 'id'), 'id'), ok: object.ok, error: textField(object, 'error') };
  });
}

/** The highest sequence safely taken in of each kind; null where nothing of that kind was. */
export interface ReceiverAck {
  readonly sweep: number | null;
  readonly iq: number | null;
}

export function encodeAck(ack: ReceiverAck): string {
  return JSON.stringify({ sweep: ack.sweep, iq: ack.iq });
}

export function parseAck(payload: Uint8Array): Parsed<ReceiverAck> {
  return parseFields(payload, (object) => ({
    sweep: numberField(object, 'sweep', 0, Number.MAX_SAFE_INTEGER),
    iq: numberField(object, 'iq', 0, 0xffff_ffff),
  }));
}

function parseFields<T>(payload: Uint8Array, read: (object: JsonObject) => T): Parsed<T> {
  const object = parseObject(payload);
  if (!object.ok) return object;
  try {
    return accepted(read(object.value));
  } catch (error) {
    if (error instanceof FieldError) return rejected('schema', error.message);
    throw error;
  }
}

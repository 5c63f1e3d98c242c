import { accepted, type Parsed, rejected } from '../../../src/core/frames.ts';
import type { Location } from '../../../src/core/records.ts';
import { jsonObject, parseBoundedJson } from '../../../src/formats/bounded-json.ts';

/**
 * RadioHound nodes announce themselves and send their periodograms as JSON:
 *
 *     radiohound/clients/announce/98f07b24025a   {"message":"HEARTBEAT","payload":{"mac_address":…,"latitude":…}}
 *     radiohound/clients/data/98f07b24025a/…     {"data":base64 of float32 watts,"type":"float32","metadata":{…}, …}
 *
 * A heartbeat comes every 10 s; a node that is silent for 20 s is taken for gone.
 * Source: ndwireless/radiohound, docs/API.md.
 */
export const GONE_MS = 20_000;
const ANNOUNCE_LIMITS = { bytes: 64 * 1024, containers: 1_000 };
const TEXT_LIMIT = 128;

export type RadioHoundTopic = 'announce' | 'data' | 'other';

export function topicKind(topic: string): RadioHoundTopic {
  const kind = /(?:^|\/)clients\/(announce|data)(?:\/|$)/.exec(topic)?.[1];
  return kind === 'announce' || kind === 'data' ? kind : 'other';
}

/** What a node says of itself. */
export interface RadioHoundNode {
  readonly macAddress: string | null;
  readonly hardware: string | null;
  readonly location: Location | null;
}

export function parseAnnounce(bytes: Uint8Array): Parsed<RadioHoundNode> {
  const json = parseBoundedJson(bytes, ANNOUNCE_LIMITS);
  if (!json.ok) return json;
  const payload = jsonObject(jsonObject(json.value)?.payload);
  if (payload === null) return rejected('schema', 'announce: expected an object with a payload');
  const { mac_address, rh_hardware_version, latitude, longitude, altitude } = payload;
  return accepted({
    macAddress: text(mac_address),
    hardware: text(rh_hardware_version),
    location: location(latitude, longitude, altitude),
  });
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= TEXT_LIMIT && !/\p{Cc}/u.test(value)
    ? value
    : null;
}

function location(lat: unknown, lon: unknown, altitude: unknown): Location | null {
  if (typeof lat !== 'number' || typeof lon !== 'number') return null;
  // A node without a fix says 0, 0.
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180 || (lat === 0 && lon === 0)) return null;
  return { lat, lon, altitudeM: typeof altitude === 'number' && Math.abs(altitude) < 100_000 ? altitude : null };
}

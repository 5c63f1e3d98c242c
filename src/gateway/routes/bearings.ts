import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { Bearing, BearingReading, BearingSource } from '../../core/bearing.ts';
import { BandwardenError } from '../../core/errors.ts';
import { parseKrakenCsv } from '../../formats/bearing-kraken.ts';
import { parseNmeaBearings } from '../../formats/bearing-nmea.ts';
import { LISTED_REJECTS, trueBearingDegrees } from '../../formats/bearing-reading.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { FrequencyHz, Id, limitUpTo, number, oneOf, TimeMs, text } from '../schemas/common.ts';
import { BearingSchema } from '../schemas/coverage.ts';

const IMPORT_BYTES = 16 * 1024 * 1024;

const Lat = Type.Number({ minimum: -90, maximum: 90 });
const Lon = Type.Number({ minimum: -180, maximum: 180 });
const Uncertainty = Type.Number({ exclusiveMinimum: 0, maximum: 180, description: 'One standard deviation.' });
const PositiveHz = Type.Number({ exclusiveMinimum: 0, maximum: 1e12 });

const BearingQuery = Type.Object(
  {
    receiver: Type.Optional(Id),
    fromHz: Type.Optional(FrequencyHz),
    toHz: Type.Optional(FrequencyHz),
    fromMs: Type.Optional(TimeMs),
    toMs: Type.Optional(TimeMs),
    limit: limitUpTo(5000),
  },
  { additionalProperties: false },
);
const BearingBody = Type.Object(
  {
    receiver: Id,
    timeMs: Type.Optional(TimeMs),
    frequencyHz: PositiveHz,
    lat: Type.Optional(Lat),
    lon: Type.Optional(Lon),
    bearingDegrees: Type.Number({ minimum: 0, exclusiveMaximum: 360, description: 'From true north, clockwise.' }),
    uncertaintyDegrees: Type.Optional(Uncertainty),
    quality: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    levelDb: Type.Optional(Type.Number({ minimum: -300, maximum: 300 })),
  },
  { additionalProperties: false },
);
const ImportQuery = Type.Object(
  {
    format: oneOf(['krakensdr', 'nmea']),
    receiver: Type.Optional(Id),
    frequencyHz: Type.Optional(PositiveHz),
    uncertaintyDegrees: Type.Optional(Uncertainty),
  },
  { additionalProperties: false },
);
const ImportAnswer = Type.Object({
  imported: number,
  rejected: number,
  rejects: Type.Array(Type.Object({ line: number, reason: text })),
});

interface Defaults {
  readonly receiver?: string;
  readonly frequencyHz?: number;
  readonly uncertaintyDegrees?: number;
}

export function bearingRoutes(app: Gateway, { store, live, clock, audit }: RouteContext): void {
  app.addContentTypeParser('text/plain', { parseAs: 'string', bodyLimit: IMPORT_BYTES }, (_request, body, done) => {
    done(null, body);
  });

  function placeOf(receiver: string): { lat: number; lon: number } | null {
    return live.receivers().find(({ id }) => id === receiver)?.info.location ?? null;
  }

  /** The bearing, or what it lacks. A file says less than a record holds: the importer says the rest. */
  function bearingOf(reading: BearingReading, source: BearingSource, by: string, defaults: Defaults): Bearing | string {
    const receiver = defaults.receiver ?? reading.station;
    const frequencyHz = reading.frequencyHz ?? defaults.frequencyHz ?? null;
    const bearingDegrees = trueBearingDegrees(reading);
    if (receiver === null) return 'a station expected, or the receiver named for all';
    if (reading.timeMs === null) return 'a time expected';
    if (frequencyHz === null) return 'a frequency expected, or one named for all';
    if (bearingDegrees === null) return 'a heading or a magnetic variation expected: true north is unknown';
    const { lat, lon } = reading.lat === null || reading.lon === null ? (placeOf(receiver) ?? {}) : reading;
    if (typeof lat !== 'number' || typeof lon !== 'number') return 'a position expected, here or of the receiver';
    const { timeMs, quality, levelDb } = reading;
    const uncertaintyDegrees = reading.uncertaintyDegrees ?? defaults.uncertaintyDegrees ?? null;
    const measured = { receiver, timeMs, frequencyHz, lat, lon, bearingDegrees, uncertaintyDegrees, quality, levelDb };
    // The same bearing brought in twice is one.
    const id = createHash('sha256')
      .update(JSON.stringify([source, measured]))
      .digest('hex')
      .slice(0, 20);
    return { id, ...measured, source, by, receivedMs: clock.nowMs() };
  }

  app.get(
    '/bearings',
    {
      config: { access: 'read' },
      schema: {
        tags: ['bearings'],
        summary: 'Bearings of a band and a period, latest first',
        querystring: BearingQuery,
        response: { 200: Type.Object({ bearings: Type.Array(BearingSchema) }) },
      },
    },
    async ({ query }) => ({ bearings: await store.bearings.find({ ...query, limit: query.limit ?? 500 }) }),
  );

  app.post(
    '/bearings',
    {
      config: { access: 'bearings.add' },
      schema: {
        tags: ['bearings'],
        summary: 'Takes in one bearing; time and place are now and those of the receiver where not given',
        body: BearingBody,
        response: { 200: Type.Object({ bearing: BearingSchema }) },
      },
    },
    async (request) => {
      const { receiver, timeMs = clock.nowMs(), lat = null, lon = null, ...body } = request.body;
      const silent = { uncertaintyDegrees: null, quality: null, levelDb: null, headingDegrees: null };
      const reading = { ...silent, ...body, station: receiver, timeMs, lat, lon, reference: 'true' as const };
      const by = principalOf(request).account.name;
      const bearing = bearingOf(reading, 'manual', by, { receiver });
      if (typeof bearing === 'string') throw new BandwardenError('bad-input', bearing);
      await store.bearings.add([bearing]);
      await audit(by, 'bearing.add', bearing.id, `${bearing.bearingDegrees}° at ${bearing.frequencyHz} Hz`);
      return { bearing };
    },
  );

  app.post(
    '/bearings/import',
    {
      config: { access: 'bearings.add' },
      bodyLimit: IMPORT_BYTES,
      schema: {
        tags: ['bearings'],
        summary: "Takes in a direction finder's log: KrakenSDR's CSV, or NMEA sentences",
        consumes: ['text/plain', 'text/csv'],
        querystring: ImportQuery,
        body: Type.String(),
        response: { 200: ImportAnswer },
      },
    },
    async (request) => {
      const { format, ...defaults } = request.query;
      const parsed = format === 'krakensdr' ? parseKrakenCsv(request.body) : parseNmeaBearings(request.body);
      const by = principalOf(request).account.name;
      const read = parsed.readings.map((reading) => bearingOf(reading, format, by, defaults));
      const bearings = read.filter((one) => typeof one !== 'string');
      const incomplete = read.filter((one) => typeof one === 'string');
      const rejected = parsed.rejected + incomplete.length;
      if (bearings.length === 0) {
        const reason = parsed.rejects[0]?.reason ?? incomplete[0] ?? 'no bearing in it';
        throw new BandwardenError('bad-input', `nothing to import: ${reason}`);
      }
      const imported = await store.bearings.add(bearings);
      await audit(by, 'bearing.import', format, `${imported} new bearings, ${rejected} rejected`);
      const rejects = [...parsed.rejects, ...incomplete.map((reason) => ({ line: 0, reason }))];
      return { imported, rejected, rejects: rejects.slice(0, LISTED_REJECTS) };
    },
  );
}

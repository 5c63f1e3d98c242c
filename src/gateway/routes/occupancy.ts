import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { OccupancyReading } from '../../core/occupancy.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { FrequencyHz, Id, oneOf, TimeMs, text } from '../schemas/common.ts';
import { OccupancySchema } from '../schemas/occupancy.ts';

const DAY_MS = 86_400_000;
/** Longer periods are asked for in parts. */
const LONGEST_MS = 92 * DAY_MS;

const OccupancyQuery = Type.Object(
  {
    receiver: Id,
    fromHz: Type.Optional(FrequencyHz),
    toHz: Type.Optional(FrequencyHz),
    fromMs: Type.Optional(TimeMs),
    toMs: Type.Optional(TimeMs),
    format: Type.Optional(oneOf(['json', 'csv'])),
  },
  { additionalProperties: false },
);

export function occupancyRoutes(app: Gateway, { occupancy, clock }: RouteContext): void {
  app.get(
    '/occupancy',
    {
      config: { access: 'read' },
      schema: {
        tags: ['occupancy'],
        summary: 'How long channels were occupied, hour by hour (ITU-R SM.1880), with the 95 % confidence interval',
        produces: ['application/json', 'text/csv'],
        querystring: OccupancyQuery,
        response: {
          200: {
            description: 'Hours of channels, of emissions of nobody, and of bands',
            content: {
              'application/json': { schema: Type.Object({ occupancy: Type.Array(OccupancySchema) }) },
              'text/csv': { schema: text },
            },
          },
        },
      },
    },
    async ({ query }, reply) => {
      if (occupancy === undefined) throw new BandwardenError('unavailable', 'occupancy is not kept here');
      const { receiver, fromHz = -1e12, toHz = 1e12, toMs = clock.nowMs(), fromMs = toMs - DAY_MS, format } = query;
      if (!(toMs > fromMs && toMs - fromMs <= LONGEST_MS)) {
        throw new BandwardenError('bad-argument', 'toMs: after fromMs and at most 92 days later expected');
      }
      const readings = await occupancy.find({ receiver, fromHz, toHz, fromMs, toMs });
      if (format !== 'csv') return { occupancy: readings };
      reply.header('content-disposition', 'attachment; filename="occupancy.csv"').type('text/csv; charset=utf-8');
      return await reply.send(csvOf(readings) as never);
    },
  );
}

const COLUMNS = [
  'hour',
  'receiver',
  'kind',
  'name',
  'low_hz',
  'high_hz',
  'seconds',
  'samples',
  'occupancy_pct',
  'low_pct',
  'high_pct',
  'effective_samples',
];

/** RFC 4180; a name that a spreadsheet would take for a formula is kept from being one. */
function csvOf(readings: readonly OccupancyReading[]): string {
  const lines = readings.map((reading) => {
    const { hourMs, receiver, kind, name, lowHz, highHz, seconds, samples } = reading;
    const { occupancyPct, lowPct, highPct, effectiveSamples } = reading;
    const numbers = [occupancyPct, lowPct, highPct].map((pct) => (pct === null ? '' : pct.toFixed(2)));
    const worth = effectiveSamples === null ? '' : effectiveSamples.toFixed(0);
    const time = new Date(hourMs).toISOString();
    const counts = [Math.round(lowHz), Math.round(highHz), seconds.toFixed(1), samples];
    return [time, receiver, kind, quoted(name), ...counts, ...numbers, worth].join(',');
  });
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

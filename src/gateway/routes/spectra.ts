import { Type } from 'typebox';
import type { SpectrumRow } from '../../core/records.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { Id, limitUpTo, number, oneOf, TimeMs, text } from '../schemas/common.ts';
import { UnitSchema } from '../schemas/records.ts';
import { rtlPowerLines } from './spectra-csv.ts';

const SpectrumQuery = Type.Object(
  {
    receiver: Id,
    fromMs: TimeMs,
    toMs: TimeMs,
    limit: limitUpTo(2000),
    format: Type.Optional(oneOf(['json', 'csv'])),
  },
  { additionalProperties: false },
);
const SpectrumSchema = Type.Object({
  timeMs: number,
  startHz: number,
  stepHz: number,
  unit: UnitSchema,
  minLevel: number,
  levelStepDb: number,
  levels: Type.String({ description: 'base64; level = minLevel + byte · levelStepDb' }),
});

function bodyOf({ receiver: _, levels, ...row }: SpectrumRow) {
  return { ...row, levels: Buffer.from(levels.buffer, levels.byteOffset, levels.byteLength).toString('base64') };
}

export function spectrumRoutes(app: Gateway, { store }: RouteContext): void {
  app.get(
    '/spectra',
    {
      config: { access: 'read' },
      schema: {
        tags: ['spectra'],
        summary:
          'Stored spectra of a receiver, oldest first, spread over the period; JSON, or CSV as rtl_power writes it',
        produces: ['application/json', 'text/csv'],
        querystring: SpectrumQuery,
        response: {
          200: {
            description: 'Spectra',
            content: {
              'application/json': { schema: Type.Object({ receiver: text, spectra: Type.Array(SpectrumSchema) }) },
              'text/csv': { schema: text },
            },
          },
        },
      },
    },
    async ({ query }, reply) => {
      const { receiver, fromMs, toMs, limit = 600, format } = query;
      const rows = await store.spectra.find({ receiver, fromMs, toMs, limit });
      if (format !== 'csv') return { receiver, spectra: rows.map(bodyOf) };
      reply.header('content-disposition', 'attachment; filename="spectra.csv"').type('text/csv; charset=utf-8');
      return await reply.send(rtlPowerLines(rows) as never);
    },
  );
}

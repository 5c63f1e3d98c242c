import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { FrequencyHz, Id, IdParams, limitUpTo, TimeMs } from '../schemas/common.ts';
import { EmissionSchema, VerdictSchema } from '../schemas/records.ts';

const EmissionQuery = Type.Object(
  {
    receiver: Type.Optional(Id),
    fromHz: Type.Optional(FrequencyHz),
    toHz: Type.Optional(FrequencyHz),
    sinceMs: Type.Optional(TimeMs),
    untilMs: Type.Optional(TimeMs),
    verdict: Type.Optional(VerdictSchema),
    limit: limitUpTo(5000),
  },
  { additionalProperties: false },
);

export function emissionRoutes(app: Gateway, { store }: RouteContext): void {
  app.get(
    '/emissions',
    {
      config: { access: 'read' },
      schema: {
        tags: ['emissions'],
        summary: 'Emissions that overlap a band and a period, latest activity first',
        querystring: EmissionQuery,
        response: { 200: Type.Object({ emissions: Type.Array(EmissionSchema) }) },
      },
    },
    async ({ query }) => ({ emissions: await store.emissions.find({ ...query, limit: query.limit ?? 500 }) }),
  );

  app.get(
    '/emissions/:id',
    {
      config: { access: 'read' },
      schema: {
        tags: ['emissions'],
        summary: 'One emission',
        params: IdParams,
        response: { 200: Type.Object({ emission: EmissionSchema }) },
      },
    },
    async ({ params }) => {
      const emission = await store.emissions.get(params.id);
      if (emission === null) throw new BandwardenError('not-found', `there is no emission ${params.id}`);
      return { emission };
    },
  );
}

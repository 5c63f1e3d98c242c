import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { FrequencyHz, Id, TimeMs } from '../schemas/common.ts';
import { CoverageSchema } from '../schemas/coverage.ts';

const DAY_MS = 86_400_000;
/** Longer periods are asked for in parts: an answer must not read years of rows. */
const LONGEST_MS = 92 * DAY_MS;

const CoverageQuery = Type.Object(
  {
    receiver: Id,
    fromHz: Type.Optional(FrequencyHz),
    toHz: Type.Optional(FrequencyHz),
    fromMs: Type.Optional(TimeMs),
    toMs: Type.Optional(TimeMs),
    transmissionSeconds: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1e6, description: 'Also asks for interceptPct.' }),
    ),
  },
  { additionalProperties: false },
);

export function coverageRoutes(app: Gateway, { coverage, live, clock }: RouteContext): void {
  /** Left out, the band is what the receiver looks at now and the period the last day. */
  function bandOf(receiver: string, fromHz: number | undefined, toHz: number | undefined) {
    const known = live.receivers().find(({ id }) => id === receiver);
    if (known === undefined) throw new BandwardenError('not-found', `there is no receiver ${receiver}`);
    const band = { fromHz: fromHz ?? known.lowHz, toHz: toHz ?? known.highHz };
    if (band.fromHz === null || band.toHz === null) {
      throw new BandwardenError('bad-argument', 'fromHz and toHz expected: the receiver looks at nothing now');
    }
    if (band.toHz < band.fromHz) throw new BandwardenError('bad-argument', 'toHz: at least fromHz expected');
    return { fromHz: band.fromHz, toHz: band.toHz };
  }

  app.get(
    '/coverage',
    {
      config: { access: 'read' },
      schema: {
        tags: ['coverage'],
        summary: 'When a receiver really observed a band, and how short a transmission it could have missed',
        querystring: CoverageQuery,
        response: { 200: CoverageSchema },
      },
    },
    async ({ query }) => {
      if (coverage === undefined) throw new BandwardenError('unavailable', 'coverage is not kept here');
      const { receiver, toMs = clock.nowMs(), fromMs = toMs - DAY_MS, transmissionSeconds } = query;
      if (!(toMs > fromMs && toMs - fromMs <= LONGEST_MS)) {
        throw new BandwardenError('bad-argument', 'toMs: after fromMs and at most 92 days later expected');
      }
      const band = bandOf(receiver, query.fromHz, query.toHz);
      return await coverage.summary({ receiver, fromMs, toMs, transmissionSeconds, ...band });
    },
  );
}

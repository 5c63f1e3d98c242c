import { type Static, Type } from 'typebox';
import type { Calibration } from '../../core/calibration.ts';
import { BandwardenError } from '../../core/errors.ts';
import type { CalibrationDesk } from '../../core/ports.ts';
import { CALIBRATION_POINTS_LIMIT, formatCalibrationCsv, parseCalibrationCsv } from '../../formats/calibration-csv.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { Id, IdParams, text } from '../schemas/common.ts';
import { CalibrationSchema, LevelProposalSchema, MeasurementSchema } from '../schemas/coverage.ts';

const CSV_BYTES = 1024 * 1024;

function maybeWithin(minimum: number, maximum: number) {
  return Type.Union([Type.Number({ minimum, maximum }), Type.Null()]);
}

const PointBody = Type.Object(
  {
    frequencyHz: Type.Number({ minimum: 1, maximum: 1e12 }),
    gainDb: Type.Optional(maybeWithin(-200, 200)),
    levelOffsetDb: Type.Optional(maybeWithin(-300, 300)),
    antennaFactorDbPerM: Type.Optional(maybeWithin(-100, 200)),
    cableLossDb: Type.Optional(maybeWithin(-100, 200)),
  },
  { additionalProperties: false },
);
const About = {
  frequencyCorrectionPpm: Type.Optional(
    Type.Number({ minimum: -500, maximum: 500, description: 'True frequency = shown frequency · (1 + this/1e6).' }),
  ),
  calibratedMs: Type.Optional(Type.Number({ minimum: 0, maximum: 8.64e15, description: 'Now if not given.' })),
  validUntilMs: Type.Optional(Type.Number({ minimum: 0, maximum: 8.64e15 })),
  method: Type.String({ minLength: 1, maxLength: 2000, description: 'How it was done: instruments, stations.' }),
};
const MakeBody = Type.Object(
  { ...About, points: Type.Array(PointBody, { maxItems: CALIBRATION_POINTS_LIMIT }) },
  { additionalProperties: false },
);
const ImportQuery = Type.Object(About, { additionalProperties: false });
const VersionParams = Type.Object({ id: Id, version: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });
const MeasureBody = Type.Object(
  { seconds: Type.Optional(Type.Number({ minimum: 1, maximum: 120, description: '20 if not given.' })) },
  { additionalProperties: false },
);
const ProposeBody = Type.Object(
  {
    measurement: Id,
    antennaGainDbi: Type.Number({ minimum: -60, maximum: 60 }),
    cableLossDb: Type.Number({ minimum: 0, maximum: 100 }),
    stations: Type.Array(
      Type.Object(
        {
          assignment: Id,
          fieldStrengthDbuVM: Type.Optional(maybeWithin(-50, 200)),
          erpKw: Type.Optional(maybeWithin(1e-6, 1e5)),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  },
  { additionalProperties: false },
);
const CalibrationAnswer = Type.Object({ calibration: CalibrationSchema });

const EMPTY_POINT = { gainDb: null, levelOffsetDb: null, antennaFactorDbPerM: null, cableLossDb: null };

export function calibrationRoutes(app: Gateway, context: RouteContext): void {
  const { store, live, clock, audit } = context;

  function desk(): CalibrationDesk {
    const { calibrations } = context;
    if (calibrations === undefined) throw new BandwardenError('unavailable', 'calibrations are not kept here');
    return calibrations;
  }

  function known(receiver: string): string {
    if (live.receivers().some(({ id }) => id === receiver)) return receiver;
    throw new BandwardenError('not-found', `there is no receiver ${receiver}`);
  }

  async function make(
    by: string,
    receiver: string,
    about: Omit<Static<typeof MakeBody>, 'points'>,
    points: Calibration['points'],
  ) {
    const { frequencyCorrectionPpm = null, calibratedMs = clock.nowMs(), validUntilMs = null, method } = about;
    if (validUntilMs !== null && validUntilMs <= calibratedMs) {
      throw new BandwardenError('bad-argument', 'validUntilMs: after calibratedMs expected');
    }
    const what = { frequencyCorrectionPpm, points, calibratedMs, validUntilMs, by, method };
    const calibration = await desk().add({ receiver: known(receiver), ...what });
    const detail = `${points.length} rows, ${frequencyCorrectionPpm ?? 'no'} ppm`;
    await audit(by, 'calibration.make', calibration.id, detail);
    return { calibration };
  }

  app.get(
    '/receivers/:id/calibrations',
    {
      config: { access: 'read' },
      schema: {
        tags: ['calibration'],
        summary: 'All versions of the calibration of a receiver, the one that is applied first',
        params: IdParams,
        response: { 200: Type.Object({ calibrations: Type.Array(CalibrationSchema) }) },
      },
    },
    async ({ params }) => ({ calibrations: await store.calibrations.list(known(params.id)) }),
  );

  app.post(
    '/receivers/:id/calibrations',
    {
      config: { access: 'calibrations.make' },
      bodyLimit: CSV_BYTES,
      schema: {
        tags: ['calibration'],
        summary: 'Makes the next version, which is applied from now on; earlier ones stay as they are',
        params: IdParams,
        body: MakeBody,
        response: { 200: CalibrationAnswer },
      },
    },
    async (request) => {
      const { points, ...about } = request.body;
      const { name } = principalOf(request).account;
      return await make(
        name,
        request.params.id,
        about,
        points.map((point) => ({ ...EMPTY_POINT, ...point })),
      );
    },
  );

  app.post(
    '/receivers/:id/calibrations/import',
    {
      config: { access: 'calibrations.make' },
      bodyLimit: CSV_BYTES,
      schema: {
        tags: ['calibration'],
        summary: 'The same with the table as CSV',
        consumes: ['text/csv'],
        params: IdParams,
        querystring: ImportQuery,
        body: Type.String({ description: 'CSV; its columns are in docs/contracts.md.' }),
        response: { 200: CalibrationAnswer },
      },
    },
    async (request) => {
      const parsed = parseCalibrationCsv(request.body);
      if (!parsed.ok) throw new BandwardenError('bad-input', parsed.reject.detail);
      return await make(principalOf(request).account.name, request.params.id, request.query, parsed.value);
    },
  );

  app.get(
    '/receivers/:id/calibrations/:version/table.csv',
    {
      config: { access: 'read' },
      schema: {
        tags: ['calibration'],
        summary: 'The table of a version as CSV',
        produces: ['text/csv'],
        params: VersionParams,
        response: { 200: { description: 'The table', content: { 'text/csv': { schema: text } } } },
      },
    },
    async ({ params: { id, version } }, reply) => {
      const calibration = await store.calibrations.get(`${id}/${version}`);
      if (calibration === null) throw new BandwardenError('not-found', `there is no calibration ${id}/${version}`);
      const name = `calibration-${encodeURIComponent(id)}-${version}.csv`;
      reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8');
      return await reply.send(formatCalibrationCsv(calibration.points) as never);
    },
  );

  app.post(
    '/receivers/:id/calibrations/measure',
    {
      config: { access: 'calibrations.make' },
      schema: {
        tags: ['calibration'],
        summary: 'Listens to the licensed broadcasters that the receiver hears, and says how far off it is',
        params: IdParams,
        body: MeasureBody,
        response: { 200: MeasurementSchema },
      },
    },
    async ({ params, body }) => await desk().measure(known(params.id), body.seconds ?? 20),
  );

  app.post(
    '/receivers/:id/calibrations/propose',
    {
      config: { access: 'calibrations.make' },
      schema: {
        tags: ['calibration'],
        summary:
          'The offset of levels that follows from field strengths, or from e.r.p. over free space as an upper bound',
        params: IdParams,
        body: ProposeBody,
        response: { 200: LevelProposalSchema },
      },
    },
    async ({ params, body: { measurement, stations, ...antenna } }) =>
      desk().proposeLevel(known(params.id), measurement, {
        ...antenna,
        stations: stations.map(({ assignment, fieldStrengthDbuVM = null, erpKw = null }) => ({
          assignment,
          fieldStrengthDbuVM,
          erpKw,
        })),
      }),
  );
}

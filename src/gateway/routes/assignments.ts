import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import { parseRegisterCsv } from '../../formats/register-csv.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { FrequencyHz, limitUpTo, number, text } from '../schemas/common.ts';
import { AssignmentSchema } from '../schemas/records.ts';

const IMPORT_BYTES = 32 * 1024 * 1024;
/** Rejected rows that an answer lists; it counts all. */
const LISTED_REJECTS = 200;
const EVERYWHERE_HZ = { fromHz: -1e12, toHz: 1e12 };

const AssignmentQuery = Type.Object(
  { fromHz: Type.Optional(FrequencyHz), toHz: Type.Optional(FrequencyHz), limit: limitUpTo(20_000) },
  { additionalProperties: false },
);
const ImportQuery = Type.Object(
  {
    source: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9_-]{1,64}$',
        description: 'The register whose rows are replaced; `register` if not given.',
      }),
    ),
  },
  { additionalProperties: false },
);
const ImportAnswer = Type.Object({
  imported: number,
  rejected: number,
  rejects: Type.Array(Type.Object({ line: number, reason: text })),
});

export function assignmentRoutes(app: Gateway, { store, audit, registerChanged }: RouteContext): void {
  app.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: IMPORT_BYTES }, (_request, body, done) => {
    done(null, body);
  });

  app.get(
    '/assignments',
    {
      config: { access: 'read' },
      schema: {
        tags: ['assignments'],
        summary: 'Assignments and exempt bands that overlap a band, by frequency',
        querystring: AssignmentQuery,
        response: { 200: Type.Object({ assignments: Type.Array(AssignmentSchema) }) },
      },
    },
    async ({ query }) => ({
      assignments: await store.assignments.list({ ...EVERYWHERE_HZ, ...query, limit: query.limit ?? 2000 }),
    }),
  );

  app.get(
    '/assignments/count',
    {
      config: { access: 'read' },
      schema: {
        tags: ['assignments'],
        summary: 'How many the register holds',
        response: { 200: Type.Object({ count: number }) },
      },
    },
    async () => ({ count: await store.assignments.count() }),
  );

  app.post(
    '/assignments/import',
    {
      config: { access: 'register.import' },
      bodyLimit: IMPORT_BYTES,
      schema: {
        tags: ['assignments'],
        summary: 'Replaces a register by a CSV file: all usable rows at once, the others named by line',
        consumes: ['text/csv'],
        querystring: ImportQuery,
        body: Type.String({ description: 'CSV; its columns are in docs/contracts.md.' }),
        response: { 200: ImportAnswer },
      },
    },
    async (request) => {
      const source = request.query.source ?? 'register';
      const { rows, rejects } = parseRegisterCsv(request.body);
      if (rows.length === 0) {
        const [first] = rejects;
        const reason = first === undefined ? 'no rows' : `line ${first.line}: ${first.reason}`;
        throw new BandwardenError('bad-input', `nothing to import: ${reason}`);
      }
      await store.assignments.replace(source, rows);
      await audit(
        principalOf(request).account.name,
        'register.import',
        source,
        `${rows.length} rows, ${rejects.length} rejected`,
      );
      await registerChanged?.();
      return { imported: rows.length, rejected: rejects.length, rejects: rejects.slice(0, LISTED_REJECTS) };
    },
  );
}

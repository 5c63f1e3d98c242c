import { Type } from 'typebox';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { limitUpTo } from '../schemas/common.ts';
import { AuditSchema } from '../schemas/records.ts';

export function auditRoutes(app: Gateway, { store }: RouteContext): void {
  app.get(
    '/audit',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Who did what, latest first',
        querystring: Type.Object({ limit: limitUpTo(10_000) }, { additionalProperties: false }),
        response: { 200: Type.Object({ entries: Type.Array(AuditSchema) }) },
      },
    },
    async ({ query }) => ({ entries: await store.audit.list(query.limit ?? 200) }),
  );
}

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { Alert } from '../../core/records.ts';
import type { Permission } from '../access.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf, requirePermission } from '../http/guards.ts';
import { IdParams, limitUpTo } from '../schemas/common.ts';
import { AlertSchema, AlertStateSchema } from '../schemas/records.ts';

const AlertQuery = Type.Object(
  {
    state: Type.Optional(AlertStateSchema),
    afterRevision: Type.Optional(Type.Integer({ minimum: 0, description: 'Changed since; oldest change first.' })),
    limit: limitUpTo(5000),
  },
  { additionalProperties: false },
);
const NoteBody = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 4000, description: 'For the file.' })) },
  { additionalProperties: false },
);
const AlertAnswer = Type.Object({ alert: AlertSchema });

type Action = 'acknowledge' | 'reopen' | 'close';

const ACTIONS: readonly { action: Action; access: Permission; summary: string }[] = [
  { action: 'acknowledge', access: 'alerts.acknowledge', summary: 'Someone has seen it' },
  { action: 'reopen', access: 'alerts.acknowledge', summary: 'Undoes an acknowledgement or a closing' },
  { action: 'close', access: 'alerts.close', summary: 'The matter is settled' },
];

export function alertRoutes(app: Gateway, { store, alerts, audit }: RouteContext): void {
  async function existing(id: string): Promise<Alert> {
    const alert = await store.alerts.get(id);
    if (alert === null) throw new BandwardenError('not-found', `there is no alert ${id}`);
    return alert;
  }

  /** Who may not close may not undo a closing either. */
  async function checkReopen(request: FastifyRequest, id: string): Promise<void> {
    if ((await existing(id)).state === 'closed') requirePermission(request, 'alerts.close');
  }

  app.get(
    '/alerts',
    {
      config: { access: 'read' },
      schema: {
        tags: ['alerts'],
        summary: 'Alerts, last change first; after a revision, oldest change first',
        querystring: AlertQuery,
        response: { 200: Type.Object({ alerts: Type.Array(AlertSchema) }) },
      },
    },
    async ({ query }) => ({ alerts: await store.alerts.find({ ...query, limit: query.limit ?? 500 }) }),
  );

  app.get(
    '/alerts/:id',
    {
      config: { access: 'read' },
      schema: { tags: ['alerts'], summary: 'One alert', params: IdParams, response: { 200: AlertAnswer } },
    },
    async ({ params }) => ({ alert: await existing(params.id) }),
  );

  for (const { action, access, summary } of ACTIONS) {
    app.post(
      `/alerts/:id/${action}`,
      {
        config: { access },
        schema: { tags: ['alerts'], summary, params: IdParams, body: NoteBody, response: { 200: AlertAnswer } },
      },
      async (request) => {
        const { id } = request.params;
        const { name } = principalOf(request).account;
        const note = request.body.note ?? '';
        if (action === 'reopen') await checkReopen(request, id);
        const alert = await alerts[action](id, name, note);
        await audit(name, `alert.${action}`, id, note);
        return { alert };
      },
    );
  }
}

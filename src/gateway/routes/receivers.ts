import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { flag, IdParams, NoContent } from '../schemas/common.ts';
import { ReceiverSchema } from '../schemas/records.ts';

const ReceiverAnswer = Type.Object({ receiver: ReceiverSchema });

export function receiverRoutes(app: Gateway, { live, receivers, audit }: RouteContext): void {
  app.get(
    '/receivers',
    {
      config: { access: 'read' },
      schema: {
        tags: ['receivers'],
        summary: 'All receivers with their present state',
        response: { 200: Type.Object({ receivers: Type.Array(ReceiverSchema) }) },
      },
    },
    async () => ({ receivers: live.receivers() }),
  );

  app.get(
    '/receivers/:id',
    {
      config: { access: 'read' },
      schema: { tags: ['receivers'], summary: 'One receiver', params: IdParams, response: { 200: ReceiverAnswer } },
    },
    async ({ params }) => {
      const receiver = live.receivers().find(({ id }) => id === params.id);
      if (receiver === undefined) throw new BandwardenError('not-found', `there is no receiver ${params.id}`);
      return { receiver };
    },
  );

  app.post(
    '/receivers/:id/approve',
    {
      config: { access: 'receivers.approve' },
      schema: {
        tags: ['receivers'],
        summary: 'Takes in what this receiver sends, or no longer',
        params: IdParams,
        body: Type.Object({ approved: flag }, { additionalProperties: false }),
        response: { 200: ReceiverAnswer },
      },
    },
    async (request) => {
      const { approved } = request.body;
      const receiver = await receivers.approve(request.params.id, approved);
      await audit(principalOf(request).account.name, approved ? 'receiver.approve' : 'receiver.refuse', receiver.id);
      return { receiver };
    },
  );

  app.patch(
    '/receivers/:id',
    {
      config: { access: 'receivers.manage' },
      schema: {
        tags: ['receivers'],
        summary: 'Renames a receiver; empty: its id again',
        params: IdParams,
        body: Type.Object({ name: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
        response: { 200: ReceiverAnswer },
      },
    },
    async (request) => {
      const receiver = await receivers.rename(request.params.id, request.body.name);
      await audit(principalOf(request).account.name, 'receiver.rename', receiver.id, receiver.name);
      return { receiver };
    },
  );

  app.delete(
    '/receivers/:id',
    {
      config: { access: 'receivers.manage' },
      schema: {
        tags: ['receivers'],
        summary: 'Forgets a receiver with its credentials, plan and missions; what it observed stays',
        params: IdParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await receivers.forget(request.params.id);
      await audit(principalOf(request).account.name, 'receiver.forget', request.params.id);
      return reply.code(204).send(null);
    },
  );
}

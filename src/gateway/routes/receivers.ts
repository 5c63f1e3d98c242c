import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { flag, IdParams } from '../schemas/common.ts';
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
}

import { Type } from 'typebox';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { IdParams } from '../schemas/common.ts';
import { OutlineSchema, PlanSchema, TaskingSchema } from '../schemas/tasking.ts';

const PlanBody = Type.Object({ plan: PlanSchema }, { additionalProperties: false });
const TaskingAnswer = Type.Object({ tasking: TaskingSchema });

/** What receivers look at by themselves. */
export function planRoutes(app: Gateway, { tasking, audit }: RouteContext): void {
  app.get(
    '/tasking',
    {
      config: { access: 'read' },
      schema: {
        tags: ['tasking'],
        summary: 'Who commands each receiver, and what became of the last command',
        response: { 200: Type.Object({ tasking: Type.Array(TaskingSchema) }) },
      },
    },
    async () => ({ tasking: tasking.list() }),
  );

  app.get(
    '/receivers/:id/tasking',
    {
      config: { access: 'read' },
      schema: {
        tags: ['tasking'],
        summary: 'The same of one receiver',
        params: IdParams,
        response: { 200: TaskingAnswer },
      },
    },
    async ({ params }) => ({ tasking: tasking.of(params.id) }),
  );

  app.post(
    '/receivers/:id/plan/outline',
    {
      config: { access: 'read' },
      schema: {
        tags: ['tasking'],
        summary:
          'What a plan would come to: its steps, how often each band is seen, or why it cannot be; changes nothing',
        params: IdParams,
        body: PlanBody,
        response: { 200: Type.Object({ outline: OutlineSchema }) },
      },
    },
    async ({ params, body }) => ({ outline: tasking.outline(params.id, body.plan) }),
  );

  app.put(
    '/receivers/:id/plan',
    {
      config: { access: 'receivers.plan' },
      schema: {
        tags: ['tasking'],
        summary: 'Gives a receiver a scan plan',
        params: IdParams,
        body: PlanBody,
        response: { 200: TaskingAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { plan } = request.body;
      const { name } = principalOf(request).account;
      const status = await tasking.setPlan(id, plan, name);
      await audit(name, 'receiver.plan', id, JSON.stringify(plan.bands));
      return { tasking: status };
    },
  );

  app.delete(
    '/receivers/:id/plan',
    {
      config: { access: 'receivers.plan' },
      schema: {
        tags: ['tasking'],
        summary: 'Takes the plan away: the receiver goes back to what it looked at before',
        params: IdParams,
        response: { 200: TaskingAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name } = principalOf(request).account;
      const status = await tasking.setPlan(id, null, name);
      await audit(name, 'receiver.plan-removed', id);
      return { tasking: status };
    },
  );
}

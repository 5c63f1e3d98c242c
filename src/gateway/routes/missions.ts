import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { MissionStatus } from '../../core/tasking.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { IdParams } from '../schemas/common.ts';
import { MissionBodySchema, MissionSchema } from '../schemas/tasking.ts';

const MissionAnswer = Type.Object({ mission: MissionSchema });

/** Plans that take the place of a receiver's own at stated times. */
export function missionRoutes(app: Gateway, { tasking, audit }: RouteContext): void {
  async function put(request: FastifyRequest, id: string, body: Static<typeof MissionBodySchema>, action: string) {
    const { name } = principalOf(request).account;
    const mission = await tasking.putMission({ ...body, id, changedBy: name });
    const { start, stop, timeZone } = body.schedule;
    await audit(
      name,
      action,
      body.receiver,
      `${body.name}: ${start}–${stop} ${timeZone}${body.enabled ? '' : ', off'}`,
    );
    return { mission: withoutSteps(mission) };
  }

  app.get(
    '/missions',
    {
      config: { access: 'read' },
      schema: {
        tags: ['tasking'],
        summary: 'All missions with the run that is on, or the next one',
        response: { 200: Type.Object({ missions: Type.Array(MissionSchema) }) },
      },
    },
    async () => ({ missions: tasking.missions().map(withoutSteps) }),
  );

  app.post(
    '/missions',
    {
      config: { access: 'receivers.plan' },
      schema: {
        tags: ['tasking'],
        summary: 'Schedules a mission',
        body: MissionBodySchema,
        response: { 200: MissionAnswer },
      },
    },
    async (request) => put(request, randomUUID(), request.body, 'mission.add'),
  );

  app.put(
    '/missions/:id',
    {
      config: { access: 'receivers.plan' },
      schema: {
        tags: ['tasking'],
        summary: 'Changes a mission, or switches it on or off',
        params: IdParams,
        body: MissionBodySchema,
        response: { 200: MissionAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (!tasking.missions().some((mission) => mission.id === id)) {
        throw new BandwardenError('not-found', `there is no mission ${id}`);
      }
      return put(request, id, request.body, 'mission.change');
    },
  );

  app.delete(
    '/missions/:id',
    {
      config: { access: 'receivers.plan' },
      schema: {
        tags: ['tasking'],
        summary: 'Removes a mission',
        params: IdParams,
        response: { 200: Type.Object({ missions: Type.Array(MissionSchema) }) },
      },
    },
    async (request) => {
      const removed = await tasking.removeMission(request.params.id);
      await audit(principalOf(request).account.name, 'mission.remove', removed.receiver, removed.name);
      return { missions: tasking.missions().map(withoutSteps) };
    },
  );
}

function withoutSteps({ plan, ...mission }: MissionStatus): Static<typeof MissionSchema> {
  const { steps: _steps, ...rest } = plan;
  return { ...mission, plan: rest };
}

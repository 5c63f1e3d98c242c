import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { BandwardenError } from '../../core/errors.ts';
import type { ReceiverTask, Tuning } from '../../core/tasking.ts';
import { roleMayTakeFrom } from '../access.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { Id, IdParams } from '../schemas/common.ts';
import { TaskingSchema, TuningSchema } from '../schemas/tasking.ts';

const LONGEST_TASK_SECONDS = 7 * 86_400;

const TaskBody = Type.Object(
  {
    tuning: TuningSchema,
    seconds: Type.Optional(
      Type.Union([Type.Null(), Type.Number({ minimum: 1, maximum: LONGEST_TASK_SECONDS })], {
        description: 'null or missing: until it is released.',
      }),
    ),
    takeOver: Type.Optional(
      Type.String({ maxLength: 64, description: "The id of somebody else's task that this replaces." }),
    ),
  },
  { additionalProperties: false },
);
const TaskParams = Type.Object({ id: Id, task: Id }, { additionalProperties: false });
const TaskingAnswer = Type.Object({ tasking: TaskingSchema });

/** Somebody else's task may be ended by those whose word weighs as much. */
function checkHolder(request: FastifyRequest, task: ReceiverTask | null): void {
  const { name, role } = principalOf(request).account;
  if (task === null || task.by === name || roleMayTakeFrom(role, task.role)) return;
  throw new BandwardenError(
    'forbidden',
    `${task.by}, ${task.role}, holds this receiver: the role ${role} may not take it`,
  );
}

function words(tuning: Tuning): string {
  if (tuning.kind === 'tune') return `${tuning.centerHz} Hz`;
  return `${tuning.startHz} to ${tuning.stopHz} Hz`;
}

/** An operator's own use of a receiver for a while. */
export function taskRoutes(app: Gateway, { tasking, audit }: RouteContext): void {
  app.post(
    '/receivers/:id/task',
    {
      config: { access: 'receivers.task' },
      schema: {
        tags: ['tasking'],
        summary:
          'Tunes a receiver now, before its plan and missions; it gives back when over, released, or at a restart',
        params: IdParams,
        body: TaskBody,
        response: { 200: TaskingAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { tuning, seconds = null, takeOver = null } = request.body;
      const { name, role } = principalOf(request).account;
      const { task } = tasking.of(id);
      if (takeOver !== null) checkHolder(request, task);
      const status = await tasking.startTask(id, { tuning, seconds, by: name, role, takeOver });
      const taken = task !== null && task.by !== name;
      const what = `${words(tuning)}, ${seconds === null ? 'until released' : `${seconds} s`}`;
      await audit(name, taken ? 'receiver.take-over' : 'receiver.task', id, taken ? `${what}; from ${task.by}` : what);
      return { tasking: status };
    },
  );

  app.delete(
    '/receivers/:id/task/:task',
    {
      config: { access: 'receivers.task' },
      schema: { tags: ['tasking'], summary: 'Releases a task', params: TaskParams, response: { 200: TaskingAnswer } },
    },
    async (request) => {
      const { id, task: taskId } = request.params;
      const { name } = principalOf(request).account;
      const { task } = tasking.of(id);
      checkHolder(request, task);
      const status = await tasking.releaseTask(id, taskId);
      await audit(name, 'receiver.release', id, task === null || task.by === name ? '' : `from ${task.by}`);
      return { tasking: status };
    },
  );
}

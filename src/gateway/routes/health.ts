import { Type } from 'typebox';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { flag } from '../schemas/common.ts';

/** For supervisors on this machine: is the process alive, can it work, and what does it count. */
export function healthRoutes(app: Gateway, { store, metrics }: RouteContext): void {
  app.get(
    '/healthz',
    { config: { access: 'loopback' }, schema: { hide: true, response: { 200: Type.Object({ alive: flag }) } } },
    async () => ({ alive: true }),
  );

  app.get(
    '/readyz',
    { config: { access: 'loopback' }, schema: { hide: true, response: { 200: Type.Object({ ready: flag }) } } },
    async () => {
      await store.alerts.lastRevision();
      return { ready: true };
    },
  );

  app.get('/metrics', { config: { access: 'loopback' }, schema: { hide: true } }, async (_request, reply) => {
    return await reply.type(metrics.contentType).send(await metrics.text());
  });
}

import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { principalOf } from '../http/guards.ts';
import { takeUpgrade } from '../live/upgrade.ts';

/** `/ws`: an ordinary route to the guards, a WebSocket from then on. */
export function liveRoutes(app: Gateway, { hub }: RouteContext): void {
  app.get(
    '/ws',
    { config: { access: 'read' }, exposeHeadRoute: false, schema: { hide: true } },
    async (request, reply) => {
      const { upgrade: protocol, 'sec-websocket-key': key, 'sec-websocket-version': version } = request.headers;
      if (protocol?.toLowerCase() !== 'websocket' || key === undefined || version !== '13') {
        throw new BandwardenError('bad-argument', 'this address speaks WebSocket, version 13');
      }
      const principal = principalOf(request);
      hub.checkRoom(principal);
      const upgrade = takeUpgrade(request.raw);
      if (upgrade === null) throw new BandwardenError('bad-argument', 'this address speaks WebSocket');
      reply.hijack();
      hub.accept(request.raw, upgrade, principal);
    },
  );
}

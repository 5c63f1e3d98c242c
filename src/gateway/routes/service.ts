import { Type } from 'typebox';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';
import { number, text } from '../schemas/common.ts';

const ServiceAnswer = Type.Object({
  service: text,
  version: text,
  startedMs: number,
  uptimeSeconds: number,
  counters: Type.Object({
    samples: number,
    frames: number,
    blocksDropped: number,
    alertsRaised: number,
    rejected: Type.Record(Type.String(), number),
    liveClients: number,
    spectraSkipped: number,
  }),
});

export function serviceRoutes(app: Gateway, { config, clock, live, hub }: RouteContext): void {
  app.get(
    '/service',
    {
      config: { access: 'read' },
      schema: { tags: ['service'], summary: 'Version and counters', response: { 200: ServiceAnswer } },
    },
    async () => {
      const { startedMs, ...counters } = live.counters();
      const { clients, spectraSkipped } = hub.statistics();
      return {
        service: config.serviceName,
        version: config.version,
        startedMs,
        uptimeSeconds: (clock.nowMs() - startedMs) / 1000,
        counters: { ...counters, rejected: { ...counters.rejected }, liveClients: clients, spectraSkipped },
      };
    },
  );
}

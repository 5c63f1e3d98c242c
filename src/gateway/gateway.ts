import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { Identity } from './auth/identity.ts';
import type { RouteContext } from './context.ts';
import type { Gateway, GatewayDeps } from './deps.ts';
import { apiDocsPages, describeApi } from './http/api-docs.ts';
import { errorHandler } from './http/errors.ts';
import { addGuards } from './http/guards.ts';
import { addSecurityHeaders } from './http/headers.ts';
import { hostsOf } from './http/hosts.ts';
import { listRoutes, type RouteList } from './http/route-list.ts';
import { createLiveHub, type HubTimes } from './live/hub.ts';
import { routeUpgrades } from './live/upgrade.ts';
import { gatewayMetrics } from './metrics.ts';
import { accountRoutes } from './routes/accounts.ts';
import { alertRoutes } from './routes/alerts.ts';
import { assignmentRoutes } from './routes/assignments.ts';
import { auditRoutes } from './routes/audit.ts';
import { bearingRoutes } from './routes/bearings.ts';
import { calibrationRoutes } from './routes/calibration.ts';
import { coverageRoutes } from './routes/coverage.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { emissionRoutes } from './routes/emissions.ts';
import { healthRoutes } from './routes/health.ts';
import { liveRoutes } from './routes/live.ts';
import { missionRoutes } from './routes/missions.ts';
import { occupancyRoutes } from './routes/occupancy.ts';
import { planRoutes } from './routes/plans.ts';
import { receiverRoutes } from './routes/receivers.ts';
import { serviceRoutes } from './routes/service.ts';
import { sessionRoutes } from './routes/session.ts';
import { setupRoutes } from './routes/setup.ts';
import { spectrumRoutes } from './routes/spectra.ts';
import { taskRoutes } from './routes/tasks.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { ErrorBody } from './schemas/common.ts';

const BODY_BYTES = 64 * 1024;
const REQUEST_MS = 60_000;

const API_ROUTES = [
  setupRoutes,
  sessionRoutes,
  accountRoutes,
  tokenRoutes,
  receiverRoutes,
  planRoutes,
  taskRoutes,
  missionRoutes,
  emissionRoutes,
  alertRoutes,
  assignmentRoutes,
  spectrumRoutes,
  coverageRoutes,
  occupancyRoutes,
  calibrationRoutes,
  bearingRoutes,
  auditRoutes,
  serviceRoutes,
];

export interface BuiltGateway extends Gateway {
  /** Every route with what it needs; tests walk it. */
  readonly routeList: RouteList;
}

function contextOf(deps: GatewayDeps, times: HubTimes | undefined): RouteContext {
  const { store, clock, config, live } = deps;
  const identity = new Identity({ store, clock, sessionHours: config.sessionHours });
  const hub = createLiveHub({ ...deps, identity, ...(times === undefined ? {} : { times }) });
  return {
    ...deps,
    identity,
    hub,
    hosts: hostsOf(config),
    metrics: gatewayMetrics(live, () => hub.statistics()),
    async audit(by, action, subject, detail = '') {
      await store.audit.append({ timeMs: clock.nowMs(), by, action, subject, detail });
    },
  };
}

async function addApi(app: Gateway, context: RouteContext): Promise<void> {
  await app.register(
    async (api) => {
      api.addHook('onRoute', (route) => {
        route.schema = {
          ...route.schema,
          response: { '4xx': ErrorBody, '5xx': ErrorBody, ...(route.schema?.response ?? {}) },
        };
      });
      api.addHook('onSend', async (_request, reply) => {
        if (reply.getHeader('cache-control') === undefined) reply.header('cache-control', 'no-store');
      });
      for (const routes of API_ROUTES) routes(api.withTypeProvider<TypeBoxTypeProvider>() as Gateway, context);
    },
    { prefix: '/api/v1' },
  );
}

/** HTTP, WebSocket and the dashboard's files. The caller listens; `inject` answers without. */
export async function buildGateway(deps: GatewayDeps, times?: HubTimes): Promise<BuiltGateway> {
  const { trustedProxies } = deps.config;
  const app = Fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>() as Gateway;
  app.setValidatorCompiler(TypeBoxValidatorCompiler as never);
  app.setErrorHandler(errorHandler(deps.log));

  const context = contextOf(deps, times);
  const routeList = listRoutes(app);
  app.decorate('routeList', routeList);
  await addSecurityHeaders(app, deps.config);
  await app.register(cookie);
  addGuards(app, context);
  await app.register(rateLimit, { global: false });
  await describeApi(app, deps.config);
  app.addHook('onResponse', async ({ method }, { statusCode }) => context.metrics.answered(method, statusCode));
  app.addHook('preClose', async () => context.hub.close());

  await addApi(app, context);
  healthRoutes(app, context);
  liveRoutes(app, context);
  await apiDocsPages(app);
  await app.register(async (pages) => {
    pages.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await dashboardRoutes(pages as Gateway, context);
  });
  routeUpgrades(app);
  await app.ready();
  return app as BuiltGateway;
}

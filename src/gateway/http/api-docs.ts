import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Gateway, GatewayConfig } from '../deps.ts';

/** The OpenAPI description, made from the same schemas that check requests. Registered before the routes. */
export async function describeApi(app: Gateway, { version }: GatewayConfig): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bandwarden',
        version,
        description:
          'Spectrum monitoring. Times are ms since 1970 in UTC, frequencies Hz. Live data: WebSocket at /ws.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'bandwarden_session' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
  });
}

export async function apiDocsPages(app: Gateway): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await docs.register(swaggerUi, {
      routePrefix: '/api/docs',
      uiConfig: { deepLinking: false, tryItOutEnabled: false },
    });
  });
}

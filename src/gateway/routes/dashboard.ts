import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BandwardenError } from '../../core/errors.ts';
import type { RouteContext } from '../context.ts';
import type { Gateway } from '../deps.ts';

const OTHER_PATHS = /^\/(?:api|ws|healthz|readyz|metrics)(?:[/?]|$)/;

/** A page of the dashboard's own router: no file's name, asked for by a browser. */
function isPage({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0];
  const wantsPage = (headers.accept ?? '').includes('text/html');
  return method === 'GET' && wantsPage && !OTHER_PATHS.test(path) && !/\.[^/]*$/.test(path);
}

/** The dashboard: its files are public, for the login is one of its pages. */
export async function dashboardRoutes(app: Gateway, { staticDir }: RouteContext): Promise<void> {
  const built = existsSync(join(staticDir, 'index.html'));
  app.setNotFoundHandler(async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isPage(request))
      throw new BandwardenError('not-found', `there is no ${request.method} ${request.url.split('?', 1)[0]}`);
    if (!built) throw new BandwardenError('unavailable', 'the dashboard is not built: run npm run build');
    return await reply.sendFile('index.html');
  });
  if (!built) return;
  await app.register(fastifyStatic, {
    root: staticDir,
    cacheControl: false,
    setHeaders(reply, path) {
      // Names of assets hold their content's hash: what a name stands for never changes.
      const hashed = /[\\/]assets[\\/]/.test(path);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

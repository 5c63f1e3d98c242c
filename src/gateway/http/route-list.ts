import type { RouteOptions } from 'fastify';
import type { Access } from '../access.ts';
import type { Gateway } from '../deps.ts';

export type RouteList = () => { readonly method: string; readonly url: string; readonly access: Access | undefined }[];

/** Keeps the list of all routes, and refuses to start with one that does not say who may call it. */
export function listRoutes(app: Gateway): RouteList {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  const list: RouteList = () =>
    routes.flatMap(({ method, url, config }) => {
      return [method].flat().map((name) => ({ method: name, url, access: config?.access }));
    });
  app.addHook('onReady', async () => {
    const open = list().find(({ access }) => access === undefined);
    if (open !== undefined) throw new Error(`the route ${open.method} ${open.url} names no permission`);
  });
  return list;
}

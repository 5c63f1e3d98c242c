import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../src/core/records.ts';
import { PERMISSIONS, type Permission } from '../../src/gateway/access.ts';
import { alert } from '../store/records.ts';
import { own, testGateway } from './support.ts';

const everyone = ROLES;
const officers: readonly Role[] = ['officer', 'supervisor', 'administrator'];
const operators: readonly Role[] = ['operator', ...officers];
const administrators: readonly Role[] = ['administrator'];
const supervisors: readonly Role[] = ['supervisor', 'administrator'];

/** Written down apart from the gateway's own table: who may call what. `null` needs no login. */
const TABLE: readonly [string, readonly Role[] | null][] = [
  ['GET /api/v1/setup', null],
  ['POST /api/v1/setup', null],
  ['POST /api/v1/session', null],
  ['GET /api/v1/session', everyone],
  ['DELETE /api/v1/session', everyone],
  ['POST /api/v1/session/password', everyone],
  ['GET /api/v1/accounts', administrators],
  ['POST /api/v1/accounts', administrators],
  ['PATCH /api/v1/accounts/:id', administrators],
  ['GET /api/v1/tokens', everyone],
  ['POST /api/v1/tokens', everyone],
  ['DELETE /api/v1/tokens/:id', everyone],
  ['GET /api/v1/receivers', everyone],
  ['GET /api/v1/receivers/:id', everyone],
  ['POST /api/v1/receivers/:id/approve', operators],
  ['PATCH /api/v1/receivers/:id', officers],
  ['DELETE /api/v1/receivers/:id', officers],
  ['GET /api/v1/tasking', everyone],
  ['GET /api/v1/receivers/:id/tasking', everyone],
  ['POST /api/v1/receivers/:id/plan/outline', everyone],
  ['PUT /api/v1/receivers/:id/plan', officers],
  ['DELETE /api/v1/receivers/:id/plan', officers],
  ['POST /api/v1/receivers/:id/task', operators],
  ['DELETE /api/v1/receivers/:id/task/:task', operators],
  ['GET /api/v1/missions', everyone],
  ['POST /api/v1/missions', officers],
  ['PUT /api/v1/missions/:id', officers],
  ['DELETE /api/v1/missions/:id', officers],
  ['GET /api/v1/emissions', everyone],
  ['GET /api/v1/emissions/:id', everyone],
  ['GET /api/v1/alerts', everyone],
  ['GET /api/v1/alerts/:id', everyone],
  ['POST /api/v1/alerts/:id/acknowledge', operators],
  ['POST /api/v1/alerts/:id/reopen', operators],
  ['POST /api/v1/alerts/:id/close', officers],
  ['GET /api/v1/assignments', everyone],
  ['GET /api/v1/assignments/count', everyone],
  ['POST /api/v1/assignments/import', officers],
  ['GET /api/v1/spectra', everyone],
  ['GET /api/v1/coverage', everyone],
  ['GET /api/v1/occupancy', everyone],
  ['GET /api/v1/receivers/:id/calibrations', everyone],
  ['POST /api/v1/receivers/:id/calibrations', supervisors],
  ['POST /api/v1/receivers/:id/calibrations/import', supervisors],
  ['GET /api/v1/receivers/:id/calibrations/:version/table.csv', everyone],
  ['POST /api/v1/receivers/:id/calibrations/measure', supervisors],
  ['POST /api/v1/receivers/:id/calibrations/propose', supervisors],
  ['GET /api/v1/bearings', everyone],
  ['POST /api/v1/bearings', operators],
  ['POST /api/v1/bearings/import', operators],
  ['GET /api/v1/audit', ['auditor', 'administrator']],
  ['GET /api/v1/service', everyone],
  ['GET /ws', everyone],
];

const LOOPBACK = ['GET /healthz', 'GET /readyz', 'GET /metrics'];

describe('access', () => {
  it('is stated for every route, and as this table has it', async () => {
    const { app } = await testGateway();
    const routes = app.routeList().filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/api/docs'));
    const expected = new Map<string, readonly Role[] | null>(TABLE);
    for (const { method, url, access } of routes) {
      const route = `${method} ${url}`;
      expect(access, route).toBeDefined();
      if (access === 'loopback') expect(LOOPBACK).toContain(route);
      else if (access === 'public') expect(expected.get(route), route).toBeNull();
      else expect(expected.get(route), route).toEqual(PERMISSIONS[access as Permission]);
    }
    expect(routes).toHaveLength(TABLE.length + LOOPBACK.length);
  });

  it('of a HEAD route is that of its GET', async () => {
    const { app } = await testGateway();
    for (const head of app.routeList().filter(({ method, url }) => method === 'HEAD' && url.startsWith('/api/v1'))) {
      const get = app.routeList().find(({ method, url }) => method === 'GET' && url === head.url);
      expect(head.access).toBe(get?.access);
    }
  });

  it('is refused without a login by every route that needs one, whatever is sent', async () => {
    const { app } = await testGateway();
    for (const [route, roles] of TABLE) {
      if (roles === null) continue;
      const [method, url] = route.split(' ') as ['GET', string];
      for (const id of ['x', ':id', '*', '..%2f..', '%00']) {
        const answer = await app.inject({ method, url: url.replace(':id', id), headers: own });
        expect(answer.statusCode, `${method} ${url} ${id}`).toBe(401);
        expect(answer.json()).toEqual({ error: { code: 'unauthenticated', message: expect.any(String) } });
        if (!url.includes(':id')) break;
      }
    }
  });

  it('is what the table says, for every role', async () => {
    const { app, login } = await testGateway();
    for (const role of ROLES) {
      const cookie = await login(role);
      for (const [route, roles] of TABLE) {
        if (roles === null || route.includes('DELETE /api/v1/session')) continue;
        const [method, url] = route.split(' ') as ['GET', string];
        const answer = await app.inject({ method, url: url.replace(':id', 'none'), headers: { cookie, ...own } });
        if (roles.includes(role)) expect([401, 403], `${role}: ${route}`).not.toContain(answer.statusCode);
        else expect(answer.statusCode, `${role}: ${route}`).toBe(403);
      }
    }
  });

  it('to undo a closing needs the right to close', async () => {
    const { app, login, store } = await testGateway();
    await store.alerts.put(alert('a1', 1, { state: 'acknowledged' }));
    await store.alerts.put(alert('a2', 2, { state: 'closed' }));
    const operator = { cookie: await login('operator'), ...own };
    const officer = { cookie: await login('officer'), ...own };
    const reopen = async (id: string, headers: object) => {
      const answer = await app.inject({
        method: 'POST',
        url: `/api/v1/alerts/${id}/reopen`,
        headers: { ...headers },
        payload: {},
      });
      return answer.statusCode;
    };
    expect(await reopen('a1', operator)).toBe(200);
    expect(await reopen('a2', operator)).toBe(403);
    expect(await reopen('a2', officer)).toBe(200);
  });

  it('to health and metrics is this machine alone, and not what a proxy on it passes on', async () => {
    const { app } = await testGateway({ config: { publicUrl: 'https://spectrum.example.org' } });
    for (const route of LOOPBACK) {
      const url = route.split(' ')[1];
      expect((await app.inject({ url })).statusCode).toBe(200);
      expect((await app.inject({ url, remoteAddress: '192.0.2.7' })).statusCode).toBe(403);
      expect((await app.inject({ url, headers: { 'x-forwarded-for': '192.0.2.7' } })).statusCode).toBe(403);
      expect((await app.inject({ url, headers: { host: 'spectrum.example.org' } })).statusCode).toBe(403);
    }
  });
});

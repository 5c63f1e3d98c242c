import type { FastifyRequest } from 'fastify';
import { BandwardenError } from '../../core/errors.ts';
import { type Access, type Permission, roleMay } from '../access.ts';
import { type Identity, type Principal, SESSION_COOKIE } from '../auth/identity.ts';
import type { Gateway } from '../deps.ts';
import { isUpgrade } from '../live/upgrade.ts';
import type { Hosts } from './hosts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. Without it the gateway does not start. */
    access?: Access;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK_ADDRESS = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** From this machine itself: a proxy on this machine passes on what others ask. */
function isLocal(request: FastifyRequest, hosts: Hosts): boolean {
  const forwarded = FORWARDED.some((name) => request.headers[name] !== undefined);
  return !forwarded && LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '') && hosts.isLoopback(request.host);
}

/**
 * Cross-site request forgery: what changes something comes from our own pages, or carries no cookie.
 * A browser names the origin of every such request, and of every WebSocket; a script with a bearer token needs none.
 */
function checkOrigin(request: FastifyRequest, hosts: Hosts): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const byToken = request.principal?.by === 'token';
  if (origin !== undefined) {
    if (hosts.isOwnOrigin(origin, request.host, request.protocol)) return;
    if (byToken && !isUpgrade(request.raw)) return;
  } else if (byToken) return;
  else if (site === 'same-origin') return;
  else if (site === undefined && request.cookies[SESSION_COOKIE] === undefined) return;
  throw new BandwardenError('forbidden', 'the request comes from another site');
}

function checkAccess(request: FastifyRequest, access: Access | undefined, hosts: Hosts): void {
  if (access === 'public') return;
  if (access === 'loopback') {
    if (isLocal(request, hosts)) return;
    throw new BandwardenError('forbidden', 'answered on this machine alone');
  }
  if (request.principal === null) throw new BandwardenError('unauthenticated', 'log in first');
  if (access === undefined) throw new BandwardenError('forbidden', 'this route names no permission');
  requirePermission(request, access);
}

/** Who asks; for routes that need a login. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new BandwardenError('unauthenticated', 'log in first');
  return request.principal;
}

export function requirePermission(request: FastifyRequest, permission: Permission): void {
  const { role } = principalOf(request).account;
  if (roleMay(role, permission)) return;
  throw new BandwardenError('forbidden', `the role ${role} may not do this (${permission})`);
}

/** For what a stolen token must not be able to do: make itself last. */
export function requireSession(request: FastifyRequest): Principal {
  const principal = principalOf(request);
  if (principal.by === 'session') return principal;
  throw new BandwardenError('forbidden', 'a token may not do this; log in');
}

export function addGuards(app: Gateway, { identity, hosts }: { identity: Identity; hosts: Hosts }): void {
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (!hosts.isOurs(request.host)) {
      throw new BandwardenError(
        'forbidden',
        'the Host header names another machine; set http.publicUrl to the address that people type',
      );
    }
    const { access } = request.routeOptions.config;
    if (request.is404) return;
    const { authorization } = request.headers;
    const session = request.cookies[SESSION_COOKIE];
    if (access !== 'loopback') request.principal = await identity.identify({ authorization, session });
    checkAccess(request, access, hosts);
    if (!READING.has(request.method) || isUpgrade(request.raw)) checkOrigin(request, hosts);
  });
}

import helmet from '@fastify/helmet';
import type { Gateway, GatewayConfig } from '../deps.ts';

type Request = { readonly headers: { readonly host?: string } };

/** Same-origin WebSockets, spelled out for browsers whose 'self' leaves them out; the guards have checked the host. */
function sockets(request: unknown): string {
  const { host = '' } = (request as Request).headers;
  return /^[a-z0-9.:[\]-]+$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'"],
  manifestSrc: ["'self'"],
  workerSrc: ["'self'"],
  connectSrc: ["'self'", (request: unknown) => sockets(request)],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
};

/** What the browser is told not to allow: no inline script or style, no frames, no other site's anything. */
export async function addSecurityHeaders(app: Gateway, { publicUrl }: GatewayConfig): Promise<void> {
  const secure = publicUrl?.startsWith('https:') ?? false;
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    strictTransportSecurity: secure ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    // Plain http on an office's network is not a trustworthy origin: browsers ignore it there, with a warning.
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
}

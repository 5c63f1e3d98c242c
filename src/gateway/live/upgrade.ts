import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Gateway } from '../deps.ts';

export interface PendingUpgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly response: ServerResponse;
}

const pending = new WeakMap<IncomingMessage, PendingUpgrade>();

export function isUpgrade(request: IncomingMessage): boolean {
  return pending.has(request);
}

/** Takes the socket over from HTTP; null where the request was a plain one. */
export function takeUpgrade(request: IncomingMessage): PendingUpgrade | null {
  const upgrade = pending.get(request) ?? null;
  pending.delete(request);
  return upgrade;
}

/**
 * Sends upgrade requests through the ordinary routes, so that the same guards decide on them;
 * the route takes the socket, and a refusal is an ordinary HTTP answer.
 */
export function routeUpgrades(app: Gateway): void {
  app.server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.on('finish', () => {
      if (pending.has(request)) socket.end();
    });
    pending.set(request, { socket, head, response });
    response.assignSocket(socket as never);
    app.routing(request, response);
  });
}

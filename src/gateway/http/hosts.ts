import { isIP } from 'node:net';
import type { GatewayConfig } from '../deps.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const WILDCARDS = ['0.0.0.0', '::', ''];

/** Name without port, lower case; null where a Host header is none. */
function hostName(host: string): string | null {
  const [, name] = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::\d{1,5})?$/i.exec(host) ?? [];
  return name?.toLowerCase() ?? null;
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** Which names are ours. */
export interface Hosts {
  /**
   * Against DNS rebinding: a page of another site whose name suddenly resolves to us arrives with its own name.
   * Where we listen on every interface, any bare address may be ours: a rebound name is never an address.
   */
  isOurs(host: string | undefined): boolean;
  isLoopback(host: string | undefined): boolean;
  /** Whether an Origin header is that of our own pages as this client reaches us. */
  isOwnOrigin(origin: string, host: string | undefined, protocol: string): boolean;
}

export function hostsOf({ host, publicUrl }: Pick<GatewayConfig, 'host' | 'publicUrl'>): Hosts {
  const publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin;
  const names = new Set([...LOOPBACK_NAMES, host.includes(':') ? `[${host}]` : host].map((name) => name.toLowerCase()));
  if (publicUrl !== null) names.add(new URL(publicUrl).hostname.toLowerCase());
  const anyAddress = WILDCARDS.includes(host);
  return {
    isOurs(header) {
      const name = header === undefined ? null : hostName(header);
      return name !== null && (names.has(name) || (anyAddress && isAddress(name)));
    },
    isLoopback(header) {
      const name = header === undefined ? null : hostName(header);
      return name !== null && LOOPBACK_NAMES.includes(name);
    },
    isOwnOrigin(origin, header, protocol) {
      if (!URL.canParse(origin)) return false;
      if (publicOrigin !== null && new URL(origin).origin === publicOrigin) return true;
      const own = `${protocol}://${header}`;
      return URL.canParse(own) && new URL(own).origin === new URL(origin).origin;
    },
  };
}

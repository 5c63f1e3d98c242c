import type { Identity } from './auth/identity.ts';
import type { GatewayDeps } from './deps.ts';
import type { Hosts } from './http/hosts.ts';
import type { LiveHub } from './live/hub.ts';
import type { GatewayMetrics } from './metrics.ts';

/** What the routes share: what the gateway was given, and what it made of it. */
export interface RouteContext extends GatewayDeps {
  readonly identity: Identity;
  readonly hosts: Hosts;
  readonly hub: LiveHub;
  readonly metrics: GatewayMetrics;
  /** Appends to the audit log; resolves once it is safe. */
  audit(by: string, action: string, subject: string, detail?: string): Promise<void>;
}

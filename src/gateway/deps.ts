import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type {
  AlertDesk,
  CalibrationDesk,
  Clock,
  CoverageDesk,
  LiveFeed,
  Log,
  OccupancyDesk,
  ReceiverDesk,
  Store,
  TaskingDesk,
} from '../core/ports.ts';
import type { SetupToken } from './auth/setup-token.ts';

export interface GatewayConfig {
  /** Address and port that the caller listens on; the host decides which `Host` headers are ours. */
  readonly host: string;
  readonly port: number;
  /** The address that people type, such as https://spectrum.example.org; null where it is the listening one. */
  readonly publicUrl: string | null;
  /** Reverse proxies whose X-Forwarded-… headers are believed. */
  readonly trustedProxies: readonly string[];
  /** A login ends this long after its last use. */
  readonly sessionHours: number;
  readonly serviceName: string;
  readonly version: string;
}

export interface GatewayDeps {
  readonly config: GatewayConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveFeed;
  readonly alerts: AlertDesk;
  readonly receivers: ReceiverDesk;
  readonly coverage?: CoverageDesk;
  readonly calibrations?: CalibrationDesk;
  readonly occupancy?: OccupancyDesk;
  readonly tasking: TaskingDesk;
  /** The one-time link for the first account. */
  readonly setupToken: SetupToken;
  /** Accounts that this start made by itself for the demonstration: they do not count as the first one. */
  readonly presetAccounts?: number;
  /** The built dashboard (dist/dashboards/web); it may be missing. */
  readonly staticDir: string;
  /** Told after an import, so that verdicts follow the new register. */
  readonly registerChanged?: () => void | Promise<void>;
}

export type Gateway = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

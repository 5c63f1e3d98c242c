import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { REJECT_REASONS } from '../core/frames.ts';
import type { LiveFeed, ServiceCounters } from '../core/ports.ts';
import { RECEIVER_STATES } from '../core/records.ts';

export interface GatewayMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  answered(method: string, status: number): void;
}

export interface LiveStatistics {
  readonly clients: number;
  readonly spectraSkipped: number;
  readonly evicted: number;
  /** Held for clients that have not read it yet. */
  readonly waitingBytes: number;
}

type Counted = Exclude<keyof ServiceCounters, 'startedMs' | 'rejected'>;

const SERVICE_COUNTERS: readonly { name: string; help: string; field: Counted }[] = [
  { name: 'bandwarden_alerts_raised_total', help: 'Alerts raised.', field: 'alertsRaised' },
  { name: 'bandwarden_samples_total', help: 'IQ pairs taken in.', field: 'samples' },
  { name: 'bandwarden_frames_total', help: 'IQ blocks and sweeps taken in.', field: 'frames' },
  {
    name: 'bandwarden_blocks_dropped_total',
    help: 'IQ blocks dropped because work fell behind.',
    field: 'blocksDropped',
  },
];

/** Counters of the service, read when they are asked for. */
function countService(registry: Registry, live: LiveFeed): void {
  for (const { name, help, field } of SERVICE_COUNTERS) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(live.counters()[field]);
      },
    });
  }
  new Counter({
    name: 'bandwarden_packets_rejected_total',
    help: 'Packets that were not taken, by reason.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      const { rejected } = live.counters();
      for (const reason of REJECT_REASONS) this.inc({ reason }, rejected[reason] ?? 0);
    },
  });
}

function gaugeState(registry: Registry, live: LiveFeed): void {
  new Gauge({
    name: 'bandwarden_receivers',
    help: 'Receivers, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const receivers = live.receivers();
      for (const state of RECEIVER_STATES)
        this.set({ state }, receivers.filter((known) => known.state === state).length);
    },
  });
  new Gauge({
    name: 'bandwarden_emissions_on_air',
    help: 'Emissions on the air now.',
    registers: [registry],
    collect() {
      this.set(live.emissions().length);
    },
  });
  new Gauge({
    name: 'bandwarden_start_time_ms',
    help: 'When the service started, ms since 1970.',
    registers: [registry],
    collect() {
      this.set(live.counters().startedMs);
    },
  });
}

function countLive(registry: Registry, statistics: () => LiveStatistics): void {
  const counted = [
    {
      name: 'bandwarden_live_spectra_skipped_total',
      help: 'Spectra left out for slow readers.',
      field: 'spectraSkipped',
    },
    {
      name: 'bandwarden_live_clients_evicted_total',
      help: 'Clients disconnected because they were stuck.',
      field: 'evicted',
    },
  ] as const;
  new Gauge({
    name: 'bandwarden_live_clients',
    help: 'WebSocket clients.',
    registers: [registry],
    collect() {
      this.set(statistics().clients);
    },
  });
  new Gauge({
    name: 'bandwarden_live_waiting_bytes',
    help: 'Bytes held for WebSocket clients that have not read them yet.',
    registers: [registry],
    collect() {
      this.set(statistics().waitingBytes);
    },
  });
  for (const { name, help, field } of counted) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(statistics()[field]);
      },
    });
  }
}

/** A registry of its own: two gateways in one process (tests) do not meet in it. */
export function gatewayMetrics(live: LiveFeed, statistics: () => LiveStatistics): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'bandwarden_' });
  countService(registry, live);
  gaugeState(registry, live);
  countLive(registry, statistics);
  const answers = new Counter({
    name: 'bandwarden_http_requests_total',
    help: 'HTTP requests answered.',
    labelNames: ['method', 'status'],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: (method, status) => answers.inc({ method, status: String(status) }),
  };
}

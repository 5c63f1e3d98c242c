import type { Log } from '../../src/core/ports.ts';

/** What the service or a receiver wants of its broker, whichever way leads there. */
export interface BrokerLinkOptions {
  /** Retained topic that says `online` while connected, and `offline` when it goes. */
  readonly statusTopic: string;
  readonly subscriptions: Readonly<Record<string, { qos: 0 | 1 }>>;
  readonly onMessage: (topic: string, payload: Uint8Array, retained: boolean) => void;
  readonly onConnected?: () => void;
  readonly onDisconnected?: () => void;
  readonly log: Log;
}

export interface BrokerLink {
  readonly isConnected: boolean;
  /** Resolves when the broker has it (QoS 1) or the way there has it (QoS 0); rejects where there is no connection. */
  publish(topic: string, payload: string | Uint8Array, qos: 0 | 1, retain?: boolean): Promise<void>;
  /** Says `offline` before it goes. */
  stop(): Promise<void>;
}

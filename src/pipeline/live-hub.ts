import type { LiveEvents, LiveFeed, Log, ServiceCounters } from '../core/ports.ts';
import type { EmissionRecord, ReceiverStatus } from '../core/records.ts';

/** The present state, asked of those who keep it. */
export interface LiveState {
  receivers(): ReceiverStatus[];
  emissions(): EmissionRecord[];
  counters(): ServiceCounters;
}

type Handlers = { [K in keyof LiveEvents]: Set<(value: LiveEvents[K]) => void> };

/** Passes on what happens. A listener that fails harms neither the others nor the one that tells. */
export class LiveHub implements LiveFeed {
  private readonly state: LiveState;
  private readonly log: Log;
  private readonly handlers: Handlers = {
    spectrum: new Set(),
    receiver: new Set(),
    emission: new Set(),
    alert: new Set(),
    tasking: new Set(),
    forgotten: new Set(),
  };

  constructor(state: LiveState, log: Log) {
    this.state = state;
    this.log = log;
  }

  receivers(): ReceiverStatus[] {
    return this.state.receivers();
  }

  emissions(): EmissionRecord[] {
    return this.state.emissions();
  }

  counters(): ServiceCounters {
    return this.state.counters();
  }

  on<K extends keyof LiveEvents>(event: K, handler: (value: LiveEvents[K]) => void): () => void {
    this.handlers[event].add(handler);
    return () => this.handlers[event].delete(handler);
  }

  emit<K extends keyof LiveEvents>(event: K, value: LiveEvents[K]): void {
    for (const handler of this.handlers[event]) {
      try {
        handler(value);
      } catch (error) {
        this.log.error({ event, error: String(error) }, 'a listener of live events failed');
      }
    }
  }
}

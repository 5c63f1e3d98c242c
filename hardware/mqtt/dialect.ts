import type { DriverSink } from '../../src/core/driver.ts';
import { RadioHoundDialect } from './radiohound/driver.ts';
import { SdrHubDialect } from './sdr-hub/driver.ts';

/** Receivers of other systems on the office's broker: their messages, in their own topics and forms. */
export interface Dialect {
  take(topic: string, payload: Uint8Array, sink: DriverSink): void;
  stop(): void;
}

/** The one table of dialects: a new one is a folder and a line here and one in options.ts. */
const DIALECTS = {
  radiohound: (receiver: string) => new RadioHoundDialect(receiver),
  'sdr-hub': (receiver: string) => new SdrHubDialect(receiver),
} satisfies Record<string, (receiver: string) => Dialect>;

export interface DialectReceiver {
  readonly receiver: string;
  readonly dialect: keyof typeof DIALECTS;
  /** Topic filter, with + and #. */
  readonly topic: string;
}

interface Listener {
  readonly receiver: string;
  readonly filter: string;
  readonly dialect: Dialect;
}

/** Hands each message to the dialects that asked for its topic. */
export class DialectTable {
  private readonly listeners: readonly Listener[];

  constructor(receivers: readonly DialectReceiver[]) {
    this.listeners = receivers.map(({ receiver, dialect, topic }) => {
      return { receiver, filter: topic, dialect: DIALECTS[dialect](receiver) };
    });
  }

  get filters(): readonly string[] {
    return this.listeners.map(({ filter }) => filter);
  }

  of(topic: string): readonly Listener[] {
    return this.listeners.filter(({ filter }) => matchesFilter(filter, topic));
  }

  stop(): void {
    for (const { dialect } of this.listeners) dialect.stop();
  }
}

/** As brokers match: `+` is one level, `#` the rest and the level above it. */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}

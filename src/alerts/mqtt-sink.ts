import type { Log } from '../core/ports.ts';
import type { Alert } from '../core/records.ts';

export interface MqttSinkDeps {
  /** `<prefix>/alerts/<service>/<id>`. */
  readonly topicOf: (alertId: string) => string;
  /** Resolves when the broker has it. */
  readonly publish: (topic: string, payload: string) => Promise<void>;
  readonly log: Log;
}

/** Alerts that wait for a broker that is away; past that the one that waited longest is dropped: all are stored. */
const MOST_WAITING = 10_000;
const RETRY_MS = 5_000;

/** Publishes alerts with QoS 1. One that changes while it waits is sent once, as it is then. */
export class MqttAlertSink {
  private readonly deps: MqttSinkDeps;
  private readonly waiting = new Map<string, Alert>();
  private timer: NodeJS.Timeout | null = null;
  private sending = false;
  private drops = 0;

  constructor(deps: MqttSinkDeps) {
    this.deps = deps;
  }

  get dropped(): number {
    return this.drops;
  }

  tell(alert: Alert): void {
    this.waiting.delete(alert.id);
    this.waiting.set(alert.id, alert);
    const [oldest] = this.waiting.keys();
    if (this.waiting.size > MOST_WAITING && oldest !== undefined) {
      this.waiting.delete(oldest);
      this.drops++;
    }
    void this.send();
  }

  /** Tries again what waits: the broker is back. */
  retry(): void {
    void this.send();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let next = first(this.waiting); next !== undefined; next = first(this.waiting)) {
        await this.deps.publish(this.deps.topicOf(next.id), JSON.stringify(next));
        if (this.waiting.get(next.id) === next) this.waiting.delete(next.id);
      }
    } catch (error) {
      this.deps.log.warn({ error: String(error), waiting: this.waiting.size }, 'alerts wait for the MQTT broker');
      this.stop();
      this.timer = setTimeout(() => this.retry(), RETRY_MS).unref();
    } finally {
      this.sending = false;
    }
  }
}

function first(waiting: ReadonlyMap<string, Alert>): Alert | undefined {
  const [alert] = waiting.values();
  return alert;
}

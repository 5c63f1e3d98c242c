import type { Log, Store } from '../core/ports.ts';
import type { EmissionRecord } from '../core/records.ts';

/** Records that may wait for a store that fails; past that the one that waited longest is dropped, and counted. */
const MOST_WAITING = 10_000;
const RETRY_MS = 1_000;

/** Stores emissions in batches, one under way at a time; of a record that changes while it waits the latest goes. */
export class EmissionWriter {
  private readonly store: Store['emissions'];
  private readonly log: Log;
  private waiting = new Map<string, EmissionRecord>();
  private run: Promise<void> | null = null;
  private drops = 0;
  private stopping = false;

  constructor(store: Store['emissions'], log: Log) {
    this.store = store;
    this.log = log;
  }

  get dropped(): number {
    return this.drops;
  }

  /** Resolves once this record, or a later state of it, is safe, or was given up. */
  write(record: EmissionRecord): Promise<void> {
    this.waiting.delete(record.id);
    this.waiting.set(record.id, record);
    const [oldest] = this.waiting.keys();
    if (this.waiting.size > MOST_WAITING && oldest !== undefined) {
      this.waiting.delete(oldest);
      this.drops++;
    }
    // A batch under way left before this record came: the one after it is meant.
    this.run = this.run === null ? this.flush() : this.run.then(() => this.flush());
    const mine = this.run;
    void mine.then(() => {
      if (this.run === mine) this.run = null;
    });
    return mine;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.run;
  }

  private async flush(): Promise<void> {
    while (this.waiting.size > 0) {
      const batch = this.waiting;
      this.waiting = new Map();
      try {
        await this.store.put([...batch.values()]);
      } catch (error) {
        this.log.error({ error: String(error), records: batch.size }, 'emissions could not be stored; trying again');
        for (const [id, record] of batch) if (!this.waiting.has(id)) this.waiting.set(id, record);
        if (this.stopping) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

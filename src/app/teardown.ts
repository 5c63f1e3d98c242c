import type { Log } from '../core/ports.ts';

/** No part may hold up the end for longer; together they stay under five seconds. */
const PART_MS = 2_000;

/** Ends parts in the reverse of the order in which they were added, once, whatever fails on the way. */
export class Teardown {
  private readonly log: Log;
  private readonly parts: Array<{ readonly name: string; readonly end: () => Promise<unknown> }> = [];
  private done: Promise<void> | null = null;

  constructor(log: Log) {
    this.log = log;
  }

  add(name: string, end: () => Promise<unknown>): void {
    this.parts.push({ name, end });
  }

  run(): Promise<void> {
    this.done ??= this.endAll();
    return this.done;
  }

  private async endAll(): Promise<void> {
    for (const { name, end } of this.parts.toReversed()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`not ended within ${PART_MS} ms`)), PART_MS);
      });
      try {
        await Promise.race([end(), late]);
      } catch (error) {
        this.log.error({ part: name, error: String(error) }, 'a part could not be ended in order');
      } finally {
        clearTimeout(timer);
      }
    }
  }
}

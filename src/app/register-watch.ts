import type { Log, Store } from '../core/ports.ts';

const INTERVAL_MS = 10_000;

/**
 * Reads the register again when another process has imported into it, which shows in its number of rows; an import
 * that changes rows and not their number asks for it with SIGHUP. Returns the function that ends the watch.
 */
export function watchRegister(assignments: Store['assignments'], read: () => Promise<void>, log: Log): () => void {
  let rows: number | null = null;
  const failed = (error: unknown) => log.error({ error: String(error) }, 'the register could not be read again');
  const look = async () => {
    const count = await assignments.count();
    if (rows !== null && count !== rows) {
      await read();
      log.info({ rows: count }, 'the register was read again');
    }
    rows = count;
  };
  const asked = () => void read().catch(failed);
  const tick = () => void look().catch(failed);
  tick();
  const timer = setInterval(tick, INTERVAL_MS).unref();
  process.on('SIGHUP', asked);
  return () => {
    clearInterval(timer);
    process.off('SIGHUP', asked);
  };
}

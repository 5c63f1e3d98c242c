import type { Clock, Log, Store } from '../core/ports.ts';

const INTERVAL_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
/** What was observed is asked of the year before, for one and the same season. */
const COVERAGE_MS = 400 * 24 * HOUR_MS;

/** Deletes what is kept for a time only. Returns the function that ends it. */
export function startHousekeeping(
  store: Store,
  { clock, log, spectraHours }: { clock: Clock; log: Log; spectraHours: number },
): () => void {
  const clean = async () => {
    const nowMs = clock.nowMs();
    await store.sessions.removeExpired(nowMs);
    const rows = await store.spectra.prune(nowMs - spectraHours * HOUR_MS);
    await store.coverage.prune(nowMs - COVERAGE_MS);
    if (rows > 0) log.debug({ rows }, 'old spectra were deleted');
  };
  const run = () => void clean().catch((error: unknown) => log.error({ error: String(error) }, 'housekeeping failed'));
  run();
  const timer = setInterval(run, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}

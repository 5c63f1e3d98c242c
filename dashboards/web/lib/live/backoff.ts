const FIRST_MS = 500;
const MOST_MS = 15_000;

/**
 * Wait before reconnection attempt `attempt` (0, 1, 2 …), ms: doubling, with up to a quarter taken off
 * at random so that a restarted service is not met by every desk in the same instant.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - 0.25 * random()));
}

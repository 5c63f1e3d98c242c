import type { Store } from '../core/ports.ts';

/** What was on the air when a run broke off is among the latest records: they are stored every ten seconds. */
const LATEST = 2_000;

/** After a crash nothing is known to be on the air. */
export async function settleEmissions(emissions: Store['emissions']): Promise<void> {
  const latest = await emissions.find({ limit: LATEST });
  const stale = latest.filter(({ onAir }) => onAir);
  if (stale.length > 0) await emissions.put(stale.map((record) => ({ ...record, onAir: false })));
}

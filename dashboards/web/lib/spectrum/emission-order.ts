import type { Verdict } from '../../../../src/core/emission.ts';
import type { EmissionRecord } from '../../../../src/core/records.ts';
import { overlaps, type ViewRange } from './view-range.ts';

/** What an operator wants to see first. */
const IMPORTANCE: Readonly<Record<Verdict, number>> = {
  unassigned: 0,
  'outside-terms': 1,
  'data-error': 2,
  undetermined: 3,
  assigned: 4,
  exempt: 5,
  artefact: 6,
};

export function compareEmissions(a: EmissionRecord, b: EmissionRecord): number {
  return (
    Number(b.onAir) - Number(a.onAir) ||
    IMPORTANCE[a.verdict] - IMPORTANCE[b.verdict] ||
    b.snrDb - a.snrDb ||
    a.centerHz - b.centerHz
  );
}

/** Emissions of `receiver` that reach into `range`, the most important first. */
export function emissionsIn(
  emissions: Iterable<EmissionRecord>,
  receiver: string,
  range: ViewRange | null,
): EmissionRecord[] {
  const found: EmissionRecord[] = [];
  for (const emission of emissions) {
    if (emission.receiver !== receiver) continue;
    if (!range || overlaps(range, emission.lowHz, emission.highHz)) found.push(emission);
  }
  return found.sort(compareEmissions);
}

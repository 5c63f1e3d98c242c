/** When an emitter is on the air. Times in seconds since the start of the scene; `stop` may be Infinity. */
export type Schedule =
  | 'always'
  | readonly (readonly [startSeconds: number, stopSeconds: number])[]
  /** On for `onSeconds` each `periodSeconds`, first at `firstSeconds` (0 unless given), `count` times (or for ever). */
  | {
      readonly periodSeconds: number;
      readonly onSeconds: number;
      readonly firstSeconds?: number;
      readonly count?: number;
    };

export interface Transmission {
  readonly startSeconds: number;
  readonly stopSeconds: number;
}

/** Transmission number `index` (0, 1, 2 …), or null where the schedule has ended. */
export function transmissionAt(schedule: Schedule, index: number): Transmission | null {
  if (schedule === 'always') return index === 0 ? { startSeconds: 0, stopSeconds: Number.POSITIVE_INFINITY } : null;
  if ('periodSeconds' in schedule) {
    if (index >= (schedule.count ?? Number.POSITIVE_INFINITY)) return null;
    const startSeconds = (schedule.firstSeconds ?? 0) + index * schedule.periodSeconds;
    return { startSeconds, stopSeconds: startSeconds + schedule.onSeconds };
  }
  const entry = schedule[index];
  return entry === undefined ? null : { startSeconds: entry[0], stopSeconds: entry[1] };
}

/** All transmissions that begin before `untilSeconds`, cut there. */
export function transmissionsUntil(schedule: Schedule, untilSeconds: number): Transmission[] {
  const found: Transmission[] = [];
  for (let index = 0; ; index++) {
    const next = transmissionAt(schedule, index);
    if (next === null || next.startSeconds >= untilSeconds) return found;
    found.push({ startSeconds: next.startSeconds, stopSeconds: Math.min(next.stopSeconds, untilSeconds) });
  }
}

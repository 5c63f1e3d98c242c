/**
 * The order of one round of visits: step i comes `priorities[i]` times in it, as evenly as whole visits allow.
 *
 * With P the sum of all priorities, visit k (from 1) of a step of priority p is due in the slots from
 * ⌊(k − 1)·P/p⌋ up to ⌈k·P/p⌉; of the steps whose visit is due, the one whose time ends first goes first. On one
 * receiver this order keeps every visit within its slots (Baruah et al., "Proportionate progress", Algorithmica 15,
 * 1996; Anderson and Srinivasan for the earliest deadline on one processor), so no step starves, and fewer than
 * 2·P/p slots lie between two of its visits. It is the same after each round, and so can be given to a receiver once.
 */
export function visitOrder(priorities: readonly number[]): number[] {
  const slots = priorities.reduce((sum, priority) => sum + priority, 0);
  const visits = priorities.map(() => 0);
  return Array.from({ length: slots }, (_, slot) => {
    const next = mostUrgent(priorities, visits, slot, slots);
    visits[next]++;
    return next;
  });
}

function mostUrgent(priorities: readonly number[], visits: readonly number[], slot: number, slots: number): number {
  let best = -1;
  let bestEnd = Number.POSITIVE_INFINITY;
  for (let i = 0; i < priorities.length; i++) {
    if (Math.floor((visits[i] * slots) / priorities[i]) > slot) continue;
    const end = Math.ceil(((visits[i] + 1) * slots) / priorities[i]);
    if (end < bestEnd) {
      best = i;
      bestEnd = end;
    }
  }
  return best;
}

/** Seconds between visits of each step over endless rounds: the mean, and the longest from one's end to the next. */
export function revisits(order: readonly number[], secondsOf: (step: number) => number, steps: number): Revisit[] {
  const roundSeconds = order.reduce((sum, step) => sum + secondsOf(step), 0);
  const first = new Array<number>(steps).fill(-1);
  const last = new Array<number>(steps).fill(0);
  const counts = new Array<number>(steps).fill(0);
  const longest = new Array<number>(steps).fill(0);
  let at = 0;
  for (const step of order) {
    if (first[step] < 0) first[step] = at;
    else longest[step] = Math.max(longest[step], at - last[step]);
    at += secondsOf(step);
    last[step] = at;
    counts[step]++;
  }
  return counts.map((count, step) => ({
    meanSeconds: roundSeconds / count,
    longestGapSeconds: Math.max(longest[step], roundSeconds - last[step] + first[step]),
  }));
}

export interface Revisit {
  /** From one visit to the next, on average. */
  readonly meanSeconds: number;
  /** Out of sight at most this long. */
  readonly longestGapSeconds: number;
}

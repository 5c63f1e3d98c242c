/** Something to be timed: one call does the same work each time. */
export interface Contender {
  readonly name: string;
  run(): unknown;
}

export interface ContestOptions {
  /** Turns of each contender. */
  readonly rounds: number;
  /** One turn lasts about this long. */
  readonly turnMs: number;
  readonly warmUpMs: number;
}

/**
 * Seconds a call of each, the median over its turns. Contenders take turns, so that whatever else the machine does
 * falls on all of them alike.
 */
export function contest(contenders: readonly Contender[], options: ContestOptions): Map<string, number> {
  const calls = contenders.map((contender) => {
    warmUp(contender, options.warmUpMs);
    return Math.max(1, Math.round(options.turnMs / (1000 * secondsACall(contender, 1))));
  });
  const times = contenders.map(() => [] as number[]);
  for (let round = 0; round < options.rounds; round++) {
    for (const [i, contender] of contenders.entries()) times[i].push(secondsACall(contender, calls[i]));
  }
  return new Map(contenders.map(({ name }, i) => [name, median(times[i])]));
}

function warmUp(contender: Contender, ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) contender.run();
}

function secondsACall(contender: Contender, calls: number): number {
  const started = performance.now();
  for (let i = 0; i < calls; i++) contender.run();
  return (performance.now() - started) / 1000 / calls;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

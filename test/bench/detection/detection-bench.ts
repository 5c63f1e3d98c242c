import type { BenchLine } from '../report.ts';

/** `quick` takes seconds, `full` up to an hour; `smoke` is what the tests run. */
export const MODES = ['smoke', 'quick', 'full'] as const;
export type Mode = (typeof MODES)[number];

/** A bench cut into parts that processes work on side by side; the lines do not depend on who did what. */
export interface DetectionBench<Part, Result> {
  readonly name: string;
  parts(mode: Mode): readonly Part[];
  /** Throws where the work itself came out wrong; a missed goal is no error. */
  work(part: Part): Promise<Result>;
  /** @param results in the order of the parts */
  lines(results: readonly Result[], mode: Mode): readonly BenchLine[];
}

type Judged = Pick<BenchLine, 'value' | 'goal' | 'ok'>;

/** A figure that is to stay at or below, or to reach, its goal; null where there was nothing to judge by. */
export function atMost(value: number, goal: number): Judged {
  return { value, goal, ok: Number.isFinite(value) ? value <= goal : null };
}

export function atLeast(value: number, goal: number): Judged {
  return { value, goal, ok: Number.isFinite(value) ? value >= goal : null };
}

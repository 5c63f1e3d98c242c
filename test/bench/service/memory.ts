import { type BenchLine, rounded } from '../report.ts';
import { failWhereWrong, halfOfCarried, runLoad } from './load.ts';

/** Whether memory stays level under load, and what a service with one receiver needs: `memory.ts quick|full`. */
const quick = process.argv[2] === 'quick';
const receivers = quick ? 2 : halfOfCarried();
const SLOPE_GOAL = 1;
const ONE_RECEIVER_GOAL_MIB = 250;
/** Code is compiled and pools fill in this time. */
const SETTLE_SECONDS = quick ? 2 : 60;

/** Of the least-squares line through one value a second. */
function slopeAMinute(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  const run = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return (60 * rise) / run;
}

const load = { broker: 'embedded', eventEveryLoops: 0 } as const;
const busy = await runLoad({ ...load, receivers, seconds: quick ? 6 : 660 });
failWhereWrong('memory', receivers, busy);
const one = await runLoad({ ...load, receivers: 1, seconds: quick ? 4 : 60 });
failWhereWrong('memory', 1, one);

const slope = slopeAMinute(busy.residentMib.slice(SETTLE_SECONDS));
const highest = Math.max(...one.residentMib);
const base = { bench: 'memory', against: null, ratio: null };
const lines: BenchLine[] = [
  {
    ...base,
    case: { receivers, seconds: busy.residentMib.length, of: 'slope' },
    value: rounded(slope),
    unit: 'MiB/min',
    goal: SLOPE_GOAL,
    ok: quick ? null : slope < SLOPE_GOAL,
  },
  {
    ...base,
    case: { receivers, of: 'resident' },
    value: rounded(busy.residentMib.at(-1)!),
    unit: 'MiB',
    goal: null,
    ok: null,
  },
  {
    ...base,
    case: { receivers: 1, of: 'resident' },
    value: rounded(highest),
    unit: 'MiB',
    goal: ONE_RECEIVER_GOAL_MIB,
    ok: quick ? null : highest < ONE_RECEIVER_GOAL_MIB,
  },
];
process.stdout.write(JSON.stringify(lines));

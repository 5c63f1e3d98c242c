import { type BenchLine, rounded } from '../report.ts';
import { failWhereWrong, halfOfCarried, quantile, runLoad } from './load.ts';

/** How soon an unassigned transmitter is an alert in a browser: `latency.ts quick|full`, at half of what `ingest` carries. */
const quick = process.argv[2] === 'quick';
const receivers = quick ? 2 : halfOfCarried();
const GOAL_MS = 250;

const result = await runLoad({
  broker: 'embedded',
  receivers,
  seconds: quick ? 6 : 90,
  eventEveryLoops: quick ? 2 : 6,
});
failWhereWrong('latency', receivers, result);
if (result.missed > 0) {
  process.stderr.write(`latency: ${result.missed} of ${result.events} transmitters raised no alert\n`);
  process.exit(1);
}
const base = { bench: 'latency', unit: 'ms', against: null, ratio: null };
const lines = [0.5, 0.99].map((share): BenchLine => {
  const value = quantile(result.latencyMs, share);
  const isGoal = share === 0.99;
  return {
    ...base,
    case: { receivers, alerts: result.events, percentile: share * 100, from: 'last sample needed' },
    value: rounded(value),
    goal: isGoal ? GOAL_MS : null,
    ok: isGoal && !quick ? value < GOAL_MS : null,
  };
});
lines.push({
  ...base,
  case: { receivers, alerts: result.events, percentile: 99, from: 'first sample on the air' },
  value: rounded(quantile(result.sinceStartMs, 0.99)),
  goal: null,
  ok: null,
});
process.stdout.write(JSON.stringify(lines));

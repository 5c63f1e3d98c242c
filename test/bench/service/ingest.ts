import { type BenchLine, rounded } from '../report.ts';
import { failWhereWrong, isWhole, type LoadResult, quantile, runLoad } from './load.ts';

/**
 * How many receivers at 2.4 MS/s one service carries through a broker: `ingest.ts embedded|mosquitto quick|full`, prints
 * its lines. Each step is carried where every packet sent was taken and detected in, and alerts came within a second to
 * the last: a queue that fills would show there.
 */
const broker = process.argv[2] === 'mosquitto' ? 'mosquitto' : 'embedded';
const quick = process.argv[3] === 'quick';
const STEPS = quick ? [4] : [16, 32, 48, 64, 80, 96];
const SECONDS = quick ? 6 : 60;
const GOAL = 32;
const LATEST_ALERT_MS = 1_000;

function isCarried(result: LoadResult): boolean {
  return isWhole(result) && result.missed === 0 && quantile(result.latencyMs, 1) < LATEST_ALERT_MS;
}

let carried = 0;
let last: LoadResult | null = null;
for (const receivers of STEPS) {
  const result = await runLoad({ broker, receivers, seconds: SECONDS, eventEveryLoops: quick ? 2 : 8 });
  failWhereWrong(`ingest, ${broker}`, receivers, result);
  process.stderr.write(`ingest, ${broker}: ${receivers} receivers ${JSON.stringify(told(result))}\n`);
  if (!isCarried(result)) break;
  carried = receivers;
  last = result;
}

/** For the one who looks on: where it breaks. */
function told(result: LoadResult) {
  const { latencyMs, sinceStartMs: _, residentMib, ...counts } = result;
  return { ...counts, p99Ms: quantile(latencyMs, 0.99), mib: residentMib.at(-1) };
}

const base = { bench: 'ingest', against: null, ratio: null };
const lines: BenchLine[] = [
  {
    ...base,
    case: { broker, seconds: SECONDS, rate: 2.4e6 },
    value: carried,
    unit: 'receivers',
    goal: GOAL,
    ok: quick ? null : carried >= GOAL,
  },
  ...(last === null
    ? []
    : [
        { of: 'service', value: last.serviceCores },
        { of: 'main thread', value: last.mainThreadCores },
      ].map(({ of, value }) => ({
        ...base,
        case: { broker, receivers: carried, of },
        value: rounded(value),
        unit: 'cores',
        goal: null,
        ok: null,
      }))),
];
process.stdout.write(JSON.stringify(lines));

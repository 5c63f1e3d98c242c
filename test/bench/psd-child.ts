import { testSignal } from '../support/test-signal.ts';
import { contest } from './contest.ts';
import { CONTESTANTS, type Contestant, createContestant } from './psd-contestants.ts';
import { type BenchLine, rounded } from './report.ts';

/** One transform length in a process of its own: `psd-child.ts BINS quick|full`, prints its lines. */
const bins = Number(process.argv[2]);
const quick = process.argv[3] === 'quick';

const PAIRS = 2 ** 18;
const GOALS: Readonly<Record<Contestant, number | null>> = { kernel: null, 'fft.js': 5, 'pffft-wasm': 2.5 };
/** Of the largest bin's power; single precision stays far under it. */
const LARGEST_ERROR = 1e-5;

const samples = testSignal('cu8', PAIRS, 1);
const contestants = await Promise.all(
  CONTESTANTS.map(async (name) => {
    const psd = await createContestant(name, bins);
    return { name, psd, run: () => psd(samples) };
  }),
);

const reference = contestants.find(({ name }) => name === 'fft.js')!.psd(samples);
const largest = reference.reduce((most, power) => Math.max(most, power), 0);
for (const { name, psd } of contestants) {
  const worst = psd(samples).reduce((most, power, k) => Math.max(most, Math.abs(power - reference[k])), 0);
  if (!(worst <= LARGEST_ERROR * largest)) {
    process.stderr.write(`psd ${bins}: ${name} is off by ${worst / largest} of the largest bin\n`);
    process.exit(1);
  }
}

const options = quick ? { rounds: 9, turnMs: 25, warmUpMs: 250 } : { rounds: 41, turnMs: 60, warmUpMs: 1_000 };
const seconds = contest(contestants, options);
const rate = (name: Contestant) => PAIRS / seconds.get(name)! / 1e6;
const lines = CONTESTANTS.flatMap((name): BenchLine[] => {
  const goal = GOALS[name];
  const ratio = rate('kernel') / rate(name);
  const base = { bench: 'psd', unit: 'MS/s' };
  const own = { ...base, case: { n: bins, by: name }, value: rounded(rate(name)), against: null, ratio: null };
  if (goal === null) return [];
  const compared = { ...base, case: { n: bins }, value: rounded(rate('kernel')), against: name, ratio: rounded(ratio) };
  return [
    { ...compared, goal, ok: ratio >= goal },
    { ...own, goal: null, ok: null },
  ];
});
process.stdout.write(JSON.stringify(lines));

import type { Emission } from '../../src/core/emission.ts';
import { DEFAULT_FALSE_ALARM_PROBABILITY } from '../../src/core/emission.ts';
import type { IqBlock } from '../../src/core/frames.ts';
import { EmissionDetector } from '../../src/detection/emission-detector.ts';
import { loadKernel } from '../../src/pipeline/kernel-file.ts';
import { renderScene, type Scene } from '../../src/simulation/scene.ts';
import { chooseEstimator } from '../../src/spectrum/choose-estimator.ts';
import type { SpectrumEstimator } from '../../src/spectrum/estimator.ts';
import { planEstimation } from '../../src/spectrum/plan.ts';
import { contest } from './contest.ts';
import { type BenchLine, rounded } from './report.ts';

/** The whole of IQ → emissions as a live receiver at 2.4 MS/s has it: `detect-child.ts quick|full`, prints its lines. */
const quick = process.argv[2] === 'quick';

const RATE_HZ = 2.4e6;
const CENTER_HZ = 409.5e6;
const BLOCKS = 24;
const BLOCK_PAIRS = 2 ** 17;
const GOAL = 0.85;

const VOICE = { kind: 'nfm', audio: 'voice', deviationHz: 2500 } as const;
const HANDHELDS_HZ = [408.75e6, 409.2625e6, 409.9e6, 410.1e6];
const SCENE: Scene = {
  seed: 11,
  receiver: { sampleRateHz: RATE_HZ, centerHz: CENTER_HZ, format: 'cu8', noiseDbfs: -40 },
  emitters: HANDHELDS_HZ.map((centerHz, i) => ({ name: `h${i}`, signal: VOICE, centerHz, snrDb: 20 + 5 * i })),
};

const { samples } = renderScene(SCENE, (BLOCKS * BLOCK_PAIRS) / RATE_HZ);
const blocks = Array.from(
  { length: BLOCKS },
  (_, sequence): IqBlock => ({
    kind: 'iq',
    receiver: 'bench',
    sequence,
    timeNs: BigInt(Math.round((sequence * BLOCK_PAIRS * 1e9) / RATE_HZ)),
    centerHz: CENTER_HZ,
    sampleRateHz: RATE_HZ,
    format: 'cu8',
    samples: samples.subarray(2 * sequence * BLOCK_PAIRS, 2 * (sequence + 1) * BLOCK_PAIRS),
    pairs: BLOCK_PAIRS,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  }),
);

const falseAlarmProbability = DEFAULT_FALSE_ALARM_PROBABILITY;

function detect(estimator: SpectrumEstimator): Emission[] {
  const detector = new EmissionDetector({ falseAlarmProbability, statistics: estimator.statistics });
  const found = new Map<number, Emission>();
  for (const block of blocks) {
    for (const { emission } of detector.push(estimator.estimate(block))) found.set(emission.id, emission);
  }
  for (const { emission } of detector.finish()) found.set(emission.id, emission);
  return [...found.values()].filter((emission) => emission.artefact === null);
}

/** A receiver that has been on for long: the same detector, and time goes on. */
function createLive(estimator: SpectrumEstimator): () => number {
  const detector = new EmissionDetector({ falseAlarmProbability, statistics: estimator.statistics });
  let sequence = 0;
  return () => {
    let changes = 0;
    for (const block of blocks) {
      const timeNs = BigInt(Math.round((sequence * BLOCK_PAIRS * 1e9) / RATE_HZ));
      changes += detector.push(estimator.estimate({ ...block, sequence, timeNs })).length;
      sequence++;
    }
    return changes;
  };
}

function expectHandhelds(by: string, emissions: readonly Emission[]): void {
  const centres = emissions.map(({ centerHz }) => centerHz).sort((a, b) => a - b);
  const right = HANDHELDS_HZ.every((hz, i) => Math.abs(centres[i] - hz) < 1_000);
  if (centres.length === HANDHELDS_HZ.length && right) return;
  process.stderr.write(`detect: by ${by} found ${centres.join(' ')} Hz; expected ${HANDHELDS_HZ.join(' ')}\n`);
  process.exit(1);
}

const plan = planEstimation(RATE_HZ, null);
const estimator = chooseEstimator(plan, 'kernel', loadKernel());
expectHandhelds('the kernel', detect(estimator));
expectHandhelds('fft.js', detect(chooseEstimator(plan, 'fft.js', null)));

// The engine takes some thousand looks to compile all that it can; a service runs for months.
const options = quick ? { rounds: 9, turnMs: 60, warmUpMs: 4_000 } : { rounds: 41, turnMs: 120, warmUpMs: 12_000 };
const seconds = contest(
  [
    { name: 'psd', run: () => blocks.map((block) => estimator.estimate(block)) },
    { name: 'detect', run: createLive(estimator) },
  ],
  options,
);
const rate = (name: string) => (BLOCKS * BLOCK_PAIRS) / seconds.get(name)! / 1e6;
const ratio = rate('detect') / rate('psd');
const base = { bench: 'detect', case: { n: plan.transformBins, overlap: plan.overlap }, unit: 'MS/s' };
const lines: BenchLine[] = [
  { ...base, value: rounded(rate('detect')), against: 'psd', ratio: rounded(ratio), goal: GOAL, ok: ratio >= GOAL },
  {
    ...base,
    case: { ...base.case, by: 'psd' },
    value: rounded(rate('psd')),
    against: null,
    ratio: null,
    goal: null,
    ok: null,
  },
];
process.stdout.write(JSON.stringify(lines));

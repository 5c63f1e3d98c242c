import type { BenchLine } from '../report.ts';
import { atLeast, atMost, type DetectionBench } from './detection-bench.ts';
import { errorsOf, isDemanded, type MatchErrors, scoreScene } from './truth-score.ts';
import { detectTruthScene } from './truth-set.ts';

const SCENES = { smoke: 2, quick: 25, full: 500 };
/** "Within" says it of this share of the emissions. */
const WITHIN = 0.95;

interface SceneResult {
  readonly demanded: number;
  readonly missed: number;
  readonly found: number;
  readonly false: number;
  /** Of what is demanded and found; and of what is too weak for a bandwidth. */
  readonly errors: readonly MatchErrors[];
  readonly weak: readonly MatchErrors[];
}

export const truthSetBench: DetectionBench<number, SceneResult> = {
  name: 'truth-set',
  parts: (mode) => Array.from({ length: SCENES[mode] }, (_, seed) => seed),
  async work(seed) {
    const scene = await detectTruthScene(seed);
    if (scene.parts.length === 0) throw new Error(`scene ${seed} is empty`);
    const score = scoreScene(scene);
    const [strong, weak] = [true, false].map((demanded) =>
      score.matches.filter(({ part }) => isDemanded(part) === demanded).map((match) => errorsOf(match, scene)),
    );
    return {
      demanded: scene.parts.filter(isDemanded).length,
      missed: score.missed.length,
      found: scene.emissions.length,
      false: score.false.length,
      errors: strong,
      weak,
    };
  },
  lines(results, mode) {
    const of = { scenes: SCENES[mode] };
    const sum = (count: (result: SceneResult) => number) => results.reduce((total, result) => total + count(result), 0);
    const demanded = sum(({ demanded }) => demanded);
    const found = sum((result) => result.found);
    const errors = results.flatMap((result) => result.errors);
    const all = [...errors, ...results.flatMap(({ weak }) => weak)];
    const line = (figure: string, unit: string, judged: Pick<BenchLine, 'value' | 'goal' | 'ok'>, n: number) => ({
      ...{ bench: 'truth-set', case: { ...of, figure, n }, unit, against: 'truth', ratio: null },
      ...judged,
    });
    const within = (figure: string, unit: string, goal: number, pick: (errors: MatchErrors) => number | null) => {
      const values = errors.map(pick).filter((value) => value !== null);
      return line(figure, unit, atMost(quantile(values, WITHIN), goal), values.length);
    };
    const carriers = errors.map(({ carrierBins }) => carrierBins).filter((value) => value !== null);
    const needless = all.map(({ weakBandwidth }) => weakBandwidth).filter((value) => value !== null);
    return [
      line('recall', '%', atLeast((100 * (demanded - sum(({ missed }) => missed))) / demanded, 99), demanded),
      line('precision', '%', atLeast((100 * (found - sum((result) => result.false))) / found, 99.5), found),
      line('carrier centre, rms', 'bins', atMost(rms(carriers), 0.1), carriers.length),
      within('centre of modulated, 95 % within', '% of bandwidth', 2, ({ centerPct }) => centerPct),
      within('bandwidth at 20 dB and 0.1 s, 95 % within', '%', 5, (e) => e.strongBandwidthPct),
      within('bandwidth at 10 dB and 0.5 s, 95 % within', '%', 10, (e) => e.longBandwidthPct),
      line('no bandwidth where there is none to give', '%', atLeast(share(needless, false), 95), needless.length),
      within('start, 95 % within', 'hops', 2, ({ startHops }) => startHops),
      within('stop, 95 % within', 'hops', 2, ({ stopHops }) => stopHops),
      within('occupancy, 95 % within', '%', 1, ({ occupancyPct }) => occupancyPct),
      within('level, 95 % within', 'dB', 1, ({ levelDb }) => Math.abs(levelDb)),
    ];
  },
};

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function share(values: readonly boolean[], wanted: boolean): number {
  return (100 * values.filter((value) => value === wanted).length) / values.length;
}

import type { Emission } from '../../../src/core/emission.ts';
import { dbFromPower } from '../../../src/core/units.ts';
import type { ScenePart } from './truth-oracle.ts';

export interface ScoredScene {
  readonly durationSeconds: number;
  readonly stepHz: number;
  readonly hopSeconds: number;
  readonly parts: readonly ScenePart[];
  readonly emissions: readonly Emission[];
}

export interface Match {
  readonly part: ScenePart;
  readonly emission: Emission;
}

export interface SceneScore {
  readonly matches: readonly Match[];
  /** Demanded of the detector, and not found. */
  readonly missed: readonly ScenePart[];
  /** Told of, and neither a part of the scene nor in the band of one that is too weak to be demanded. */
  readonly false: readonly Emission[];
}

/** Demanded is what stands this far over the noise and over what others spill into its band. */
export const DEMANDED_DB = 10;
/** A match is no wider or narrower than this against the truth, where that is wider than a few bins. */
const WIDTH_FACTOR = 3;
const SLACK_BINS = 3;

/** One emission for one part: pairs by the distance of their centres, the nearest in widths first. */
export function scoreScene(scene: ScoredScene): SceneScore {
  const pairs = scene.parts.flatMap((part) =>
    scene.emissions
      .filter((emission) => belongs(part, emission, scene.stepHz))
      .map((emission) => ({ part, emission, distance: distanceOf(part, emission, scene) })),
  );
  pairs.sort((a, b) => a.distance - b.distance);
  const matches: Match[] = [];
  for (const { part, emission } of pairs) {
    if (matches.some((match) => match.part === part || match.emission === emission)) continue;
    matches.push({ part, emission });
  }
  const isFree = (part: ScenePart) => matches.every((match) => match.part !== part);
  const weak = scene.parts.filter((part) => !isDemanded(part));
  return {
    matches,
    missed: scene.parts.filter((part) => isDemanded(part) && isFree(part)),
    false: scene.emissions.filter(
      (emission) =>
        matches.every((match) => match.emission !== emission) &&
        !weak.some((part) => liesIn(part, emission.centerHz, SLACK_BINS * scene.stepHz)),
    ),
  };
}

export function isDemanded(part: ScenePart): boolean {
  return part.clearDb >= DEMANDED_DB;
}

function liesIn(part: ScenePart, hz: number, slackHz: number): boolean {
  return hz >= part.lowHz - slackHz && hz <= part.highHz + slackHz;
}

function belongs(part: ScenePart, emission: Emission, stepHz: number): boolean {
  const slackHz = SLACK_BINS * stepHz;
  const width = Math.max(part.highHz - part.lowHz, 2 * slackHz);
  const found = Math.max(emission.highHz - emission.lowHz, 2 * slackHz);
  const fits = found <= WIDTH_FACTOR * width && width <= WIDTH_FACTOR * found;
  const meets = part.transmissions.some(
    ({ startSeconds, stopSeconds }) => emission.startSeconds < stopSeconds && emission.stopSeconds > startSeconds,
  );
  return fits && meets && liesIn(part, emission.centerHz, slackHz);
}

function distanceOf(part: ScenePart, emission: Emission, { stepHz }: ScoredScene): number {
  const width = Math.max(part.highHz - part.lowHz, stepHz);
  return Math.abs(emission.centerHz - (part.lowHz + part.highHz) / 2) / width;
}

/** Errors of one match, each against its own unit; null where the figure says nothing of it. */
export interface MatchErrors {
  /** Of a carrier, bins; of others, % of the bandwidth. */
  readonly carrierBins: number | null;
  readonly centerPct: number | null;
  /** % of the true bandwidth; of those of 20 dB and 0.1 s, and of those of 10 dB and 0.5 s. */
  readonly strongBandwidthPct: number | null;
  readonly longBandwidthPct: number | null;
  /** Whether a bandwidth was given where the SNR is too small for it. */
  readonly weakBandwidth: boolean | null;
  /** Of the first start and of the last stop, hops. */
  readonly startHops: number;
  readonly stopHops: number;
  readonly occupancyPct: number;
  readonly levelDb: number;
}

/** An SNR that the measurement cannot take for 10 dB by its own uncertainty. */
const SURELY_WEAK_DB = 9;

export function errorsOf({ part, emission }: Match, scene: ScoredScene): MatchErrors {
  const width = part.highHz - part.lowHz;
  const middle = (part.lowHz + part.highHz) / 2;
  const wide = part.emitter.signal.kind !== 'cw';
  const { occupiedBandwidthHz } = emission;
  const bandwidthPct = wide ? 100 * Math.abs((occupiedBandwidthHz ?? 0) / width - 1) : null;
  const last = part.transmissions.at(-1)!;
  return {
    carrierBins: wide ? null : (emission.centerHz - middle) / scene.stepHz,
    centerPct: wide ? (100 * Math.abs(emission.centerHz - middle)) / width : null,
    strongBandwidthPct: part.clearDb >= 20 && part.activeSeconds >= 0.1 ? bandwidthPct : null,
    longBandwidthPct: part.clearDb < 20 && part.clearDb >= 10 && part.activeSeconds >= 0.5 ? bandwidthPct : null,
    weakBandwidth: part.snrDb < SURELY_WEAK_DB || !wide ? occupiedBandwidthHz !== null : null,
    startHops: Math.abs(emission.startSeconds - part.transmissions[0].startSeconds) / scene.hopSeconds,
    stopHops: Math.abs(emission.stopSeconds - last.stopSeconds) / scene.hopSeconds,
    occupancyPct: (100 * Math.abs(emission.activeSeconds - part.activeSeconds)) / scene.durationSeconds,
    levelDb: emission.level - dbFromPower(part.power),
  };
}

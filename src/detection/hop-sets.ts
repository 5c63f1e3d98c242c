import type { Emission } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { dbFromPower, powerFromDb } from '../core/units.ts';
import type { Track } from './track.ts';
import { measureTrack } from './track-measurement.ts';

/**
 * A transmitter that hops: bursts of one level and width on several frequencies, one after the other and never two at a
 * time, that begin on a clock of their own. Bursts of several transmitters overlap sooner or later, or leave pauses.
 */
const LEAST_CHANNELS = 3;
const LEAST_HOPS = 8;
/** Channels of one transmitter are as strong within this, and as wide within this factor and some bins. */
const LEVEL_DB = 4;
const HELD_DB = 6;
const WIDTH_FACTOR = 1.6;
const WIDTH_SLACK_BINS = 6;
/** Starts lie on the clock, and bursts clear of each other, within so many rows; so many of them at the least. */
const CLOCK_ROWS = 1.5;
const CLOCK_SHARE = 0.85;
/** Periods of the clock a burst: a hop may stay where it was, or be missed. */
const PERIODS_A_HOP = 1.7;
const LONGEST_HOP_SECONDS = 0.5;
/** Bursts of a channel that are looked at. */
const BURSTS_KEPT = 24;
/** A set that has been silent this long is over. */
const SILENCE_SECONDS = 600;

interface Burst {
  readonly start: number;
  readonly stop: number;
}

interface Clock {
  readonly first: number;
  readonly period: number;
}

export class HopSet {
  /** 0 until it is told of. */
  id = 0;
  readonly members: Track[];
  private readonly clock: Clock;

  constructor(members: readonly Track[], clock: Clock) {
    this.members = [...members];
    this.clock = clock;
  }

  get lastStop(): number {
    return Math.max(...this.members.map(({ activity }) => activity.stop));
  }

  get onAir(): boolean {
    return this.members.some(({ activity }) => activity.onAir);
  }

  /** A new channel: like the others, on their clock, and silent while they are on. */
  takes(track: Track, rowSeconds: number): boolean {
    const bursts = burstsOf(track);
    const slack = CLOCK_ROWS * rowSeconds;
    const onClock = bursts.filter(({ start }) => isOnClock(start, this.clock, slack)).length;
    if (bursts.length === 0 || onClock < CLOCK_SHARE * bursts.length) return false;
    if (this.holds(track)) return true;
    if (!areAlike(this.members[0], track)) return false;
    const others = this.members.flatMap(burstsOf);
    return bursts.every((burst) =>
      others.every((other) => burst.start > other.stop - slack || other.start > burst.stop - slack),
    );
  }

  /** Within its band and as strong: one of its channels, perhaps seen together with a neighbour. */
  private holds(track: Track): boolean {
    const low = Math.min(...this.members.map(({ lowBin }) => lowBin));
    const high = Math.max(...this.members.map(({ highBin }) => highBin));
    const apartDb = Math.abs(dbFromPower(track.onPower / this.members[0].onPower));
    return track.lowBin >= low && track.highBin <= high && apartDb <= HELD_DB;
  }

  /** Neighbouring channels may see one hop: what share of their times, and of their bursts, it is that they see once. */
  private counted(): { readonly share: number; readonly hops: number } {
    const bursts = this.members.flatMap(({ activity }) => activity.all()).sort((a, b) => a.start - b.start);
    let seen = 0;
    let once = 0;
    let hops = 0;
    let lastStart = Number.NEGATIVE_INFINITY;
    let until = Number.NEGATIVE_INFINITY;
    for (const { start, stop } of bursts) {
      seen += stop - start;
      once += Math.max(0, stop - Math.max(start, until));
      until = Math.max(until, stop);
      if (start - lastStart > this.clock.period / 2) {
        hops++;
        lastStart = start;
      }
    }
    return { share: once / seen, hops: hops / bursts.length };
  }

  measure(look: PowerSpectrum, observed: { readonly fromSeconds: number; readonly nowSeconds: number }): Emission {
    const parts = this.members.map((member) => measureTrack(member, look, observed));
    const sum = (pick: (part: Emission) => number) => parts.reduce((total, part) => total + pick(part), 0);
    const strongest = parts.reduce((best, part) => (part.level > best.level ? part : best));
    const lowHz = Math.min(...parts.map((part) => part.lowHz));
    const highHz = Math.max(...parts.map((part) => part.highHz));
    const seen = sum((part) => part.activeSeconds);
    const power = sum(({ level, activeSeconds }) => powerFromDb(level) * activeSeconds) / seen;
    const { share, hops } = this.counted();
    // The noise of a channel, taken over the whole band.
    const noise = powerFromDb(strongest.level - strongest.snrDb) / (strongest.highHz - strongest.lowHz);
    return {
      ...strongest,
      id: this.id,
      startSeconds: Math.min(...parts.map((part) => part.startSeconds)),
      stopSeconds: Math.max(...parts.map((part) => part.stopSeconds)),
      activeSeconds: seen * share,
      bursts: Math.round(sum((part) => part.bursts) * hops),
      onAir: this.onAir,
      ...{ lowHz, highHz, centerHz: (lowHz + highHz) / 2 },
      occupiedBandwidthHz: strongest.occupiedBandwidthHz === null ? null : highHz - lowHz,
      snrDb: dbFromPower(power / (noise * (highHz - lowHz))),
      level: dbFromPower(power),
      kind: 'hopping',
      artefact: null,
    };
  }
}

/** The hop sets of one tuning. */
export class HopSets {
  sets: HopSet[] = [];

  /** Takes new channels into the sets known, and finds new sets. @returns the sets that are over */
  take(tracks: readonly Track[], nowSeconds: number, rowSeconds: number): HopSet[] {
    const free = tracks.filter(mayHop);
    for (const track of free) {
      const set = this.sets.find((one) => one.takes(track, rowSeconds));
      if (!set) continue;
      set.members.push(track);
      track.hops = true;
    }
    const left = free.filter(({ hops }) => !hops);
    if (left.length >= LEAST_CHANNELS) this.find(left, rowSeconds);
    const over = this.sets.filter((set) => !set.onAir && nowSeconds - set.lastStop > SILENCE_SECONDS);
    this.sets = this.sets.filter((set) => !over.includes(set));
    return over;
  }

  private find(free: readonly Track[], rowSeconds: number): void {
    for (const seed of free) {
      if (seed.hops) continue;
      const alike = free.filter((track) => !track.hops && areAlike(seed, track));
      const clock = alike.length >= LEAST_CHANNELS ? clockOf(alike.flatMap(burstsOf), rowSeconds) : null;
      if (!clock) continue;
      for (const track of alike) track.hops = true;
      this.sets.push(new HopSet(alike, clock));
    }
  }
}

function mayHop({ hops, partOf, artefact, activity, onPower }: Track): boolean {
  const isFree = !hops && partOf === null && artefact === null && onPower > 0;
  return isFree && activity.longestSeconds > 0 && activity.longestSeconds < LONGEST_HOP_SECONDS;
}

function burstsOf({ activity }: Track): readonly Burst[] {
  return activity.all().slice(-BURSTS_KEPT);
}

function areAlike(a: Track, b: Track): boolean {
  const wider = Math.max(a.widthBins, b.widthBins);
  const narrower = Math.min(a.widthBins, b.widthBins);
  const apartDb = Math.abs(dbFromPower(a.onPower / b.onPower));
  return apartDb <= LEVEL_DB && wider <= WIDTH_FACTOR * narrower + WIDTH_SLACK_BINS;
}

/** The clock that bursts keep to, if they do. */
function clockOf(unsorted: readonly Burst[], rowSeconds: number): Clock | null {
  const bursts = [...unsorted].sort((a, b) => a.start - b.start);
  if (bursts.length < LEAST_HOPS) return null;
  const slack = CLOCK_ROWS * rowSeconds;
  const steps = bursts.slice(1).map((burst, i) => burst.start - bursts[i].start);
  const apart = bursts.slice(1).filter((burst, i) => burst.start > bursts[i].stop - slack).length;
  const [first] = bursts;
  const span = bursts[bursts.length - 1].start - first.start;
  let period = [...steps].sort((a, b) => a - b)[steps.length >> 1];
  if (apart < CLOCK_SHARE * steps.length || period <= 2 * slack) return null;
  let periods = 0;
  for (let round = 0; round < 3; round++) {
    periods = steps.reduce((sum, step) => sum + Math.round(step / period), 0);
    period = span / Math.max(1, periods);
  }
  const clock = { first: first.start, period };
  const kept = bursts.filter(({ start }) => isOnClock(start, clock, slack)).length;
  return kept >= CLOCK_SHARE * bursts.length && periods <= PERIODS_A_HOP * bursts.length ? clock : null;
}

function isOnClock(start: number, { first, period }: Clock, slack: number): boolean {
  const phase = (start - first) / period;
  return Math.abs(phase - Math.round(phase)) * period <= slack;
}

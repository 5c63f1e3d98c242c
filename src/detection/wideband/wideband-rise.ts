import type { Detection, Emission } from '../../core/emission.ts';
import type { PowerSpectrum } from '../../core/spectrum.ts';
import { dbFromPower, TINY_POWER } from '../../core/units.ts';
import { quantile } from '../../dsp/rank.ts';
import { Activity } from '../activity.ts';
import type { LookAnalysis } from '../look-analysis.ts';
import type { Track } from '../track.ts';
import { FloorHistory, LEAST_RISE_DB } from './floor-history.ts';
import {
  addedPower,
  endOf,
  findRise,
  gainStepDb,
  isOneLine,
  isSteady,
  LINES,
  newPeak,
  type Rise,
} from './rise-in-look.ts';
import { SweepingRidge } from './sweeping-ridge.ts';

/** It must last this long, and two looks; until then what began with it is not told of. */
const CONFIRM_SECONDS = 0.25;
const CONFIRM_LOOKS = 2;
/** Once on, it ends when the span has been under half of the threshold for so long, or for three sweeps. */
const HANG_SECONDS = 1;
const HANG_SWEEPS = 3;
/** Slow sweeps show in the mean over this time. */
const BLOCK_SECONDS = 1;
const SOONEST_SECONDS = 0.4;
/** A rise that stays for a day is how the receiver is now. */
const ACCEPT_SECONDS = 86_400;
const SILENCE_SECONDS = 600;
/** While it is on, an emission inside it must stand this far over it. */
const STANDS_OUT = 10;
const NARROW_SHARE = 0.25;
const FADE_LOOKS = 64;
const EDGE_LOOKS = 16;
/** The edges are known to two of 64 segments. */
const EDGE_SHARE = 1 / 32;
const MOST_GAINS = 8;
/** Looked at closely where this share of the segments has risen by this share of what counts. */
const GLANCE_SEGMENTS = 1 / 16;
const GLANCE_SHARE = 0.7;

interface RisenLook {
  readonly at: number;
  readonly seconds: number;
  readonly rise: Rise;
  readonly average: Float32Array;
}

interface Block {
  readonly from: number;
  readonly sum: Float32Array;
  looks: number;
}

/**
 * A rise of the noise over most of a span: a jammer of noise, of a fast chirp, or of a slow one. It is one emission of
 * kind `noise`, measured against the receiver's own history at this tuning, which it does not enter while it lasts.
 */
export class WidebandRise {
  /** 0 until it is told of. */
  id = 0;
  private readonly histories = new Map<number | null, FloorHistory>();
  private gainDb: number | null | undefined;
  private history: FloorHistory | null = null;
  /** Risen looks that do not last long enough yet. */
  private pending: RisenLook[] = [];
  private activity: Activity | null = null;
  private mode: 'steady' | 'sweeping' | null = null;
  private onset = 0;
  private block: Block | null = null;
  /** Where it sweeps. */
  private sweep: Rise | null = null;
  private readonly ridge: SweepingRidge;
  private measured = NOTHING_MEASURED;
  private now = 0;
  /** The look that is being taken in made it certain. */
  private begins = false;

  constructor(bins: number) {
    this.ridge = new SweepingRidge(bins);
  }

  /**
   * Takes in a look that begins at `at`.
   * @returns the analysis without the clusters that are the rise's own
   */
  take(analysis: LookAnalysis, at: number, seconds: number, tracks: readonly Track[]): LookAnalysis {
    const { average, look } = analysis;
    this.now = at + seconds;
    this.begins = false;
    const history = this.historyOf(look);
    if (!history.isKnown) {
      history.learn(average, 0, seconds);
      this.activity?.off(at, seconds);
      return analysis;
    }
    const rise = this.judge(analysis, history, at, seconds);
    const isRisen = this.follow(rise, analysis, at, seconds);
    if (!isRisen) return analysis;
    if (this.now - this.onset > ACCEPT_SECONDS) this.accept(history);
    return { ...analysis, clusters: analysis.clusters.filter((cluster) => this.leaves(cluster, analysis, tracks)) };
  }

  /** What is heard now is taken for what is usual: the rise ends. */
  private accept(history: FloorHistory): void {
    history.forget();
    this.mode = null;
    this.activity?.interrupt();
  }

  /** Nothing is known of the time until the next look. */
  interrupt(): void {
    this.activity?.interrupt();
    this.block = null;
    if (this.mode === 'sweeping') this.mode = null;
  }

  get isOn(): boolean {
    return this.activity?.onAir === true;
  }

  get hasBegun(): boolean {
    return this.activity !== null;
  }

  /** Silent for so long that the next one is another. */
  get isOver(): boolean {
    return this.activity !== null && !this.isOn && this.now - this.activity.stop > SILENCE_SECONDS;
  }

  close(): void {
    this.activity = null;
    this.id = 0;
    this.measured = NOTHING_MEASURED;
  }

  /** It began with what may become a rise, and is not told of before that is known. */
  holds(track: Track): boolean {
    if (this.pending.length > 0 && track.createdSeconds >= this.pending[0].at) return true;
    return this.block !== null && track.createdSeconds >= this.block.from && this.ridge.mayBeSweep;
  }

  /** It began with the rise, which now is certain, and lies in it: a piece of it. */
  owns(track: Track): boolean {
    return this.begins && track.createdSeconds >= this.onset && this.overlaps(track);
  }

  measure(look: PowerSpectrum): Emission {
    const { activity, measured } = this;
    if (activity === null) throw new RangeError('there is no rise to measure');
    const hz = (bin: number) => look.startHz + bin * look.stepHz;
    const lowHz = hz(measured.low - 0.5);
    const highHz = hz(measured.high + 0.5);
    const edgeBins = look.bins * EDGE_SHARE;
    const isWhole = measured.low > edgeBins && measured.high < look.bins - 1 - edgeBins;
    return {
      id: this.id,
      startSeconds: activity.firstStart,
      stopSeconds: activity.stop,
      activeSeconds: activity.activeSeconds,
      bursts: activity.bursts,
      onAir: activity.onAir,
      centerHz: (lowHz + highHz) / 2,
      peakHz: hz(measured.peakBin),
      lowHz,
      highHz,
      // Where it reaches beyond the span nobody knows how wide it is.
      occupiedBandwidthHz: isWhole ? highHz - lowHz : null,
      snrDb: dbFromPower(Math.max(measured.added / Math.max(measured.usual, TINY_POWER), 1e-3)),
      level: dbFromPower((measured.added * look.stepHz) / look.rbwHz),
      unit: look.unit,
      kind: 'noise',
      artefact: null,
      method: look.method,
      rbwHz: look.rbwHz,
    };
  }

  private historyOf(look: PowerSpectrum): FloorHistory {
    const gainDb = look.gainDb ?? null;
    if (this.history !== null && gainDb === this.gainDb) return this.history;
    const before = this.history;
    const stepDb = gainDb === null || this.gainDb == null || look.unit !== 'dBFS' ? 0 : gainDb - this.gainDb;
    this.gainDb = gainDb;
    let history = this.histories.get(gainDb);
    if (history === undefined && this.histories.size >= MOST_GAINS) this.histories.clear();
    // By how much the floor follows a change of gain depends on what makes it, the antenna or the converter: a new
    // gain begins with the higher of the two, and falls to what is there.
    history ??= new FloorHistory(look.bins, before && { history: before, stepDb: Math.max(0, stepDb) });
    this.histories.set(gainDb, history);
    this.history = history;
    this.block = null;
    return history;
  }

  /** What of the span is risen in this look; teaches the history where nothing is. */
  private judge(analysis: LookAnalysis, history: FloorHistory, at: number, seconds: number): Rise | null {
    const { average, look } = analysis;
    const isUp = this.mode === 'steady';
    const thresholdDb = isUp ? LEAST_RISE_DB / 2 : history.thresholdDb;
    const { riseDb, mayBe } = this.glance(analysis, history, thresholdDb);
    const power = isUp || !mayBe ? average : endOf(analysis);
    let rise = mayBe || isUp ? findRise(power, history, history.risesDb(power), thresholdDb, analysis) : null;
    if (rise !== null && !isUp) {
      const stepDb = look.gainDb == null ? gainStepDb(power, history, riseDb) : null;
      if (stepDb !== null) history.scale(stepDb);
      if (stepDb !== null || isOneLine(power, history) || !isSteady(analysis, history, rise)) rise = null;
    }
    const sweeping = this.judgeSweep(analysis, history, at, seconds);
    if (rise === null && this.mode === null && riseDb < thresholdDb) history.learn(average, riseDb, seconds);
    return rise ?? sweeping;
  }

  /** What the power of whole segments says, which is at hand: nothing has risen in most looks, and no medians are sorted. */
  private glance(
    { segmentTotals, floorLevels, clusters, look }: LookAnalysis,
    history: FloorHistory,
    thresholdDb: number,
  ) {
    const segments = floorLevels.length;
    const risesDb = history.totalRisesDb(segmentTotals, segments, look.rows < 8 ? 0 : look.rows - (look.rows >> 2));
    let risen = 0;
    for (const riseDb of risesDb) if (riseDb >= GLANCE_SHARE * thresholdDb) risen++;
    return { riseDb: quantile(risesDb, 0.5), mayBe: risen >= segments * GLANCE_SEGMENTS || clusters.length >= LINES };
  }

  /** A slow sweep: the mean of a second is risen, and in its rows a stretch moves on steadily. */
  private judgeSweep(analysis: LookAnalysis, history: FloorHistory, at: number, seconds: number): Rise | null {
    const { average, look } = analysis;
    if (look.rows === 1 || this.mode === 'steady') return null;
    if (this.block === null) {
      this.block = { from: at, sum: new Float32Array(look.bins), looks: 0 };
      this.ridge.begin();
    }
    const { block } = this;
    const isThere = analysis.clusters.length > 0 && this.ridge.take(analysis, history);
    // It begins with the first look that holds something; the mean is only asked for where that moves.
    if (!isThere && block.looks === 0) {
      this.block = null;
      if (this.mode === 'sweeping' && !this.isOn) this.mode = null;
      return null;
    }
    if (!this.ridge.isStill) {
      block.looks++;
      for (let k = 0; k < average.length; k++) block.sum[k] += average[k];
    }
    const lasted = at + seconds - block.from;
    if (this.mode === 'sweeping' ? lasted >= BLOCK_SECONDS : lasted >= SOONEST_SECONDS) {
      this.judgeBlock(block, analysis, history, at + seconds);
    }
    return isThere && this.mode === 'sweeping' ? this.sweep : null;
  }

  private judgeBlock(block: Block, analysis: LookAnalysis, history: FloorHistory, now: number): void {
    const lasted = now - block.from;
    const mean = this.ridge.isSweep ? block.sum.map((sum) => sum / block.looks) : block.sum;
    const rise = this.ridge.isSweep ? findRise(mean, history, history.risesDb(mean), LEAST_RISE_DB, analysis) : null;
    if (rise !== null || lasted >= BLOCK_SECONDS) this.block = null;
    if (rise === null) {
      if (lasted >= BLOCK_SECONDS) this.mode = null;
      return;
    }
    this.begins = true;
    if (this.mode === null) {
      this.mode = 'sweeping';
      this.sweep = rise;
      this.onset = block.from - BLOCK_SECONDS;
      this.pending = [{ at: block.from, seconds: lasted, rise, average: mean }];
      return;
    }
    const known = this.sweep ?? rise;
    this.sweep = { lowBin: Math.min(known.lowBin, rise.lowBin), highBin: Math.max(known.highBin, rise.highBin) };
  }

  /** @returns whether a rise is on the air */
  private follow(rise: Rise | null, { average, look }: LookAnalysis, at: number, seconds: number): boolean {
    if (rise === null) {
      this.pending = [];
      this.activity?.off(at, seconds);
      if (!this.isOn) this.mode = null;
      return this.isOn;
    }
    this.pending.push({ at, seconds, rise, average });
    const first = this.pending[0].at;
    const lasts = this.pending.length >= CONFIRM_LOOKS && at + seconds - first >= CONFIRM_SECONDS;
    if (!this.isOn && this.mode === null && !lasts && !(look.rows === 1 && this.pending.length >= CONFIRM_LOOKS)) {
      return false;
    }
    if (this.mode === null) {
      this.mode = 'steady';
      this.onset = first;
      this.begins = true;
    }
    const hang = look.method === null ? HANG_SWEEPS * seconds : HANG_SECONDS;
    this.activity ??= new Activity(hang, true);
    for (const one of this.pending) this.measureLook(one, this.activity);
    this.pending = [];
    return true;
  }

  private measureLook({ at, seconds, rise, average }: RisenLook, activity: Activity): void {
    if (this.history === null) return;
    const { added, usual } = addedPower(average, this.history, rise);
    activity.on(at, seconds, Math.max(added, TINY_POWER));
    const peakBin = newPeak(average, this.history, rise);
    const before = this.measured;
    const looks = before.looks + 1;
    const ease = (now: number, seen: number, mostLooks: number) => now + (seen - now) / Math.min(looks, mostLooks);
    this.measured = {
      looks,
      peakBin,
      added: ease(before.added, added, FADE_LOOKS),
      usual: ease(before.usual, usual, FADE_LOOKS),
      low: ease(before.low, rise.lowBin, EDGE_LOOKS),
      high: ease(before.high, rise.highBin, EDGE_LOOKS),
      peakShare: this.begins
        ? Math.max(before.peakShare, average[peakBin] / Math.max(added, TINY_POWER))
        : before.peakShare,
    };
  }

  private overlaps({ lowBin, highBin }: { readonly lowBin: number; readonly highBin: number }): boolean {
    const margin = (this.history?.bins ?? 0) * EDGE_SHARE;
    const low = (this.mode === 'sweeping' ? (this.sweep?.lowBin ?? 0) : this.measured.low) - margin;
    const high = (this.mode === 'sweeping' ? (this.sweep?.highBin ?? 0) : this.measured.high) + margin;
    return Math.min(highBin, high) - Math.max(lowBin, low) + 1 >= 0.5 * (highBin - lowBin + 1);
  }

  /** What was on the air before, what lies outside, and what stands out of the rise, are emissions of their own. */
  private leaves(cluster: Detection, { average }: LookAnalysis, tracks: readonly Track[]): boolean {
    if (!this.overlaps(cluster)) return true;
    const isOlder = (track: Track) =>
      track.createdSeconds < this.onset &&
      track.activity.onAir &&
      track.overlapBins(cluster.lowBin, cluster.highBin) > 0;
    if (tracks.some(isOlder)) return true;
    const { low, high, added, peakShare } = this.measured;
    const isNarrow = cluster.highBin - cluster.lowBin + 1 <= NARROW_SHARE * (high - low + 1);
    if (this.mode === 'sweeping' || !isNarrow) return false;
    return average[cluster.peakBin] > STANDS_OUT * added * peakShare;
  }
}

const NOTHING_MEASURED = {
  looks: 0,
  /** Mean power over what is usual, and what is usual, linear sums over the bins. */
  added: 0,
  usual: 0,
  /** Edges and strongest bin. */
  low: 0,
  high: 0,
  peakBin: 0,
  /** Share of the added power that the strongest bin held when it began: how spiky the rise is by itself. */
  peakShare: 0,
};

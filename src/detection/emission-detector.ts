import type { Emission } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { quantile } from '../dsp/rank.ts';
import { createRowStatistics, type RowStatistics } from '../dsp/row-statistics.ts';
import { markClockHarmonics } from './artefacts/steady-lines.ts';
import type { HopSet } from './hop-sets.ts';
import type { Track } from './track.ts';
import { measureTrack } from './track-measurement.ts';
import { TuningTracker } from './tuning-tracker.ts';

export interface DetectionOptions {
  /** A bin and look, for all statistics together; 1e-12 to 0.1. */
  readonly falseAlarmProbability: number;
  /** Frequencies that the receiver produces itself, Hz. */
  readonly spursHz?: readonly number[];
  /** Those of the kernel where it can run; detectors of one thread may share it. */
  readonly statistics?: RowStatistics;
}

export interface EmissionChange {
  /** `opened` once it is confirmed; `updated` after each look that saw it; `closed` when it has long been silent. */
  readonly change: 'opened' | 'updated' | 'closed';
  readonly emission: Emission;
}

/** Tunings remembered, so that a scanning receiver keeps its emissions; over it the longest unused is closed. */
const TUNINGS_LIMIT = 128;
const SPUR_SLACK_BINS = 2;
/** Combs of clocks are looked for so often. */
const COMBS_SECONDS = 5;

/**
 * Looks in, emissions out: the one detection path of live receivers and recordings. Looks come in order of time.
 * Times of emissions are seconds since `epochNs`, the first sample of the stream.
 */
export class EmissionDetector {
  epochNs: bigint | null = null;
  private readonly options: DetectionOptions;
  private readonly tunings = new Map<string, TuningTracker>();
  private current: TuningTracker | null = null;
  private lastId = 0;
  private combsAtSeconds = 0;
  private readonly statistics: RowStatistics;

  constructor(options: DetectionOptions) {
    this.options = options;
    this.statistics = options.statistics ?? createRowStatistics();
  }

  push(look: PowerSpectrum): EmissionChange[] {
    this.epochNs ??= look.timeNs;
    const atSeconds = Number(look.timeNs - this.epochNs) / 1e9;
    const changes: EmissionChange[] = [];
    const tuning = this.tune(look, atSeconds, changes);
    const closed = tuning.push(look, atSeconds);
    if (atSeconds - this.combsAtSeconds >= COMBS_SECONDS) {
      this.combsAtSeconds = atSeconds;
      markClockHarmonics([...this.tunings.values()]);
    }
    for (const track of tuning.tracks) this.tell(track, tuning, changes);
    this.close(closed, tuning, changes);
    this.tellRise(tuning, changes);
    this.tellHopSets(tuning, changes);
    return changes;
  }

  /** The stream has ended: what could be confirmed is, and everything is closed. */
  finish(): EmissionChange[] {
    const changes: EmissionChange[] = [];
    for (const tuning of this.tunings.values()) {
      tuning.interrupt();
      this.close(tuning.tracks, tuning, changes);
      this.closeRise(tuning, changes);
      this.closeHopSets(tuning.hopSets.sets, tuning, changes);
    }
    this.tunings.clear();
    this.current = null;
    return changes;
  }

  /** Median noise floor of the last look, in the level's unit; null before the first. */
  noiseFloorDb(): number | null {
    const levels = this.current?.lastAnalysis?.floorLevels;
    return levels ? quantile(levels, 0.5) : null;
  }

  private tune(look: PowerSpectrum, atSeconds: number, changes: EmissionChange[]): TuningTracker {
    const key = `${look.startHz} ${look.stepHz} ${look.bins}`;
    let tuning = this.tunings.get(key);
    if (tuning !== this.current) this.current?.interrupt();
    if (!tuning) {
      tuning = new TuningTracker(look, atSeconds, this.options.falseAlarmProbability, this.statistics);
    } else {
      this.tunings.delete(key);
      if (tuning !== this.current) tuning.interrupt();
    }
    this.tunings.set(key, tuning);
    this.current = tuning;
    if (this.tunings.size > TUNINGS_LIMIT) {
      const [oldestKey, oldest] = this.tunings.entries().next().value!;
      this.tunings.delete(oldestKey);
      oldest.interrupt();
      this.close(oldest.tracks, oldest, changes);
      this.closeRise(oldest, changes);
      this.closeHopSets(oldest.hopSets.sets, oldest, changes);
    }
    return tuning;
  }

  /** A part of another emission is not told of by itself; an image is, as the artefact that it is. */
  private tell(track: Track, tuning: TuningTracker, changes: EmissionChange[]): void {
    if (track.hops) {
      this.closeChannel(track, tuning, changes);
      return;
    }
    if (track.partOf && track.artefact !== 'image') return;
    const seen = track.lastHitSeconds >= tuning.nowSeconds - tuning.look.rows * tuning.look.rowSeconds - 1e-6;
    if (track.id === 0) {
      if (!isConfirmed(track) || tuning.rise.holds(track)) return;
      track.id = ++this.lastId;
      this.markSpur(track, tuning);
      changes.push({ change: 'opened', emission: measureTrack(track, tuning.look, tuning) });
    } else if (seen || track.activity.onAir) {
      changes.push({ change: 'updated', emission: measureTrack(track, tuning.look, tuning) });
    }
  }

  private tellRise(tuning: TuningTracker, changes: EmissionChange[]): void {
    const { rise, look } = tuning;
    if (rise.isOver) this.closeRise(tuning, changes);
    else if (rise.isOn && rise.id === 0) {
      rise.id = ++this.lastId;
      changes.push({ change: 'opened', emission: rise.measure(look) });
    } else if (rise.isOn) changes.push({ change: 'updated', emission: rise.measure(look) });
  }

  private closeRise({ rise, look }: TuningTracker, changes: EmissionChange[]): void {
    if (rise.id !== 0) changes.push({ change: 'closed', emission: rise.measure(look) });
    rise.close();
  }

  private tellHopSets(tuning: TuningTracker, changes: EmissionChange[]): void {
    this.closeHopSets(tuning.endedHopSets, tuning, changes);
    for (const set of tuning.hopSets.sets) {
      const change = set.id === 0 ? 'opened' : 'updated';
      if (set.id === 0) set.id = ++this.lastId;
      changes.push({ change, emission: set.measure(tuning.look, tuning) });
    }
  }

  private closeHopSets(sets: readonly HopSet[], tuning: TuningTracker, changes: EmissionChange[]): void {
    for (const set of sets) changes.push({ change: 'closed', emission: set.measure(tuning.look, tuning) });
  }

  /** A channel that was told of before it was known to be one of a hop set ends as a part of that. */
  private closeChannel(track: Track, tuning: TuningTracker, changes: EmissionChange[]): void {
    if (track.id === 0) return;
    const emission = measureTrack(track, tuning.look, tuning);
    changes.push({ change: 'closed', emission: { ...emission, artefact: 'sideband' } });
    track.id = 0;
  }

  private close(tracks: readonly Track[], tuning: TuningTracker, changes: EmissionChange[]): void {
    for (const track of tracks) {
      if (track.hops) {
        this.closeChannel(track, tuning, changes);
        continue;
      }
      if (track.partOf && track.artefact !== 'image') {
        // Told of once, then found to be a part of another emission: it ends as such.
        track.artefact ??= 'sideband';
        if (track.id !== 0) changes.push({ change: 'closed', emission: measureTrack(track, tuning.look, tuning) });
        continue;
      }
      if (track.id === 0) {
        if (!isConfirmed(track)) continue;
        track.id = ++this.lastId;
        changes.push({ change: 'opened', emission: measureTrack(track, tuning.look, tuning) });
      }
      changes.push({ change: 'closed', emission: measureTrack(track, tuning.look, tuning) });
    }
  }

  private markSpur(track: Track, tuning: TuningTracker): void {
    const { startHz, stepHz } = tuning.look;
    const lowHz = startHz + (track.lowBin - SPUR_SLACK_BINS) * stepHz;
    const highHz = startHz + (track.highBin + SPUR_SLACK_BINS) * stepHz;
    const narrow = track.widthBins <= 8;
    if (narrow && this.options.spursHz?.some((hz) => hz >= lowHz && hz <= highHz)) track.artefact = 'spur';
  }
}

/** Seen in two looks, or so strong in one that noise cannot have made it. */
function isConfirmed(track: Track): boolean {
  return track.onPower > 0 && (track.certain || track.hits >= 2);
}

import type { Detection } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';
import { ReceiverArtefacts } from './artefacts/receiver-artefacts.ts';
import { groupTracks, type Observation } from './grouping.ts';
import { type HopSet, HopSets } from './hop-sets.ts';
import { analyzeLook, type LookAnalysis } from './look-analysis.ts';
import { bandCorrelation, mirrorCorrelation, SHARED_POWER_CORRELATION } from './power-correlation.ts';
import { Track } from './track.ts';
import { WidebandRise } from './wideband/wideband-rise.ts';

/** A track that was seen once, and not for certain, is forgotten after this time. */
const DOUBT_SECONDS = 3;
/** An emission that has been silent this long is closed; when it returns it is a new one. */
const SILENCE_SECONDS = 600;
/** Tracks of one tuning; over it the longest silent goes. */
const TRACKS_LIMIT = 512;
/** Looks over which the powers of two tones are compared. */
const SHARED_LOOKS = 5;
/** A cluster is the track's when it is not much wider than the track. */
const WIDER_FACTOR = 4;
const WIDER_BINS = 8;

/** All tracks of one tuning (one span and resolution): assigns the clusters of each look. */
export class TuningTracker {
  readonly tracks: Track[] = [];
  readonly rise: WidebandRise;
  private readonly artefacts = new ReceiverArtefacts();
  readonly hopSets = new HopSets();
  /** Hop sets that ended with the last look. */
  endedHopSets: readonly HopSet[] = [];
  readonly fromSeconds: number;
  nowSeconds: number;
  look: PowerSpectrum;
  lastAnalysis: LookAnalysis | null = null;
  /** Correlation of the powers of two tracks, over the looks that saw both. */
  private readonly shared = new WeakMap<Track, WeakMap<Track, { sum: number; looks: number }>>();
  /** No time is missing between the looks; the same, when the present look came. */
  private unbroken = false;
  private observed = false;
  private readonly falseAlarmProbability: number;
  private readonly statistics: RowStatistics;

  constructor(look: PowerSpectrum, atSeconds: number, falseAlarmProbability: number, statistics: RowStatistics) {
    this.statistics = statistics;
    this.rise = new WidebandRise(look.bins);
    this.look = look;
    this.fromSeconds = atSeconds;
    this.nowSeconds = atSeconds;
    this.falseAlarmProbability = falseAlarmProbability;
  }

  /** Takes in a look that begins at `atSeconds`; returns tracks that are closed now. */
  push(look: PowerSpectrum, atSeconds: number): Track[] {
    // Rows are centred half a transform into their hop: with overlap they begin a little later than their first sample.
    const { method } = look;
    const lead = method ? (method.transformBins * method.overlap * look.rowSeconds) / 2 / hopPairs(look) : 0;
    const rowSeconds = look.rowSeconds > 0 ? look.rowSeconds : Math.max(0, atSeconds - this.nowSeconds);
    if (look.lostBefore) this.interrupt();
    this.observed = this.unbroken;
    this.unbroken = true;
    const analysis = analyzeLook(look, this.falseAlarmProbability, this.lastAnalysis, this.statistics);
    this.look = look;
    this.lastAnalysis = analysis;
    this.nowSeconds = atSeconds + look.rows * rowSeconds;
    const others = this.rise.take(analysis, atSeconds, look.rows * rowSeconds, this.tracks);
    this.assign(others, atSeconds + lead, rowSeconds);
    const centerBin = look.centerHz === null ? null : (look.centerHz - look.startHz) / look.stepHz;
    const seen: Observation = {
      rowSeconds,
      centerBin,
      mirrorCorrelation: ({ lowBin, highBin }) =>
        centerBin === null ? 0 : mirrorCorrelation(analysis.rows, look.bins, lowBin, highBin, centerBin),
      shareOnePower: (a, b) => this.shareOnePower(a, b, analysis),
      isNoImage: (track) => this.artefacts.isRefuted(track),
    };
    groupTracks(
      this.tracks.filter(({ artefact }) => artefact !== 'dc-spike'),
      seen,
      look.stepHz,
    );
    this.artefacts.judge(this.tracks, analysis, atSeconds + lead, look.rows * rowSeconds);
    this.endedHopSets = this.hopSets.take(this.tracks, this.nowSeconds, rowSeconds);
    return this.forget();
  }

  /** Nothing is known of the time until the next look. */
  interrupt(): void {
    this.unbroken = false;
    this.rise.interrupt();
    for (const track of this.tracks) track.activity.interrupt();
  }

  private assign(analysis: LookAnalysis, lookSeconds: number, rowSeconds: number): void {
    const hits = new Map<Track, Detection>();
    const shared = new Set<Track>();
    for (const cluster of analysis.clusters) {
      const owners = this.tracks.filter(
        (track) => !isWithin(track) && track.artefact !== 'dc-spike' && owns(track, cluster),
      );
      if (owners.length === 0) owners.push(this.open(cluster, lookSeconds));
      for (const track of owners) {
        const known = hits.get(track);
        hits.set(track, known ? hull(known, cluster) : cluster);
        if (owners.length > 1) shared.add(track);
      }
    }
    if (analysis.dcRatio > 0) this.seeDcSpike(analysis, lookSeconds, rowSeconds);
    for (const track of this.tracks) {
      if (isWithin(track) || track.artefact === 'dc-spike') continue;
      const hit = hits.get(track) ?? null;
      // A cluster that several tracks share says nothing of the band of each.
      if (hit) track.see(lookSeconds);
      if (hit && !shared.has(track)) track.follow(hit);
      track.takeIn(analysis, hit, lookSeconds, rowSeconds);
    }
  }

  /** Mean over the looks that saw both: one look alone may go either way by chance. */
  private shareOnePower(a: Track, b: Track, analysis: LookAnalysis): boolean {
    if (!a.activity.onAir || !b.activity.onAir) return false;
    const known = this.shared.get(a)?.get(b) ?? { sum: 0, looks: 0 };
    known.sum += bandCorrelation(analysis.rows, analysis.look.bins, a, b);
    known.looks++;
    if (!this.shared.has(a)) this.shared.set(a, new WeakMap());
    this.shared.get(a)?.set(b, known);
    return known.looks >= SHARED_LOOKS && known.sum / known.looks <= SHARED_POWER_CORRELATION;
  }

  /** Kept as an artefact, so that people see that it was seen: its rows are those of before its removal. */
  private seeDcSpike(analysis: LookAnalysis, lookSeconds: number, rowSeconds: number): void {
    const { look, average } = analysis;
    const dc = Math.round((look.centerHz! - look.startHz) / look.stepHz);
    const spike = { lowBin: dc - 1, highBin: dc + 1, peakBin: dc, peakPower: average[dc], peakRatio: analysis.dcRatio };
    const hit: Detection = { ...spike, by: 'mean' };
    let track = this.tracks.find(({ artefact }) => artefact === 'dc-spike');
    if (!track) {
      track = this.open(hit, lookSeconds);
      track.artefact = 'dc-spike';
    }
    track.see(lookSeconds);
    track.takeIn({ ...analysis, rows: look.mean }, hit, lookSeconds, rowSeconds);
  }

  private open(cluster: Detection, atSeconds: number): Track {
    const track = new Track(cluster, this.look, atSeconds, this.observed);
    this.tracks.push(track);
    return track;
  }

  private forget(): Track[] {
    const closed: Track[] = [];
    const keep = (track: Track): boolean => {
      if (isWithin(track)) return false;
      const silent = this.nowSeconds - Math.max(track.lastHitSeconds, track.activity.stop);
      if (track.activity.onAir) return true;
      return track.id === 0 && !track.certain && track.hits < 2 ? silent < DOUBT_SECONDS : silent < SILENCE_SECONDS;
    };
    const pieces = this.tracks.filter((track) => this.rise.owns(track));
    for (const piece of pieces) piece.artefact = 'sideband';
    closed.push(...pieces.filter(({ id }) => id !== 0));
    let kept = this.tracks.filter((track) => !pieces.includes(track) && (keep(track) || !closed.push(track)));
    if (kept.length > TRACKS_LIMIT) {
      const oldest = [...kept].sort((a, b) => a.lastHitSeconds - b.lastHitSeconds).slice(0, kept.length - TRACKS_LIMIT);
      kept = kept.filter((track) => !oldest.includes(track));
      closed.push(...oldest);
    }
    this.tracks.splice(0, this.tracks.length, ...kept);
    return closed;
  }
}

function hopPairs(look: PowerSpectrum): number {
  const method = look.method;
  return method ? method.averages * method.transformBins * (1 - method.overlap) : 1;
}

/** Joined to another track, whose band holds it now. */
function isWithin(track: Track): boolean {
  return track.partOf !== null && track.artefact === null;
}

/** Half of the narrower lies in the wider one, or the cluster's peak in the track; and it is not much wider than that. */
function owns(track: Track, cluster: Detection): boolean {
  const width = cluster.highBin - cluster.lowBin + 1;
  const overlap = track.overlapBins(cluster.lowBin, cluster.highBin);
  const peakInside = cluster.peakBin >= track.lowBin && cluster.peakBin <= track.highBin;
  const shares = peakInside || overlap >= 0.5 * Math.min(width, track.widthBins);
  return shares && width <= WIDER_FACTOR * track.widthBins + WIDER_BINS;
}

function hull(a: Detection, b: Detection): Detection {
  const stronger = a.peakRatio >= b.peakRatio ? a : b;
  const by = a.by === 'mean' || b.by === 'mean' ? 'mean' : 'max';
  return { ...stronger, by, lowBin: Math.min(a.lowBin, b.lowBin), highBin: Math.max(a.highBin, b.highBin) };
}

import { dbFromPower, powerFromDb } from '../core/units.ts';
import { compareTiming, type Timing } from './activity.ts';
import { IMAGE_CORRELATION } from './power-correlation.ts';
import type { Track } from './track.ts';

/**
 * One transmission is one emission. Tracks of one tuning are joined where their bands overlap, where they key
 * together (the tones of FSK, keying sidebands, images of a burst), or where they lie symmetrically about a carrier.
 */
export interface Observation {
  readonly rowSeconds: number;
  /** Bin of the receiver's centre; null for sweeps. */
  readonly centerBin: number | null;
  /** How far the powers in a track's band go together with those mirrored about the centre (power-correlation.ts). */
  readonly mirrorCorrelation: (track: Track) => number;
  /** In this look the power of one grows as that of the other falls, row by row: the tones of one signal. */
  readonly shareOnePower: (a: Track, b: Track) => boolean;
  /** It was taken for an image, and its levels showed that it is none. */
  readonly isNoImage: (track: Track) => boolean;
}

/** Edges of one transmission are seen within so many rows. */
const EDGE_ROWS = 1.5;

/** Tones of one transmission differ by less in level, and lie no further apart than so many bins and widths. */
const TONES_DB = 8;
const TONES_WIDTHS = 2;
const TONES_LEAST_BINS = 24;
/** Switching spreads this much less than what is switched. */
const CLICK_DB = 20;
/** Lobes of a keyed emission beside it, this much weaker, flicker with its data while it is on, and only then. */
const LOBE_DB = 6;
const LOBE_WIDTHS = 1;
/** Independent of each other, two would not keep to that in so many bursts at this share of the time. */
const KEYED_BURSTS = 3;
const KEYED_SHARE = 0.6;
const SIDEBAND_DB = 8;
/** Out-of-band emission lies this near, in widths of the emission, and is this much weaker in density … */
const OUT_OF_BAND_WIDTHS = 0.25;
const FAR_OUT_OF_BAND_DB = 40;
/** The out-of-band domain ends 2.5 bandwidths from the middle (ITU-R SM.1541). */
const FAR_OUT_OF_BAND_WIDTHS = 2;
/** … or this much, where it barely stands out of the noise or flickers with the modulation. */
const OUT_OF_BAND_DB = 15;
const OUT_OF_BAND_RATIO = 2;
const OUT_OF_BAND_SECONDS = 0.1;
const FLICKER_RATIO = 8;
/** Shorter than any burst that stands out as clearly. */
const CRACKLE_SECONDS = 0.015;
/** Lines about a carrier: equal within this, so much weaker, so narrow, and no further out than an FM multiplex reaches. */
const SYMMETRY_DB = 1.5;
const LINE_DB = 6;
const LINE_BINS = 6;
const SYMMETRY_HZ = 60_000;
/** An image about the centre is this much weaker. */
const IMAGE_DB = 15;
const IMAGE_SHARE = 0.8;
const IMAGE_SLACK_BINS = 2;
const NARROW_BINS = 16;
/** A narrow part seen this long before the wide band began is an emission of its own. */
const BEFORE_SECONDS = 1;

export function groupTracks(tracks: readonly Track[], seen: Observation, stepHz: number): void {
  const live = tracks.filter((track) => track.hits > 0 && track.onPower > 0);
  const byPower = live.sort((a, b) => b.onPower - a.onPower || a.createdSeconds - b.createdSeconds);
  for (const [i, stronger] of byPower.entries()) {
    if (stronger.partOf && stronger.artefact !== 'image') continue;
    for (const weaker of byPower.slice(i + 1)) {
      if (!weaker.partOf) joinPair(stronger, weaker, seen);
      else if (weaker.partOf === stronger) release(stronger, weaker, seen);
    }
    joinSymmetric(stronger, byPower.slice(i + 1), seen, stepHz);
  }
}

function gapBins(a: Track, b: Track): number {
  return -a.overlapBins(b.lowBin, b.highBin);
}

function joinPair(stronger: Track, weaker: Track, seen: Observation): void {
  const overlap = -gapBins(stronger, weaker);
  if (overlap >= 0.5 * Math.min(stronger.widthBins, weaker.widthBins)) {
    joinOverlapping(stronger, weaker);
    return;
  }
  const timing = timingOf(stronger, weaker, seen);
  const differenceDb = dbFromPower(stronger.onPower) - dbFromPower(weaker.onPower);
  if (areTones(stronger, weaker, differenceDb) && (isSure(timing) || seen.shareOnePower(stronger, weaker))) {
    joinWhole(stronger, weaker);
  } else if (isImage(stronger, weaker, seen, differenceDb) && timing.is !== 'different') {
    weaker.artefact = 'image';
    weaker.partOf = stronger;
  } else if (isSideband(stronger, weaker, timing, differenceDb)) {
    weaker.artefact = 'sideband';
    weaker.partOf = stronger;
  }
}

function timingOf(stronger: Track, weaker: Track, seen: Observation): Timing {
  return compareTiming(stronger.activity, weaker.activity, EDGE_ROWS * seen.rowSeconds);
}

/** Switched on and off together: one edge in common may be a coincidence. */
function isSure(timing: Timing): boolean {
  return timing.is === 'same' && timing.edges >= 2;
}

function areTones(stronger: Track, weaker: Track, differenceDb: number): boolean {
  const widest = Math.max(stronger.widthBins, weaker.widthBins);
  return differenceDb <= TONES_DB && gapBins(stronger, weaker) <= TONES_LEAST_BINS + TONES_WIDTHS * widest;
}

/** Not told of by itself while it may be a part: taken back as soon as that no longer holds (`release`). */
function isSideband(stronger: Track, weaker: Track, timing: Timing, differenceDb: number): boolean {
  // What hardly stands out of the noise is on the air by whole looks: its times tell nothing.
  const ownTime = timing.is === 'different' && weaker.onRatio >= OUT_OF_BAND_RATIO;
  if (!ownTime && isOutOfBand(stronger, weaker)) return true;
  // Clicks and splatter come where the keying that makes them begins or ends; a transmission inside a longer one does not.
  if (timing.clicks && differenceDb >= CLICK_DB) return true;
  if (timing.is === 'same') return differenceDb >= SIDEBAND_DB || areTones(stronger, weaker, differenceDb);
  return timing.is === 'within' && differenceDb >= LOBE_DB && areBeside(stronger, weaker) && isKeyed(stronger);
}

function areBeside(stronger: Track, weaker: Track): boolean {
  return gapBins(stronger, weaker) <= LOBE_WIDTHS * stronger.widthBins;
}

function isKeyed({ activity }: Track): boolean {
  const seconds = activity.stop - activity.firstStart;
  return activity.bursts >= KEYED_BURSTS && activity.activeSeconds < KEYED_SHARE * seconds;
}

/** The older track keeps its id; the stronger gives timing and level. */
function joinWhole(stronger: Track, weaker: Track): void {
  if (weaker.id !== 0 && (stronger.id === 0 || weaker.id < stronger.id)) {
    const id = weaker.id;
    weaker.id = stronger.id;
    stronger.id = id;
  }
  stronger.join(weaker);
}

function joinOverlapping(stronger: Track, weaker: Track): void {
  const [wide, narrow] = stronger.widthBins >= weaker.widthBins ? [stronger, weaker] : [weaker, stronger];
  const before = wide.createdSeconds - narrow.createdSeconds;
  if (narrow.activity.onAir && wide.widthBins > 4 * narrow.widthBins && before > BEFORE_SECONDS) return;
  joinWhole(stronger, weaker);
}

/** A part that turns out to be one surely is joined; one that goes its own way is an emission of its own. */
function release(stronger: Track, weaker: Track, seen: Observation): void {
  if (weaker.artefact !== 'sideband') return;
  if (-gapBins(stronger, weaker) >= 0.5 * Math.min(stronger.widthBins, weaker.widthBins)) {
    weaker.artefact = null;
    weaker.partOf = null;
    joinOverlapping(stronger, weaker);
    return;
  }
  const timing = timingOf(stronger, weaker, seen);
  const differenceDb = dbFromPower(stronger.onPower) - dbFromPower(weaker.onPower);
  const joins = isSure(timing) && areTones(stronger, weaker, differenceDb);
  if (!joins && isSideband(stronger, weaker, timing, differenceDb)) return;
  weaker.artefact = null;
  weaker.partOf = null;
  if (joins) joinWhole(stronger, weaker);
}

function isImage(stronger: Track, weaker: Track, seen: Observation, differenceDb: number): boolean {
  if (seen.centerBin === null || differenceDb < IMAGE_DB || seen.isNoImage(weaker)) return false;
  // It is on the air whenever its original is.
  if (weaker.activity.activeSeconds < IMAGE_SHARE * stronger.activity.activeSeconds) return false;
  const mirrorLow = 2 * seen.centerBin - stronger.highBin;
  const mirrorHigh = 2 * seen.centerBin - stronger.lowBin;
  const middle = (weaker.lowBin + weaker.highBin) / 2;
  if (middle < mirrorLow || middle > mirrorHigh) return false;
  // Narrow and mirrored to the bin is no coincidence; a wide one must also fluctuate like its original.
  const exact = Math.abs(middle - (mirrorLow + mirrorHigh) / 2) <= IMAGE_SLACK_BINS;
  if (exact && stronger.widthBins <= NARROW_BINS) return true;
  return seen.mirrorCorrelation(weaker) >= IMAGE_CORRELATION;
}

/** Skirts and side lobes of the modulation: next to the band, far weaker in density, and flickering or just over the noise. */
function isOutOfBand(stronger: Track, weaker: Track): boolean {
  const density = dbFromPower(stronger.onPower / stronger.widthBins) - dbFromPower(weaker.onPower / weaker.widthBins);
  const gap = gapBins(stronger, weaker) / stronger.widthBins;
  const faint = weaker.onRatio < OUT_OF_BAND_RATIO || weaker.activity.longestSeconds < CRACKLE_SECONDS;
  if (gap > OUT_OF_BAND_WIDTHS) return faint && gap <= FAR_OUT_OF_BAND_WIDTHS && density >= FAR_OUT_OF_BAND_DB;
  const weak = weaker.onRatio < FLICKER_RATIO && weaker.activity.longestSeconds < OUT_OF_BAND_SECONDS;
  return density >= (faint || weak ? OUT_OF_BAND_DB : FAR_OUT_OF_BAND_DB);
}

/** Lines at equal distances on both sides of a carrier, equally strong and never on without it, are its sidebands. */
function joinSymmetric(carrier: Track, others: readonly Track[], seen: Observation, stepHz: number): void {
  const middle = (track: Track) => (track.lowBin + track.highBin) / 2;
  const candidates = others.filter(
    (track) =>
      track.partOf === null &&
      track.widthBins <= LINE_BINS &&
      track.onPower * powerFromDb(LINE_DB) <= carrier.onPower &&
      Math.abs(middle(track) - middle(carrier)) * stepHz <= SYMMETRY_HZ,
  );
  for (const left of candidates) {
    if (left.partOf || middle(left) >= middle(carrier)) continue;
    const right = candidates.find(
      (track) =>
        track.partOf === null &&
        Math.abs(middle(track) + middle(left) - 2 * middle(carrier)) <= 2 &&
        Math.abs(dbFromPower(track.onPower) - dbFromPower(left.onPower)) <= SYMMETRY_DB,
    );
    if (!right || [left, right].some((line) => timingOf(carrier, line, seen).is === 'different')) continue;
    // The lines of one modulation come and go together.
    if (['within', 'different'].includes(timingOf(left, right, seen).is)) continue;
    joinWhole(carrier, left);
    joinWhole(carrier, right);
  }
}

import { dbFromPower } from '../../core/units.ts';
import type { LookAnalysis } from '../look-analysis.ts';
import type { Track } from '../track.ts';

/** Looks that are kept. */
const LOOKS = 96;

/** Level of a track in the last looks of its tuning, dB, oldest first; −∞ where it was not heard. */
export type Levels = Float32Array;

/** How strong the tracks of one tuning were, look by look: what of them goes together is shown by this. */
export class LevelHistory {
  private readonly rings = new WeakMap<Track, Float32Array>();
  private looks = 0;

  /** Looks of which something is known. */
  get length(): number {
    return Math.min(LOOKS, this.looks);
  }

  /** @param at when the tracks were last hit, where this look hit them */
  take(tracks: readonly Track[], analysis: LookAnalysis, at: number): void {
    const place = this.looks % LOOKS;
    this.looks++;
    for (const track of tracks) {
      let ring = this.rings.get(track);
      if (ring === undefined) {
        // Looks before it came up did not hear it.
        ring = new Float32Array(LOOKS).fill(Number.NEGATIVE_INFINITY);
        this.rings.set(track, ring);
      }
      ring[place] = track.lastHitSeconds === at ? levelDb(track, analysis) : Number.NEGATIVE_INFINITY;
    }
  }

  of(track: Track): Levels {
    const ring = this.rings.get(track);
    const levels = new Float32Array(this.length).fill(Number.NEGATIVE_INFINITY);
    if (ring === undefined) return levels;
    const first = this.looks - this.length;
    for (let i = 0; i < levels.length; i++) levels[i] = ring[(first + i) % LOOKS];
    return levels;
  }
}

function levelDb({ lowBin, highBin }: Track, { average, floor }: LookAnalysis): number {
  let power = 0;
  for (let k = lowBin; k <= highBin; k++) power += average[k] - floor[k];
  return power > 0 ? dbFromPower(power) : Number.NEGATIVE_INFINITY;
}

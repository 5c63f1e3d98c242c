import type { PowerSpectrum } from '../../core/spectrum.ts';
import type { Track } from '../track.ts';

/**
 * What came up with an overload of the front end, and has only been heard during it, is doubted: clipping and compression
 * make lines and noise all over the span. Positive evidence is the common beginning, to two looks: what begins later, or
 * was there before, is not doubted, nor is what may be the cause. The doubt ends when it is heard without overload, or
 * pauses and returns while the overload goes on. A transmitter that by chance begins within two looks of an overload is
 * doubted for as long as that lasts.
 */
export class OverloadDoubt {
  private sinceSeconds: number | null = null;
  private sawClear = false;
  /** When each doubted track was last heard. */
  private readonly doubted = new Map<Track, number>();

  /** @param at when the tracks were last hit, where this look hit them */
  judge(tracks: readonly Track[], look: PowerSpectrum, at: number, lookSeconds: number): void {
    const isOverloaded = look.overload === true || look.clipped > CLIPPED_SHARE * look.samples;
    // An overload that was there with the first look began nobody knows when.
    const began = this.sawClear ? at : Number.NEGATIVE_INFINITY;
    this.sinceSeconds = isOverloaded ? (this.sinceSeconds ?? began) : null;
    this.sawClear ||= !isOverloaded;
    const strongest = tracks.reduce((most, { onPower }) => Math.max(most, onPower), 0);
    for (const track of tracks) {
      const heard = track.lastHitSeconds === at;
      const last = this.doubted.get(track);
      if (last !== undefined) {
        if (!heard) continue;
        const returned = at - last > PAUSE_LOOKS * lookSeconds && isOverloaded && last > (this.sinceSeconds ?? at);
        if (isOverloaded && !returned) this.doubted.set(track, at);
        else this.believe(track);
      } else if (this.cameWithIt(track, lookSeconds) && track.onPower * CAUSE_RATIO < strongest) this.doubt(track, at);
    }
    for (const track of this.doubted.keys()) if (!tracks.includes(track)) this.doubted.delete(track);
  }

  private cameWithIt({ createdSeconds, artefact, id, partOf }: Track, lookSeconds: number): boolean {
    if (this.sinceSeconds === null || artefact !== null || partOf !== null || id !== 0) return false;
    return Math.abs(createdSeconds - this.sinceSeconds) <= TOGETHER_LOOKS * lookSeconds;
  }

  private doubt(track: Track, at: number): void {
    track.artefact = 'overload';
    this.doubted.set(track, at);
  }

  private believe(track: Track): void {
    if (track.artefact === 'overload') track.artefact = null;
    this.doubted.delete(track);
  }
}

/** One sample in a thousand at full scale. */
const CLIPPED_SHARE = 1e-3;
const TOGETHER_LOOKS = 2;
const PAUSE_LOOKS = 3;
/** What is within 20 dB of the strongest may be what overloads. */
const CAUSE_RATIO = 100;

import type { LookAnalysis } from '../look-analysis.ts';
import type { Track } from '../track.ts';
import { refutesImage } from './images.ts';
import { isIntermodulation, type Tone } from './intermodulation.ts';
import { LevelHistory } from './level-history.ts';
import { OverloadDoubt } from './overload.ts';

/** Verdicts that need several looks are looked for in every one of so many. */
const EVERY_LOOKS = 8;
/** Parents are looked for among the strongest. */
const MOST_TONES = 48;

/** Tells what one tuning's receiver makes itself from what it hears; a verdict is taken back where the evidence goes. */
export class ReceiverArtefacts {
  private readonly history = new LevelHistory();
  private readonly overload = new OverloadDoubt();
  /** What was taken for an image, and showed that it is none. */
  private readonly refuted = new WeakSet<Track>();
  private looks = 0;

  /** @param at when the tracks were last hit, where this look hit them */
  judge(tracks: readonly Track[], analysis: LookAnalysis, at: number, lookSeconds: number): void {
    this.history.take(tracks, analysis, at);
    this.overload.judge(tracks, analysis.look, at, lookSeconds);
    this.looks++;
    if (this.looks % EVERY_LOOKS !== 0) return;
    for (const track of tracks) if (track.artefact === 'image') this.judgeImage(track);
    this.judgeProducts(tracks);
  }

  isRefuted(track: Track): boolean {
    return this.refuted.has(track);
  }

  private judgeImage(track: Track): void {
    const original = track.partOf;
    if (original === null) return;
    const isClear = track.onRatio >= CLEAR_RATIO;
    if (!refutesImage(this.history.of(track), this.history.of(original.whole), isClear)) return;
    this.refuted.add(track);
    track.artefact = null;
    track.partOf = null;
  }

  private judgeProducts(tracks: readonly Track[]): void {
    const heard = tracks.filter(({ partOf, artefact }) => partOf === null && (artefact ?? PRODUCT) === PRODUCT);
    if (heard.length < 3) return;
    const byLevel = [...heard].sort((a, b) => b.onPower - a.onPower).slice(0, MOST_TONES);
    const tones = new Map<Track, Tone>(
      byLevel.map((track) => [track, { lowBin: track.lowBin, highBin: track.highBin, levels: this.history.of(track) }]),
    );
    // What is a product makes no products that count.
    const sources = byLevel.filter(({ artefact }) => artefact === null).map((track) => tones.get(track)!);
    for (const [track, tone] of tones) {
      if (isIntermodulation(tone, sources)) track.artefact = PRODUCT;
      else if (track.artefact === PRODUCT && track.activity.onAir && contradicts(tone, sources)) track.artefact = null;
    }
  }
}

const PRODUCT = 'intermodulation';
/** In its band, over the noise there: 6 dB. */
const CLEAR_RATIO = 4;
const LEAST_ALONE = 3;

/** It is heard while no two others are. */
function contradicts(product: Tone, sources: readonly Tone[]): boolean {
  let alone = 0;
  for (let look = 0; look < product.levels.length; look++) {
    if (product.levels[look] === Number.NEGATIVE_INFINITY) continue;
    if (sources.filter(({ levels }) => levels[look] > Number.NEGATIVE_INFINITY).length < 2) alone++;
  }
  return alone >= LEAST_ALONE;
}

import type { Artefact, Detection } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { Activity, HANG_SECONDS } from './activity.ts';
import type { LookAnalysis } from './look-analysis.ts';
import { thresholdFactor } from './thresholds.ts';
import { TrackSpectrum } from './track-spectrum.ts';

/** A row is on the air where noise in the track's band would be as strong once in ten thousand rows. */
const ROW_TAIL = 1e-4;
const LOOK_TAIL = 1e-3;
/** Once on, it stays on while noise alone would be as strong in no more than one row of ten. */
const STAY_TAIL = 0.1;
/** The floor is known to about 0.3 dB; nothing nearer to it than 0.6 dB counts as on. */
const SMALLEST_FACTOR = 1.15;
/** Under the track's usual power by this much (−20 dB) it is off: echoes, splatter, the foot of a ramp. */
const OFF_SHARE = 0.01;
/** Neighbouring bins under a window count half. */
const CORRELATED_BINS = 2;
/** A narrower band follows slowly, a wider one at once. */
const SHRINK_SHARE = 0.03;
const FADE_ROWS = 4_000;
/** What noise does in a sweep depends on the device (peak detectors, level steps): one sweep is enough from 10 dB on. */
const SURE_SWEEP_RATIO = 10;

/** An emission in the making: a band of one tuning, its activity and its spectrum on the air. Bins are inclusive. */
export class Track {
  /** 0 until it is confirmed. */
  id = 0;
  private low: number;
  private high: number;
  artefact: Artefact | null = null;
  /** The track that this one turned out to be a part of; it goes on being followed but is not told. */
  partOf: Track | null = null;
  /** It is a channel of a transmitter that hops, and told as such. */
  hops = false;
  /** Looks with a cluster in its band, and the time of the last one. */
  hits = 0;
  lastHitSeconds: number;
  /** Noise alone would do what was seen less than once in 10^12 looks. */
  certain = false;
  /** Mean power over the noise in the band while on the air, linear; and the noise there. */
  onPower = 0;
  noisePower = 0;
  private onRows = 0;
  /** Rows on the air at which the past of the spectrum loses weight next. */
  private fadesAt = FADE_ROWS;
  readonly activity: Activity;
  readonly spectrum: TrackSpectrum;
  readonly createdSeconds: number;

  /** @param observedBefore the look before was of the same tuning, with nothing lost between */
  constructor(cluster: Detection, look: PowerSpectrum, atSeconds: number, observedBefore: boolean) {
    this.low = cluster.lowBin;
    this.high = cluster.highBin;
    this.createdSeconds = atSeconds;
    this.lastHitSeconds = atSeconds;
    this.activity = new Activity(look.method === null ? 0 : HANG_SECONDS, observedBefore);
    this.spectrum = new TrackSpectrum(look.bins);
  }

  get lowBin(): number {
    return Math.round(this.low);
  }

  get highBin(): number {
    return Math.round(this.high);
  }

  get widthBins(): number {
    return this.highBin - this.lowBin + 1;
  }

  get onRatio(): number {
    return this.noisePower > 0 ? this.onPower / this.noisePower : 0;
  }

  /** Its rows on the air against its time on the air: the first and last row of a burst hold only a part of it. */
  edgeFactor(rowSeconds: number): number {
    const seconds = this.activity.activeSeconds;
    return seconds > 0 ? Math.max(1, Math.min(2, (this.onRows * rowSeconds) / seconds)) : 1;
  }

  /** The track at the end of its chain of `partOf`. */
  get whole(): Track {
    let track: Track = this;
    while (track.partOf) track = track.partOf;
    return track;
  }

  overlapBins(lowBin: number, highBin: number): number {
    return Math.min(this.highBin, highBin) - Math.max(this.lowBin, lowBin) + 1;
  }

  see(atSeconds: number): void {
    this.hits++;
    this.lastHitSeconds = atSeconds;
  }

  /** Widens to a cluster at once, narrows to it slowly. */
  follow(cluster: Detection): void {
    const ease = (now: number, seen: number, grows: boolean) => (grows ? seen : now + (seen - now) * SHRINK_SHARE);
    this.low = ease(this.low, cluster.lowBin, cluster.lowBin < this.low);
    this.high = ease(this.high, cluster.highBin, cluster.highBin > this.high);
  }

  /**
   * Takes in the rows of a look: which of them are on the air, and the spectrum of those.
   * @param hit the cluster seen in the band, or null
   */
  takeIn(analysis: LookAnalysis, hit: Detection | null, lookSeconds: number, rowSeconds: number): void {
    const { rows, look, averages, rowAverages } = analysis;
    const wasOn = this.activity.onAir;
    if (!hit && !wasOn) {
      this.activity.off(lookSeconds, look.rows * rowSeconds);
      return;
    }
    const powers = bandPowers(rows, look.bins, this.lowBin, this.highBin);
    const noise = bandPowers(analysis.floor, look.bins, this.lowBin, this.highBin)[0];
    const independent = Math.max(1, this.widthBins / CORRELATED_BINS);
    const shape = rowAverages * independent;
    const begins = noise * Math.max(SMALLEST_FACTOR, thresholdFactor(shape, ROW_TAIL));
    const stays = noise * Math.max(SMALLEST_FACTOR, thresholdFactor(shape, STAY_TAIL));
    let highest = noise;
    for (const power of powers) if (power > highest) highest = power;
    const least = Math.max(this.onPower, highest - noise) * OFF_SHARE;
    const on: boolean[] = [];
    let running = wasOn;
    let isOn = false;
    for (const power of powers) {
      running = power > (running ? stays : begins) && power - noise > least;
      isOn ||= running;
      on.push(running);
    }
    if (!isOn && this.holds(powers, noise, averages * independent, hit)) on.fill(true);
    this.certain ||= look.method ? isCertain(powers, noise, shape, on) : powers[0] > noise * SURE_SWEEP_RATIO;
    for (let row = 0; row < on.length; row++) {
      const start = lookSeconds + row * rowSeconds;
      if (on[row]) this.rowOn(start, rowSeconds, Math.max(powers[row] - noise, noise * 1e-3), noise);
      else this.activity.off(start, rowSeconds);
    }
    const beside = Math.max(8, this.widthBins);
    this.spectrum.add(rows, on, analysis.floor, this.lowBin - beside, this.highBin + beside);
    if (this.onRows >= this.fadesAt) {
      this.spectrum.fade();
      this.fadesAt += FADE_ROWS;
    }
  }

  /** A weak, steady emission that single rows cannot show: the look as a whole does. */
  private holds(powers: readonly number[], noise: number, shape: number, hit: Detection | null): boolean {
    if (hit) return hit.by === 'mean';
    const mean = powers.reduce((sum, power) => sum + power, 0) / powers.length;
    const weak = this.onRatio < SMALLEST_FACTOR * 2;
    return weak && mean > noise * Math.max(SMALLEST_FACTOR, thresholdFactor(shape, LOOK_TAIL));
  }

  private rowOn(start: number, seconds: number, power: number, noise: number): void {
    this.activity.on(start, seconds, power);
    this.onRows++;
    const weight = 1 / Math.min(this.onRows, FADE_ROWS);
    this.onPower += (power - this.onPower) * weight;
    this.noisePower += (noise - this.noisePower) * weight;
  }

  /** Takes over a track that turned out to be the same emission; its id stays the older one's. */
  join(other: Track): void {
    this.low = Math.min(this.low, other.low);
    this.high = Math.max(this.high, other.high);
    this.spectrum.join(other.spectrum);
    this.certain ||= other.certain;
    this.hits = Math.max(this.hits, other.hits);
    other.partOf = this;
  }
}

function bandPowers(rows: Float32Array, bins: number, low: number, high: number): number[] {
  const powers: number[] = [];
  for (let at = 0; at < rows.length; at += bins) {
    let sum = 0;
    for (let k = at + low; k <= at + high; k++) sum += rows[k];
    powers.push(sum);
  }
  return powers;
}

/** The power of all rows on the air together, against what noise would reach once in 10^12 looks. */
function isCertain(powers: readonly number[], noise: number, rowShape: number, on: readonly boolean[]): boolean {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < on.length; row++) {
    if (!on[row]) continue;
    sum += powers[row];
    count++;
  }
  // The rows were picked out of all rows for their power: noise had that many tries.
  return count > 0 && sum > count * noise * thresholdFactor(rowShape * count, 1e-12 / on.length);
}

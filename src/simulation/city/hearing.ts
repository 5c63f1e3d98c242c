import { CITY_RECEIVERS, type CityEmitter, type CityReceiverId } from './emitter.ts';

/** Noise of each receiver in one hertz, in its own unit, dB. */
export type NoiseDensities = Readonly<Record<CityReceiverId, number>>;

/** The strongest that an 8-bit front end takes without clipping, dBFS. */
const STRONGEST_DBFS = -14;

/**
 * What a receiver hears within a span that it is tuned to: what covers it anyway at its own level; all else as far
 * above its noise as at the receiver of the city that covers it, as if both stood at the same place.
 */
export function heardWithin(
  emitters: readonly CityEmitter[],
  id: CityReceiverId,
  isIq: boolean,
  [lowHz, highHz]: readonly [number, number],
  densities: NoiseDensities,
): CityEmitter[] {
  return emitters.flatMap((emitter) => {
    if (emitter.centerHz < lowHz || emitter.centerHz > highHz) return [];
    // Samples cannot hold what is wider than their rate.
    if (isIq && 'spanHz' in emitter.signal && emitter.signal.spanHz > highHz - lowHz) return [];
    const own = emitter.levels[id];
    if (own !== undefined) return [emitter];
    const nearest = CITY_RECEIVERS.find((other) => emitter.levels[other] !== undefined);
    if (nearest === undefined) return [];
    const level = emitter.levels[nearest]! - densities[nearest] + densities[id];
    return [{ ...emitter, levels: { [id]: isIq ? Math.min(STRONGEST_DBFS, level) : level } }];
  });
}

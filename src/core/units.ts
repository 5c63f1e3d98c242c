/** Units of a level, as the contract spells them. */
export type LevelUnit = 'dBm' | 'dBFS' | 'dB' | 'dBuV/m';

/** Smallest linear power that is converted; below it a level reads −300 dB instead of −∞. */
export const TINY_POWER = 1e-30;

/** 10·log10(power), power ≥ 0 and linear; never −∞ or NaN for a finite input. */
export function dbFromPower(power: number): number {
  return 10 * Math.log10(power > TINY_POWER ? power : TINY_POWER);
}

/** 10^(db/10): linear power of a level in dB. */
export function powerFromDb(db: number): number {
  return 10 ** (db / 10);
}

/** Rounds to `decimals` places without a trailing −0; for output only, never between calculations. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const result = Math.round(value * scale) / scale;
  return result === 0 ? 0 : result;
}

/** What a data packet's trailer or a context's state word says; null: it does not say. */
export interface Indicators {
  readonly calibratedTime: boolean | null;
  readonly validData: boolean | null;
  readonly referenceLock: boolean | null;
  readonly spectralInversion: boolean | null;
  readonly overRange: boolean | null;
  readonly sampleLoss: boolean | null;
}

/**
 * Trailer of a data packet and state and event word of a context alike: bits 31–24 say which indicators hold, bits
 * 19–12 what they are, in the same order: calibrated time, valid data, reference lock, AGC, detected signal, spectral
 * inversion, over-range, sample loss.
 */
export function indicatorsOf(word: number): Indicators {
  const indicator = (enable: number) => ((word >>> enable) & 1 ? ((word >>> (enable - 12)) & 1) === 1 : null);
  return {
    calibratedTime: indicator(31),
    validData: indicator(30),
    referenceLock: indicator(29),
    spectralInversion: indicator(26),
    overRange: indicator(25),
    sampleLoss: indicator(24),
  };
}

/** `own` where it says something, else `general`. */
export function mergedIndicators(own: Indicators, general: Indicators | null): Indicators {
  if (general === null) return own;
  const entries = Object.entries(own).map(([name, value]) => [name, value ?? general[name as keyof Indicators]]);
  return Object.fromEntries(entries) as unknown as Indicators;
}

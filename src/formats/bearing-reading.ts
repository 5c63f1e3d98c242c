import type { BearingReading } from '../core/bearing.ts';

/** Readings, and how many lines were none. */
export interface ParsedBearings {
  readonly readings: readonly BearingReading[];
  readonly rejects: readonly { readonly line: number; readonly reason: string }[];
  /** Also those that `rejects` does not list. */
  readonly rejected: number;
}

export const LISTED_REJECTS = 200;

/** An angle in 0 … below 360. */
export function compass(degrees: number): number {
  const turned = degrees % 360;
  // −1e-20 + 360 is 360: rounding must not leave the circle.
  return turned < 0 ? (turned + 360) % 360 : turned + 0;
}

/** From true north; null where what it is measured from is not known. */
export function trueBearingDegrees({ reference, bearingDegrees, headingDegrees }: BearingReading): number | null {
  if (reference === 'true') return compass(bearingDegrees);
  if (reference === 'heading' && headingDegrees !== null) return compass(headingDegrees + bearingDegrees);
  return null;
}

/** A decimal number of at most 40 characters, or null. */
export function numberOf(text: string | undefined): number | null {
  const trimmed = text?.trim() ?? '';
  const isNumber = trimmed.length <= 40 && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed);
  return isNumber && Number.isFinite(Number(trimmed)) ? Number(trimmed) : null;
}

/** Both or neither: half a position is none, and 0° 0° is what a receiver without a fix says. */
export function position(lat: number | null, lon: number | null): { lat: number | null; lon: number | null } {
  const isPlace = lat !== null && lon !== null && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return isPlace && (lat !== 0 || lon !== 0) ? { lat, lon } : { lat: null, lon: null };
}

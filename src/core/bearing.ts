/** A direction in which a direction finder heard a transmission. */
export interface Bearing {
  readonly id: string;
  /** Of the direction finder, or the name that it gives itself. */
  readonly receiver: string;
  readonly timeMs: number;
  readonly frequencyHz: number;
  /** Where the direction finder stood. */
  readonly lat: number;
  readonly lon: number;
  /** From true north, clockwise, 0 to below 360. */
  readonly bearingDegrees: number;
  /** One standard deviation; null where nobody said. */
  readonly uncertaintyDegrees: number | null;
  /** 0 to 1, on the direction finder's own scale; null where it has none. */
  readonly quality: number | null;
  /** In the direction finder's own dB. */
  readonly levelDb: number | null;
  readonly source: BearingSource;
  /** Who brought it in. */
  readonly by: string;
  readonly receivedMs: number;
}

export const BEARING_SOURCES = ['krakensdr', 'nmea', 'manual'] as const;
export type BearingSource = (typeof BEARING_SOURCES)[number];

/** A bearing as a file or a sentence says it: what it leaves out is null. */
export interface BearingReading {
  /** Station's own name; null where it has none. */
  readonly station: string | null;
  readonly timeMs: number | null;
  readonly frequencyHz: number | null;
  readonly lat: number | null;
  readonly lon: number | null;
  /** From `reference`, clockwise. */
  readonly bearingDegrees: number;
  readonly reference: 'true' | 'magnetic' | 'heading';
  /** Heading of the platform, true; null where unknown. */
  readonly headingDegrees: number | null;
  readonly uncertaintyDegrees: number | null;
  readonly quality: number | null;
  readonly levelDb: number | null;
}

export interface BearingQuery {
  readonly receiver?: string;
  readonly fromHz?: number;
  readonly toHz?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

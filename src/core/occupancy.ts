/**
 * Of what the occupancy is: `channel` an assignment's, `emission` that of one nobody is assigned (both FCO),
 * `band` of all that a receiver looks at (FBO: share of its width).
 */
export const OCCUPANCY_KINDS = ['channel', 'emission', 'band'] as const;
export type OccupancyKind = (typeof OCCUPANCY_KINDS)[number];

/** What was counted of one channel by one receiver in one hour of UTC. Times not looked at are in none of these. */
export interface OccupancyRow {
  readonly receiver: string;
  readonly hourMs: number;
  readonly kind: OccupancyKind;
  /** The assignment, the emission's id, or empty for a band. */
  readonly name: string;
  readonly lowHz: number;
  readonly highHz: number;
  /** Time looked at. */
  readonly seconds: number;
  /** Revisits, and those that found it occupied (for a band: the sum of the shares). */
  readonly samples: number;
  readonly occupied: number;
  /** Changes from free to occupied and back between neighbouring samples. */
  readonly rises: number;
  readonly falls: number;
}

export interface OccupancyQuery {
  readonly receiver: string;
  readonly fromHz: number;
  readonly toHz: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Occupancy with what it is worth (ITU-R SM.1880): at 95 %, it lies between `lowPct` and `highPct`. */
export interface OccupancyReading extends OccupancyRow {
  readonly occupancyPct: number;
  /** null for a band. */
  readonly lowPct: number | null;
  readonly highPct: number | null;
  /** As many independent samples would say as much. */
  readonly effectiveSamples: number | null;
}

import type { Emission } from '../core/emission.ts';
import type { Assignment, Location, VerdictReason } from '../core/records.ts';

/** When and where an emission was seen. */
export interface Sighting {
  readonly timeMs: number;
  /** The receiver's place; null where unknown: then distance explains nothing and excludes nothing. */
  readonly location: Location | null;
}

/** Under this SNR the centre and the bandwidth say too little to accuse anybody. */
const LEAST_SNR_DB = 6;
/** The noise rose by 3 dB: what came to it is as strong as it was. */
const LEAST_RISE_SNR_DB = 0;
/** A carrier's frequency may be off by this: transmitter 20 ppm (RR Appendix 2), receiver 20 ppm. */
const TOLERANCE_PPM = 40;
/** Measured against assigned bandwidth: beyond it, the emission is wider than its licence. */
const WIDTH_FACTOR = 1.25;
/** Beyond an assignment's area by this factor its signal is not expected to be heard. */
const RANGE_FACTOR = 3;
const EARTH_RADIUS_KM = 6371;

/** The register, ordered for look-ups by frequency. Immutable: an import makes a new one. */
export class RegisterIndex {
  /** Ascending by lower edge. */
  private readonly rows: readonly Assignment[];
  /** The widest row, Hz: how far below a frequency a row that covers it may begin. */
  private readonly widestHz: number;

  constructor(rows: readonly Assignment[]) {
    this.rows = [...rows].sort((a, b) => lowEdge(a) - lowEdge(b));
    this.widestHz = rows.reduce((widest, row) => Math.max(widest, row.bandwidthHz), 0);
  }

  /** Rows whose band touches lowHz…highHz. */
  overlapping(lowHz: number, highHz: number): Assignment[] {
    const found: Assignment[] = [];
    for (let i = this.firstFrom(lowHz - this.widestHz); i < this.rows.length; i++) {
      const row = this.rows[i];
      if (lowEdge(row) > highHz) break;
      if (highEdge(row) >= lowHz) found.push(row);
    }
    return found;
  }

  /** Decides whether a row explains the emission, and says why in words. */
  match(emission: Emission, sighting: Sighting): VerdictReason {
    if (emission.artefact)
      return { verdict: 'artefact', assignment: null, reasons: [ARTEFACT_WORDS[emission.artefact]] };
    const slackHz = emission.rbwHz + emission.centerHz * TOLERANCE_PPM * 1e-6;
    const candidates = this.overlapping(emission.centerHz - slackHz, emission.centerHz + slackHz);
    const inForce = candidates.filter((row) => isInForce(row, sighting.timeMs) && isInReach(row, sighting.location));
    const covering = inForce
      .filter((row) => covers(row, emission, slackHz))
      .sort(
        (a, b) =>
          rank(a) - rank(b) || Math.abs(a.centerHz - emission.centerHz) - Math.abs(b.centerHz - emission.centerHz),
      );
    if (covering.length > 0) return explained(covering[0], emission);
    const isRise = emission.kind === 'noise' && emission.snrDb >= LEAST_RISE_SNR_DB;
    if (isRise) return widebandRise(emission);
    if (emission.snrDb < LEAST_SNR_DB) {
      return {
        verdict: 'undetermined',
        assignment: null,
        reasons: [`SNR ${emission.snrDb.toFixed(1)} dB is under ${LEAST_SNR_DB} dB`],
      };
    }
    const near = inForce.find((row) => row.kind === 'assignment');
    if (near) return outsideTerms(near, emission, slackHz);
    return { verdict: 'unassigned', assignment: null, reasons: unassignedReasons(candidates, sighting) };
  }

  private firstFrom(lowHz: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lowEdge(this.rows[middle]) < lowHz) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const ARTEFACT_WORDS: Readonly<Record<NonNullable<Emission['artefact']>, string>> = {
  'dc-spike': "the receiver's own offset at its centre frequency",
  image: 'mirror image of a stronger emission about the centre frequency',
  spur: "named in the receiver's profile as its own spur",
  overload: 'appears only while the receiver is overloaded',
  intermodulation: 'product of two stronger emissions in the receiver: it rises by the sum of their levels',
  clock: 'harmonic of an oscillator of the receiver: a member of its comb',
  sideband: 'part of a stronger emission that keys at the same times',
};

/** No station sends it: that it overlaps the bands of some explains nothing. It is risen by the noise and what came to it. */
function widebandRise({ snrDb, lowHz, highHz }: Emission): VerdictReason {
  const riseDb = 10 * Math.log10(1 + 10 ** (snrDb / 10));
  const reason = `the noise rose by ${riseDb.toFixed(1)} dB over ${((highHz - lowHz) / 1e6).toFixed(2)} MHz`;
  return { verdict: 'unassigned', assignment: null, reasons: [reason] };
}

function lowEdge(row: Assignment): number {
  return row.centerHz - row.bandwidthHz / 2;
}

function highEdge(row: Assignment): number {
  return row.centerHz + row.bandwidthHz / 2;
}

/** Assignments explain before exempt bands do. */
function rank(row: Assignment): number {
  return row.kind === 'assignment' ? 0 : 1;
}

function isInForce(row: Assignment, timeMs: number): boolean {
  return (
    (row.validFromMs === null || timeMs >= row.validFromMs) && (row.validUntilMs === null || timeMs < row.validUntilMs)
  );
}

function isInReach(row: Assignment, at: Location | null): boolean {
  if (!at || row.lat === null || row.lon === null || row.radiusKm === null) return true;
  return distanceKm(at, { lat: row.lat, lon: row.lon }) <= row.radiusKm * RANGE_FACTOR;
}

/** Great-circle distance (haversine), km. */
function distanceKm(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The emission lies in the row's band: its measured band (or its centre, where that means nothing) with the slack. */
function covers(row: Assignment, emission: Emission, slackHz: number): boolean {
  const widthHz = emission.occupiedBandwidthHz ?? 0;
  if (row.kind === 'exempt') {
    return (
      emission.centerHz - widthHz / 2 >= lowEdge(row) - slackHz &&
      emission.centerHz + widthHz / 2 <= highEdge(row) + slackHz
    );
  }
  // A modulated signal's middle wanders with its contents: a quarter of the assigned band is its room.
  const offsetHz = Math.abs(emission.centerHz - row.centerHz);
  const roomHz = slackHz + row.bandwidthHz / 4;
  return offsetHz <= roomHz && widthHz <= row.bandwidthHz * WIDTH_FACTOR + 2 * emission.rbwHz;
}

function explained(row: Assignment, emission: Emission): VerdictReason {
  const offset = ((emission.centerHz - row.centerHz) / 1000).toFixed(1);
  return row.kind === 'exempt'
    ? { verdict: 'exempt', assignment: row.id, reasons: [`licence-exempt band: ${row.service}`] }
    : { verdict: 'assigned', assignment: row.id, reasons: [`${row.station || row.licensee}: offset ${offset} kHz`] };
}

function outsideTerms(row: Assignment, emission: Emission, slackHz: number): VerdictReason {
  const reasons: string[] = [];
  const offsetHz = emission.centerHz - row.centerHz;
  if (Math.abs(offsetHz) > slackHz + row.bandwidthHz / 4) {
    reasons.push(`frequency offset ${(offsetHz / 1000).toFixed(1)} kHz from ${row.station || row.licensee}`);
  }
  const widthHz = emission.occupiedBandwidthHz ?? 0;
  if (widthHz > row.bandwidthHz * WIDTH_FACTOR + 2 * emission.rbwHz) {
    reasons.push(`bandwidth ${(widthHz / 1000).toFixed(1)} kHz, assigned ${(row.bandwidthHz / 1000).toFixed(1)} kHz`);
  }
  return { verdict: 'outside-terms', assignment: row.id, reasons };
}

function unassignedReasons(candidates: readonly Assignment[], sighting: Sighting): string[] {
  if (candidates.length === 0) return ['no assignment and no licence-exempt band at this frequency'];
  return candidates
    .slice(0, 3)
    .map((row) =>
      isInForce(row, sighting.timeMs)
        ? `${row.station || row.licensee} is too far away to be heard here`
        : `the assignment of ${row.station || row.licensee} is not in force`,
    );
}

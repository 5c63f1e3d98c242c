/** A steady, unmodulated line that a receiver hears. */
export interface Line {
  readonly hz: number;
  /** How well its frequency is known. */
  readonly toleranceHz: number;
}

export interface Watched {
  readonly lowHz: number;
  readonly highHz: number;
}

/**
 * Harmonics of an oscillator in the receiver or beside it: unmodulated lines at multiples of one reference, all the time.
 * One line at a round frequency is no evidence. A comb is: of the m multiples within what the receiver watches, k carry
 * a line, and the chance that lines at any place do that is
 *
 *     P = Σᵢ₌ₖᵐ C(m, i)·pⁱ·(1 − p)ᵐ⁻ⁱ,   p = Σ 2·tolerance / width watched
 *
 * It must be under CHANCE for one reference (there are REFERENCES_HZ of them), with LEAST_MEMBERS lines and three of four
 * multiples. Real transmitters on the multiples of such a reference, four and more, steady and unmodulated, would be taken
 * for a comb: standard frequencies lie on 2.5 and 5 MHz, which are no references here.
 *
 * @returns the lines that are members
 */
export function clockHarmonics<L extends Line>(lines: readonly L[], watched: readonly Watched[]): Set<L> {
  const widthHz = watched.reduce((sum, { lowHz, highHz }) => sum + highHz - lowHz, 0);
  const share = lines.reduce((sum, { toleranceHz }) => sum + 2 * toleranceHz, 0) / widthHz;
  const members = new Set<L>();
  if (lines.length < LEAST_MEMBERS || share >= MOST_SHARE) return members;
  for (const referenceHz of REFERENCES_HZ) {
    const multiples = watched.flatMap((span) => multiplesIn(span, referenceHz));
    const hits = [...new Set(multiples)].map((hz) =>
      lines.filter((line) => Math.abs(line.hz - hz) <= line.toleranceHz),
    );
    const found = hits.filter((hit) => hit.length > 0);
    if (found.length < LEAST_MEMBERS || found.length < MEMBERS_SHARE * hits.length) continue;
    if (binomialTail(hits.length, found.length, share) > CHANCE) continue;
    for (const line of found.flat()) members.add(line);
  }
  return members;
}

/** Oscillators that receivers and their processors have, Hz. */
const REFERENCES_HZ = [10e6, 12e6, 13e6, 16e6, 19.2e6, 20e6, 24e6, 25e6, 26e6, 28.8e6, 38.4e6, 40e6, 48e6] as const;
const LEAST_MEMBERS = 4;
const MEMBERS_SHARE = 0.75;
const CHANCE = 1e-8;
/** Where lines fill more of the span than this, none stands out as a comb. */
const MOST_SHARE = 0.2;
const MOST_MULTIPLES = 10_000;

function multiplesIn({ lowHz, highHz }: Watched, referenceHz: number): number[] {
  const first = Math.max(1, Math.ceil(lowHz / referenceHz));
  const count = Math.min(MOST_MULTIPLES, Math.floor(highHz / referenceHz) - first + 1);
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * referenceHz);
}

/** P(X ≥ k) of m trials with chance p each. */
function binomialTail(m: number, k: number, p: number): number {
  let term = (1 - p) ** m;
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= ((m - i) / (i + 1)) * (p / (1 - p));
  }
  // Where the sum from below rounds to one, the first term above is nearly all of the tail.
  return Math.max(1 - below, term);
}

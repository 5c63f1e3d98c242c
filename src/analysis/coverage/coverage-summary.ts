import type { ClockQuality, CoverageGap, CoverageQuery, CoverageRow, CoverageSummary } from '../../core/coverage.ts';
import { coverageSentence } from './coverage-sentence.ts';
import { interceptProbability } from './intercept.ts';
import { RevisitTimes } from './revisit-times.ts';

/** Gaps that an answer lists; it counts all. */
const LISTED_GAPS = 500;
/** Rows of one receiver meet at an hour's end; less than this between them is no gap. */
const JOIN_MS = 1;

/** What one elementary part of the band, within which the rows do not change, was observed like. */
interface Part {
  readonly lowHz: number;
  readonly highHz: number;
  readonly seen: boolean;
  readonly gaps: readonly CoverageGap[];
  readonly unlistedGaps: number;
  readonly unlistedMs: number;
  /** Of one frequency in a sweep. */
  readonly dwellSeconds: number | null;
  readonly gapMs: number;
  readonly longestGapMs: number;
  readonly revisit: RevisitTimes;
  readonly longestRevisitSeconds: number | null;
  readonly missedBelowSeconds: number;
}

/** @param rows of this receiver that overlap the period, of whatever spans */
export function summariseCoverage(rows: readonly CoverageRow[], query: CoverageQuery): CoverageSummary {
  const inTime = rows.filter(({ fromMs, toMs }) => fromMs < query.toMs && toMs > query.fromMs);
  const parts = partsOf(inTime, query).map(([lowHz, highHz]) => partOf(inTime, query, lowHz, highHz));
  const worst = parts.reduce((one, other) => (isWorse(other, one) ? other : one));
  const periodMs = query.toMs - query.fromMs;
  const widthHz = parts.reduce((sum, { lowHz, highHz }) => sum + highHz - lowHz, 0);
  const seen = parts.filter((part) => part.seen);
  const seenHz = seen.reduce((sum, { lowHz, highHz }) => sum + highHz - lowHz, 0);
  const median = worst.revisit.median();
  const { receiver, fromHz, toHz, fromMs, toMs } = query;
  const figures = {
    receiver,
    fromHz,
    toHz,
    fromMs,
    toMs,
    observedPct: periodMs > 0 ? Math.max(0, 100 * (1 - worst.gapMs / periodMs)) : 0,
    bandPct: widthHz > 0 ? (100 * seenHz) / widthHz : seen.length > 0 ? 100 : 0,
    longestGapSeconds: worst.longestGapMs / 1000,
    revisitSeconds: median === null ? null : revisitOf(median, worst.longestRevisitSeconds),
    missedBelowSeconds: worst.missedBelowSeconds,
    interceptPct:
      query.transmissionSeconds === undefined ? null : interceptPct(worst, periodMs, query.transmissionSeconds),
    gaps: longest(worst.gaps),
    gapCount: worst.gaps.length + worst.unlistedGaps,
    clock: worstClock(inTime),
  };
  return { ...figures, sentence: { en: coverageSentence(figures, 'en'), zh: coverageSentence(figures, 'zh') } };
}

/** Gaps that are not listed are taken as of one length: by Jensen's inequality they hide no less than that. */
function interceptPct(part: Part, periodMs: number, seconds: number): number {
  const { gaps, unlistedGaps, unlistedMs, dwellSeconds, revisit } = part;
  const unlisted = Array.from({ length: unlistedGaps }, () => ({ fromMs: 0, toMs: unlistedMs / unlistedGaps }));
  const revisitSeconds = dwellSeconds === null ? null : revisit.median();
  const observed = { periodSeconds: periodMs / 1000, gaps: [...gaps, ...unlisted], revisitSeconds, dwellSeconds };
  return 100 * interceptProbability(seconds, observed);
}

/** The median is that of a histogram: rounding must not put it above the longest. */
function revisitOf(median: number, longestSeconds: number | null): { median: number; max: number } {
  const max = longestSeconds ?? median;
  return { median: Math.min(median, max), max };
}

function isWorse(one: Part, other: Part): boolean {
  return one.gapMs > other.gapMs || (one.gapMs === other.gapMs && one.missedBelowSeconds > other.missedBelowSeconds);
}

/** A part narrower than this share of the band is passed over: a correction of frequencies moves the edges by a sliver. */
const SLIVER = 0.01;

/** The band cut at every edge of a row. */
function partsOf(rows: readonly CoverageRow[], { fromHz, toHz }: CoverageQuery): [number, number][] {
  const edges = rows.flatMap(({ lowHz, highHz }) => [lowHz, highHz]).filter((hz) => hz > fromHz && hz < toHz);
  const sorted = [...new Set([fromHz, ...edges, toHz])].sort((a, b) => a - b);
  if (sorted.length === 1) return [[fromHz, toHz]];
  const parts = sorted.slice(1).map((highHz, index): [number, number] => [sorted[index]!, highHz]);
  const wide = parts.filter(([lowHz, highHz]) => highHz - lowHz >= SLIVER * (toHz - fromHz));
  return wide.length > 0 ? wide : parts;
}

function partOf(rows: readonly CoverageRow[], query: CoverageQuery, lowHz: number, highHz: number): Part {
  const here = rows.filter((row) => row.lowHz <= lowHz && row.highHz >= highHz);
  const gaps = uncovered(here, rows, query);
  const more = here.map(({ moreGaps }) => moreGaps).filter(({ count }) => count > 0);
  const listedMs = gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const longestGapMs = Math.max(
    0,
    ...gaps.map(({ fromMs, toMs }) => toMs - fromMs),
    ...more.map(({ longestMs }) => longestMs),
  );
  const revisit = new RevisitTimes();
  for (const row of here) revisit.merge(row.revisits);
  const revisits = here.map((row) => row.longestRevisitSeconds).filter((seconds) => seconds !== null);
  const dwells = here.map((row) => row.dwellSeconds).filter((seconds) => seconds !== null);
  const unlistedMs = more.reduce((sum, { totalMs }) => sum + totalMs, 0);
  const scanning = here
    .filter(({ kind }) => kind === 'sweep')
    .map((row) => Math.max(0, (row.longestRevisitSeconds ?? 0) - (row.dwellSeconds ?? 0)));
  return {
    lowHz,
    highHz,
    seen: here.length > 0,
    gaps,
    unlistedGaps: more.reduce((sum, { count }) => sum + count, 0),
    unlistedMs,
    dwellSeconds: dwells.length === 0 ? null : Math.min(...dwells),
    gapMs: listedMs + unlistedMs,
    longestGapMs,
    revisit,
    longestRevisitSeconds: revisits.length === 0 ? null : Math.max(...revisits),
    missedBelowSeconds: Math.max(longestGapMs / 1000, ...scanning),
  };
}

/** What no row of the part covers without a gap, and why. */
function uncovered(here: readonly CoverageRow[], all: readonly CoverageRow[], query: CoverageQuery): CoverageGap[] {
  let open: CoverageGap[] = without([{ fromMs: query.fromMs, toMs: query.toMs, cause: 'unrecorded' }], here);
  // Where it is on record elsewhere in the spectrum, it was there.
  open = open.flatMap((gap) => {
    const elsewhere = without(
      [gap],
      all.filter((row) => !here.includes(row)),
    );
    return [...elsewhere, ...without([{ ...gap, cause: 'retuned' as const }], elsewhere)];
  });
  const stated = here.flatMap((row) => clipped(row.gaps, query));
  // Another row of the same part may have observed in the meantime.
  const lasting = stated.flatMap((gap) =>
    without(
      [gap],
      here.flatMap((row) => observedOf(row)),
    ),
  );
  return merged([...open, ...lasting]);
}

function clipped(gaps: readonly CoverageGap[], { fromMs, toMs }: { fromMs: number; toMs: number }): CoverageGap[] {
  return gaps
    .map((gap) => ({ ...gap, fromMs: Math.max(gap.fromMs, fromMs), toMs: Math.min(gap.toMs, toMs) }))
    .filter((gap) => gap.toMs > gap.fromMs);
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

function observedOf(row: CoverageRow): CoverageGap[] {
  return without([{ fromMs: row.fromMs, toMs: row.toMs, cause: 'unrecorded' }], row.gaps);
}

/** `gaps` less what `taken` covers. */
function without(gaps: readonly CoverageGap[], taken: readonly Stretch[]): CoverageGap[] {
  const sorted = [...taken].sort((a, b) => a.fromMs - b.fromMs);
  return gaps.flatMap((gap) => {
    const left: CoverageGap[] = [];
    let fromMs = gap.fromMs;
    for (const stretch of sorted) {
      if (stretch.fromMs >= gap.toMs) break;
      if (stretch.fromMs > fromMs + JOIN_MS) left.push({ ...gap, fromMs, toMs: stretch.fromMs });
      fromMs = Math.max(fromMs, stretch.toMs);
    }
    if (gap.toMs > fromMs + JOIN_MS) left.push({ ...gap, fromMs });
    return left;
  });
}

/** In order; those of one cause that touch are one. */
function merged(gaps: readonly CoverageGap[]): CoverageGap[] {
  const result: CoverageGap[] = [];
  for (const gap of [...gaps].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last === undefined || gap.fromMs > last.toMs + JOIN_MS) result.push(gap);
    else if (gap.cause === last.cause) result[result.length - 1] = { ...last, toMs: Math.max(last.toMs, gap.toMs) };
    else if (gap.toMs > last.toMs) result.push({ ...gap, fromMs: Math.max(gap.fromMs, last.toMs) });
  }
  return result;
}

function longest(gaps: readonly CoverageGap[]): CoverageGap[] {
  if (gaps.length <= LISTED_GAPS) return [...gaps];
  const kept = [...gaps].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, LISTED_GAPS);
  return kept.sort((a, b) => a.fromMs - b.fromMs);
}

const CLOCK_RANK = { gnss: 0, ntp: 1, none: 2 } as const;

function worstClock(rows: readonly CoverageRow[]): ClockQuality {
  let worst: ClockQuality | null = null;
  for (const { clock } of rows) {
    const isWorse =
      worst === null ||
      CLOCK_RANK[clock.source] > CLOCK_RANK[worst.source] ||
      (clock.source === worst.source && (clock.uncertaintySeconds ?? 0) > (worst.uncertaintySeconds ?? 0));
    if (isWorse) worst = clock;
  }
  return worst ?? { source: 'none', uncertaintySeconds: null };
}

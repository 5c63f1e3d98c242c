import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageSentence } from '../../../src/analysis/coverage/coverage-sentence.ts';
import { summariseCoverage } from '../../../src/analysis/coverage/coverage-summary.ts';
import { interceptProbability } from '../../../src/analysis/coverage/intercept.ts';
import { RevisitTimes } from '../../../src/analysis/coverage/revisit-times.ts';
import type { CoverageRow } from '../../../src/core/coverage.ts';

function row(fromMs: number, toMs: number, change: Partial<CoverageRow> = {}): CoverageRow {
  return {
    receiver: 'roof',
    lowHz: 98e6,
    highHz: 99e6,
    kind: 'iq',
    fromMs,
    toMs,
    gaps: [],
    moreGaps: { count: 0, totalMs: 0, longestMs: 0 },
    dwellSeconds: null,
    revisits: [],
    longestRevisitSeconds: null,
    clock: { source: 'gnss', uncertaintySeconds: null },
    ...change,
  };
}

const QUERY = { receiver: 'roof', fromHz: 98.2e6, toHz: 98.4e6, fromMs: 0, toMs: 100_000 };

describe('a summary of coverage', () => {
  it('says of a time that nobody wrote of that it is unrecorded', () => {
    const seen = summariseCoverage([row(0, 40_000), row(60_000, 100_000)], QUERY);
    expect(seen.observedPct).toBeCloseTo(80, 9);
    expect(seen.gaps).toEqual([{ fromMs: 40_000, toMs: 60_000, cause: 'unrecorded' }]);
  });

  it('says that the receiver looked elsewhere where it is on record elsewhere', () => {
    const elsewhere = row(40_000, 55_000, { lowHz: 400e6, highHz: 401e6 });
    const seen = summariseCoverage([row(0, 40_000), elsewhere, row(60_000, 100_000)], QUERY);
    expect(seen.gaps.map(({ cause, toMs, fromMs }) => [cause, toMs - fromMs])).toEqual([
      ['retuned', 15_000],
      ['unrecorded', 5_000],
    ]);
  });

  it('counts the worst part of a band that was observed in part, and says how much of it was', () => {
    const seen = summariseCoverage([row(0, 100_000)], { ...QUERY, fromHz: 98.5e6, toHz: 99.5e6 });
    expect(seen).toMatchObject({ observedPct: 0, bandPct: 50 });
    expect(seen.sentence.en).toBe('the band was not observed as a whole');
  });

  it('passes over the sliver by which a correction of frequencies moved the span', () => {
    const moved = row(50_000, 100_000, { lowHz: 98e6 + 315, highHz: 99e6 + 315 });
    const seen = summariseCoverage([row(0, 50_000), moved], { ...QUERY, fromHz: 98e6 + 315, toHz: 99e6 + 315 });
    expect(seen).toMatchObject({ observedPct: 100, bandPct: 100, gaps: [] });
  });

  it('says how likely a transmission of a length was caught, gaps that are only summed up included', () => {
    const gaps = [{ fromMs: 0, toMs: 10_000, cause: 'lost' as const }];
    const observed = row(0, 100_000, { gaps, moreGaps: { count: 10, totalMs: 5_000, longestMs: 500 } });
    const at = (transmissionSeconds: number) =>
      summariseCoverage([observed], { ...QUERY, transmissionSeconds }).interceptPct;
    expect(at(0)).toBeCloseTo(85, 9);
    // Of the long gap 9.75 s hide it, of each short one 0.25 s.
    expect(at(0.25)).toBeCloseTo(100 - 9.75 - 2.5, 9);
    expect(at(20)).toBeCloseTo(100, 9);
    const sweep = row(0, 100_000, {
      kind: 'sweep',
      dwellSeconds: 0.1,
      revisits: [[156, 50]],
      longestRevisitSeconds: 2.1,
    });
    // Bin 156 of the histogram is 0.001 · 1.05^156 = 2.02 s.
    expect(summariseCoverage([sweep], { ...QUERY, transmissionSeconds: 0.91 }).interceptPct).toBeCloseTo(50, 0);
    expect(summariseCoverage([sweep], QUERY).interceptPct).toBeNull();
  });

  it('names the worst clock of the period', () => {
    const clock = { source: 'ntp', uncertaintySeconds: 0.02 } as const;
    expect(summariseCoverage([row(0, 50_000), row(50_000, 100_000, { clock })], QUERY).clock).toEqual(clock);
  });

  it('finds the share that a count of milliseconds finds, whatever rows and gaps there are', () => {
    const stretch = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 5, max: 400 }));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 8 }), fc.array(stretch, { maxLength: 8 }), (covered, missing) => {
        const gapsOf = (fromMs: number, toMs: number) =>
          missing
            .map(([at, ms]) => ({
              fromMs: Math.max(at, fromMs),
              toMs: Math.min(at + ms, toMs),
              cause: 'lost' as const,
            }))
            .filter((gap) => gap.toMs > gap.fromMs);
        const rows = covered.map(([at, ms]) => row(at, at + ms, { gaps: gapsOf(at, at + ms) }));
        let observed = 0;
        for (let ms = 0; ms < 1000; ms++) {
          const at = ms + 0.5;
          const inside = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => at > fromMs && at < toMs;
          if (rows.some((one) => inside(one) && !one.gaps.some(inside))) observed++;
        }
        const seen = summariseCoverage(rows, { ...QUERY, toMs: 1000 });
        // Rows and gaps that touch within a millisecond are joined.
        expect(Math.abs(seen.observedPct * 10 - observed)).toBeLessThanOrEqual(rows.length + 2 * missing.length + 2);
        for (const gap of seen.gaps) expect(gap.toMs).toBeGreaterThan(gap.fromMs);
      }),
    );
  });
});

describe('the sentence beside a result', () => {
  const figures = { observedPct: 99.2, bandPct: 100, missedBelowSeconds: 0.04, revisitSeconds: null };

  it('says what was observed and what could have been missed, in both languages', () => {
    expect(coverageSentence(figures, 'en')).toBe(
      'observed 99.2 % of the period; a transmission shorter than 40 ms could have been missed',
    );
    expect(coverageSentence(figures, 'zh')).toBe('已观测该时段的 99.2%；短于 40 毫秒的发射可能漏检');
  });

  it('never rounds a gap away', () => {
    expect(coverageSentence({ ...figures, observedPct: 99.99999, missedBelowSeconds: 0.0002 }, 'en')).toBe(
      'observed 99.999 % of the period; a transmission shorter than 0.2 ms could have been missed',
    );
    expect(coverageSentence({ ...figures, observedPct: 100, missedBelowSeconds: 0 }, 'en')).toBe(
      'observed 100 % of the period; without a gap',
    );
  });

  it('rounds what could have been missed up', () => {
    expect(coverageSentence({ ...figures, missedBelowSeconds: 12.1 }, 'en')).toContain('shorter than 13 s');
  });
});

describe('the probability of intercept', () => {
  const periodSeconds = 100;
  const gaps = [{ fromMs: 0, toMs: 10_000 }];

  it('is the share of beginnings that do not put the whole transmission into a gap', () => {
    const at = (seconds: number) =>
      interceptProbability(seconds, { periodSeconds, gaps, revisitSeconds: null, dwellSeconds: null });
    expect(at(0)).toBeCloseTo(0.9, 12);
    expect(at(4)).toBeCloseTo(0.94, 12);
    expect(at(10)).toBe(1);
  });

  it('is (d + dwell)/revisit for a scan', () => {
    const scan = { periodSeconds, gaps: [], revisitSeconds: 2, dwellSeconds: 0.1 };
    expect(interceptProbability(0.9, scan)).toBeCloseTo(0.5, 12);
    expect(interceptProbability(5, scan)).toBe(1);
  });
});

describe('revisit times', () => {
  it('have a median that is right to 2.5 %, of any times', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.002, max: 5000, noNaN: true }), { minLength: 1, maxLength: 51 }),
        (times) => {
          const revisit = new RevisitTimes();
          for (const seconds of times) revisit.add(seconds);
          const sorted = [...times].sort((a, b) => a - b);
          const exact = sorted[Math.ceil(sorted.length / 2) - 1]!;
          expect(Math.abs(revisit.median()! / exact - 1)).toBeLessThan(0.026);
        },
      ),
    );
  });
});

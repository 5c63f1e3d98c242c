import { describe, expect, it } from 'vitest';
import { summariseCoverage } from '../../src/analysis/coverage/coverage-summary.ts';
import { CoverageLedger, type CoverageVisit } from '../../src/pipeline/coverage-ledger.ts';

const T0 = Date.UTC(2026, 5, 1, 20);
const BLOCK_MS = 64;

function block(startMs: number, change: Partial<CoverageVisit> = {}): CoverageVisit {
  return {
    receiver: 'roof',
    kind: 'iq',
    lowHz: 98e6,
    highHz: 99e6,
    startMs,
    endMs: startMs + BLOCK_MS,
    dwellSeconds: null,
    lostBefore: false,
    overload: false,
    clock: { source: 'ntp', uncertaintySeconds: 0.004 },
    ...change,
  };
}

function summary(ledger: CoverageLedger, fromMs: number, toMs: number, band = { fromHz: 98.4e6, toHz: 98.6e6 }) {
  return summariseCoverage(ledger.present('roof', toMs), { receiver: 'roof', ...band, fromMs, toMs });
}

describe('the coverage ledger', () => {
  it('keeps an hour of blocks without a break as one row without a gap', () => {
    const ledger = new CoverageLedger();
    for (let k = 0; k < 1000; k++) ledger.visit(block(T0 + k * BLOCK_MS));
    expect(ledger.present('roof', T0 + 64_000)).toHaveLength(1);
    const seen = summary(ledger, T0, T0 + 64_000);
    expect(seen).toMatchObject({ observedPct: 100, longestGapSeconds: 0, missedBelowSeconds: 0, gaps: [] });
  });

  it('takes a wobble of the time stamps for none, and a lost block for a gap of its length', () => {
    const ledger = new CoverageLedger();
    for (let k = 0; k < 100; k++) {
      if (k !== 50) ledger.visit(block(T0 + k * BLOCK_MS + (k % 3) * 0.3, { lostBefore: k === 51 }));
    }
    const seen = summary(ledger, T0, T0 + 6400);
    expect(seen.gaps).toHaveLength(1);
    expect(seen.gaps[0]?.cause).toBe('lost');
    expect(seen.observedPct).toBeCloseTo(99, 1);
    expect(seen.missedBelowSeconds).toBeCloseTo(0.064, 3);
  });

  it.each([
    ['dropped', (ledger: CoverageLedger) => ledger.dropped('roof')],
    ['offline', (ledger: CoverageLedger) => ledger.state('roof', 'offline')],
    ['silent', (ledger: CoverageLedger) => ledger.state('roof', 'silent')],
    ['not-approved', (ledger: CoverageLedger) => ledger.state('roof', 'not-approved')],
  ] as const)('gives a gap the cause that was told: %s', (cause, tell) => {
    const ledger = new CoverageLedger();
    ledger.visit(block(T0));
    tell(ledger);
    ledger.state('roof', null);
    ledger.visit(block(T0 + 10_000));
    expect(summary(ledger, T0, T0 + 10_064).gaps).toEqual([{ fromMs: T0 + 64, toMs: T0 + 10_000, cause }]);
  });

  it('counts what an overdriven front end showed as no observation', () => {
    const ledger = new CoverageLedger();
    for (let k = 0; k < 10; k++) ledger.visit(block(T0 + k * BLOCK_MS, { overload: k >= 5 }));
    const seen = summary(ledger, T0, T0 + 640);
    expect(seen.gaps).toEqual([{ fromMs: T0 + 320, toMs: T0 + 640, cause: 'overload' }]);
    expect(seen.observedPct).toBeCloseTo(50, 6);
  });

  it('shows a receiver that is offline now as a gap up to now', () => {
    const ledger = new CoverageLedger();
    ledger.visit(block(T0));
    ledger.state('roof', 'offline');
    const seen = summary(ledger, T0, T0 + 60_000);
    expect(seen.gaps).toEqual([{ fromMs: T0 + 64, toMs: T0 + 60_000, cause: 'offline' }]);
    expect(seen.longestGapSeconds).toBeCloseTo(59.936, 6);
  });

  it('knows the revisit time of a receiver that steps through spans, and what it could miss', () => {
    const ledger = new CoverageLedger();
    const steps = [98e6, 101e6, 104e6, 107e6];
    for (let k = 0; k < 400; k++) {
      const lowHz = steps[k % 4]!;
      ledger.visit(block(T0 + k * 250, { lowHz, highHz: lowHz + 1e6 }));
    }
    const seen = summary(ledger, T0, T0 + 100_000 - 750 + BLOCK_MS);
    expect(seen.revisitSeconds?.median).toBeCloseTo(1, 1);
    expect(seen.missedBelowSeconds).toBeCloseTo(1 - 0.064, 6);
    expect(seen.gaps.every(({ cause }) => cause === 'retuned')).toBe(true);
    expect(seen.observedPct).toBeLessThan(7);
  });

  it('says of a sweep that it observes throughout, and that less than a revisit could be missed', () => {
    const ledger = new CoverageLedger();
    const sweep = { kind: 'sweep' as const, dwellSeconds: 0.0003 };
    for (let k = 0; k < 100; k++) {
      ledger.visit(block(T0 + k * 550, { ...sweep, endMs: T0 + k * 550 + 500 }));
    }
    const seen = summary(ledger, T0, T0 + 99 * 550 + 500);
    expect(seen.observedPct).toBe(100);
    expect(seen.revisitSeconds?.max).toBeCloseTo(0.55, 6);
    expect(seen.missedBelowSeconds).toBeCloseTo(0.55 - 0.0003, 6);
    ledger.visit(block(T0 + 120_000, { ...sweep, endMs: T0 + 120_500 }));
    expect(summary(ledger, T0, T0 + 120_500).gaps).toHaveLength(1);
  });

  it('stays bounded where every second block is lost, and still counts all of the gaps', () => {
    const ledger = new CoverageLedger();
    for (let k = 0; k < 20_000; k++) ledger.visit(block(T0 + 2 * k * BLOCK_MS, { lostBefore: true }));
    const rows = ledger.present('roof', T0 + 40_000 * BLOCK_MS);
    expect(rows.length).toBeLessThan(3);
    expect(Math.max(...rows.map(({ gaps }) => gaps.length))).toBeLessThanOrEqual(129);
    const seen = summary(ledger, T0, T0 + 39_999 * BLOCK_MS);
    expect(seen.gapCount).toBe(19_999);
    expect(seen.observedPct).toBeCloseTo(50, 1);
  });

  it('gives a row again, with the same beginning, until it is closed after an hour', () => {
    const ledger = new CoverageLedger();
    const begins = new Set<number>();
    for (let k = 0; k < 3 * 3600; k++) {
      ledger.visit(block(T0 + k * 1000, { endMs: T0 + (k + 1) * 1000 }));
      if (k % 60 === 0) for (const row of ledger.takeChanged(T0 + k * 1000)) begins.add(row.fromMs);
    }
    expect(begins.size).toBeLessThanOrEqual(4);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type FuzzReport, runChild } from './run-child.ts';

const MEMORY_LIMIT = 64 * 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'bandwarden-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('2,000 mutated files', () => {
  it('crash nothing, are counted, and cost at most 64 MiB beyond their size', async () => {
    const report = await runChild<FuzzReport>('files-child.ts', folder, 2000, 20_260_102);
    expect(Object.values(report.unmutated).filter((outcome) => outcome !== 'whole')).toEqual([]);
    expect(report.faults).toEqual([]);
    const total = Object.values(report.outcomes).reduce((sum, times) => sum + times, 0);
    expect(total).toBe(2000);
    for (const format of new Set(Object.keys(report.outcomes).map((key) => key.split(' ')[0]))) {
      expect(report.outcomes).toHaveProperty([`${format} unreadable`]);
    }
    expect(report.largestGrowthBytes).toBeLessThan(MEMORY_LIMIT);
    expect(report.residentGrowthBytes).toBeLessThan(MEMORY_LIMIT);
  }, 120_000);
});

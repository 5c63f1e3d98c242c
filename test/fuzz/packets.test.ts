import { describe, expect, it } from 'vitest';
import { type FuzzReport, runChild } from './run-child.ts';

const MEMORY_LIMIT = 64 * 2 ** 20;

describe('10,000 mutated packets', () => {
  it('crash nothing, are counted by reason, and cost at most 64 MiB beyond their size', async () => {
    const report = await runChild<FuzzReport>('packets-child.ts', 10_000, 20_260_101);
    expect(report.unmutated).toEqual({ 'iq taken': 4, 'sweep taken': 3, 'json taken': 1, 'csv taken': 3 });
    expect(report.faults).toEqual([]);
    const ended = (kind: string) =>
      Object.entries(report.outcomes).reduce((sum, [key, times]) => sum + (key.startsWith(kind) ? times : 0), 0);
    expect(ended('iq ') + ended('sweep ') + ended('json ')).toBe(Math.ceil((10_000 * 8) / 11));
    const met = Object.keys(report.outcomes);
    const reasons = ['length', 'magic', 'version', 'crc', 'format', 'size', 'value', 'taken'];
    expect(met).toEqual(expect.arrayContaining(reasons.map((reason) => `iq ${reason}`)));
    expect(met).toEqual(expect.arrayContaining(reasons.map((reason) => `sweep ${reason}`)));
    expect(met).toEqual(expect.arrayContaining(['json syntax', 'json schema', 'json taken']));
    expect(met).toEqual(expect.arrayContaining(['csv syntax', 'csv taken', 'csv nothing']));
    expect(report.largestGrowthBytes).toBeLessThan(MEMORY_LIMIT);
    expect(report.residentGrowthBytes).toBeLessThan(MEMORY_LIMIT);
  }, 120_000);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/core/frames.ts';
import { SweepAssembler, type SweepRow } from '../../src/formats/sweep-assembler.ts';
import { SweepCsvReader } from '../../src/formats/sweep-csv.ts';
import { type SweepBatch, SweepTally } from '../../src/formats/sweep-reader.ts';
import { describeWithRecordings } from '../support/services.ts';

const POINTS = 5;
const STEP_HZ = 1e6;

/** hackrf_sweep prints the two 5 MHz blocks of a tuning, then moves on: 0 10 5 15 20 30 25 35 … */
function hackrfOrder(rows: number): number[] {
  return Array.from({ length: rows }, (_, k) => 4 * Math.floor(k / 4) + [0, 2, 1, 3][k % 4]!).filter((k) => k < rows);
}

/** A row that tells by its level which sweep it belongs to. */
function row(sweep: number, index: number, timeMs: number): SweepRow {
  return {
    timeNs: BigInt(Math.round(timeMs)) * 1_000_000n,
    startHz: 100e6 + index * POINTS * STEP_HZ,
    stepHz: STEP_HZ,
    rbwHz: null,
    unit: 'dB',
    levels: new Float32Array(POINTS).fill(-sweep - 1),
    durationSeconds: null,
  };
}

function assemble(rows: readonly SweepRow[]): SweepBatch {
  const tally = new SweepTally();
  const assembler = new SweepAssembler('rx', 'interleaved', tally);
  for (const one of rows) assembler.add(one);
  assembler.finish();
  return tally.take();
}

/** The sweeps whose rows a sweep is made of. */
function origins({ powers }: Sweep): number[] {
  return [...new Set([...powers].map((level) => -level - 1))];
}

const permutation = (rows: number) =>
  fc.shuffledSubarray([...Array(rows).keys()], { minLength: rows, maxLength: rows });

describe('sweeps of segments', () => {
  it('are whole whatever the order of the segments within each, and whatever their stamps', () => {
    const log = fc.integer({ min: 5, max: 24 }).chain((rows) =>
      fc.record({
        rows: fc.constant(rows),
        orders: fc.array(permutation(rows), { minLength: 2, maxLength: 6 }),
        // Stamps change anywhere within a sweep, or stay the same over several.
        stampsMs: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 6 * rows, maxLength: 6 * rows }),
      }),
    );
    fc.assert(
      fc.property(log, ({ rows, orders, stampsMs }) => {
        let timeMs = 1e9;
        const printed = orders.flatMap((order, sweep) =>
          order.map((index, k) => {
            timeMs += stampsMs[sweep * rows + k]!;
            return row(sweep, index, timeMs);
          }),
        );
        const { sweeps, rejects } = assemble(printed);
        expect(rejects).toEqual([]);
        expect(sweeps.map(origins)).toEqual(orders.map((_, sweep) => [sweep]));
        expect(sweeps.every(({ powers }) => powers.length === rows * POINTS)).toBe(true);
        const times = sweeps.map(({ timeNs }) => timeNs);
        expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
      }),
      { numRuns: 200 },
    );
  });

  it('are the same in the order of hackrf_sweep and shuffled from some sweep on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7 }),
        fc.array(permutation(16), { minLength: 8, maxLength: 8 }),
        (from, mixed) => {
          const orders = mixed.map((order, sweep) => (sweep < from ? hackrfOrder(16) : order));
          const { sweeps } = assemble(orders.flatMap((order, sweep) => order.map((k) => row(sweep, k, 1e9))));
          expect(sweeps.map(origins)).toEqual(orders.map((_, sweep) => [sweep]));
        },
      ),
    );
  });

  it('begin with the lowest row in a log that was joined in the middle of a sweep', () => {
    const order = hackrfOrder(16);
    for (let joined = 1; joined < 16; joined++) {
      const printed = [0, 1, 2, 3, 4].flatMap((sweep) => order.map((k) => row(sweep, k, 1e9))).slice(joined);
      const { sweeps, rejects } = assemble(printed);
      expect(sweeps.map(origins)).toEqual([[1], [2], [3], [4]]);
      expect(rejects).toMatchObject([{ reason: 'length', count: 16 - joined }]);
    }
  });

  it('come back into step after any one row was lost', () => {
    const order = hackrfOrder(16);
    const whole = Array.from({ length: 8 }, (_, sweep) => order.map((k) => row(sweep, k, 1e9 + sweep))).flat();
    for (let lost = 32; lost < 64; lost++) {
      const { sweeps } = assemble(whole.filter((_, index) => index !== lost));
      expect(sweeps).toHaveLength(8);
      expect(sweeps.slice(5).map(origins)).toEqual([[5], [6], [7]]);
      for (const sweep of sweeps) expect(sweep.powers).toHaveLength(80);
    }
  });
});

describeWithRecordings('a real log of hackrf_sweep', (folder) => {
  const sweepsOf = (file: string) => {
    const reader = new SweepCsvReader({ receiver: 'rx', timezone: 'UTC' });
    return [...reader.push(readFileSync(join(folder, file))).sweeps, ...reader.finish().sweeps];
  };

  it('over 0–6 GHz, whose segments are out of order and whose stamps change within it, is one sweep', () => {
    const [sweep, ...others] = sweepsOf('hackrf_sweep_0-6GHz_one.csv');
    expect(others).toEqual([]);
    expect(sweep!.powers).toHaveLength(6000);
    expect(sweep!.durationSeconds).toBeGreaterThan(0);
  });

  it('is the same sweep in whatever order its segments are', () => {
    const lines = readFileSync(join(folder, 'hackrf_sweep_0-6GHz_one.csv'), 'utf8').trimEnd().split('\n');
    const [whole] = sweepsOf('hackrf_sweep_0-6GHz_one.csv');
    fc.assert(
      fc.property(permutation(lines.length), (order) => {
        const reader = new SweepCsvReader({ receiver: 'rx', timezone: 'UTC' });
        const shuffled = `${order.map((k) => lines[k]).join('\n')}\n`;
        const found = [...reader.push(shuffled).sweeps, ...reader.finish().sweeps];
        expect(found).toHaveLength(1);
        expect(found[0]!.powers).toEqual(whole!.powers);
      }),
      { numRuns: 10 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { BlockCutter, pairsPerBlock } from '../../../hardware/samples/block-cutter.ts';
import type { HostClock } from '../../../hardware/samples/sample-clock.ts';
import type { IqBlock } from '../../../src/core/frames.ts';
import { numbersFrom } from '../link/hostile-bytes.ts';

/** 2026-01-01, ms since 1970. */
const START_MS = 1_767_225_600_000;
const RATE_HZ = 24_000;
const PIECE_PAIRS = 240;

/** A receiver whose crystal is off by `ppm`, at a host that hears of its samples late. */
class Bench {
  readonly host: HostClock;
  readonly cutter: BlockCutter;
  readonly blocks: IqBlock[] = [];
  /** True time, ms since the start; what the calendar adds to it; samples sent. */
  trueMs = 0;
  calendarErrorMs = 0;
  sent = 0;
  private readonly next = numbersFrom(7);
  private readonly ppm: number;
  private readonly jitterMs: number;
  private sampledMs = 0;

  constructor({ ppm = 0, jitterMs = 4 } = {}) {
    this.ppm = ppm;
    this.jitterMs = jitterMs;
    this.host = {
      monotonicMs: () => 5_000 + this.trueMs,
      // Whole milliseconds, as the calendar of a computer gives them.
      nowMs: () => Math.floor(START_MS + this.trueMs + this.calendarErrorMs),
    };
    const stream = { receiver: 'rx', format: 'cu8', sampleRateHz: RATE_HZ } as const;
    this.cutter = new BlockCutter(stream, { centerHz: 1e8, gainDb: null }, this.host);
  }

  /** Time of a sample by the true clock, ms since the start. */
  private periodMs(): number {
    return 1_000 / (RATE_HZ * (1 + this.ppm * 1e-6));
  }

  /** `lateMs`: what USB and the scheduler take, from nothing to `jitterMs`, now and then much more. */
  run(seconds: number, { drop = 0 } = {}): void {
    this.sampledMs += drop * this.periodMs();
    for (let pieces = (seconds * RATE_HZ) / PIECE_PAIRS; pieces > 0; pieces--) {
      this.sampledMs += PIECE_PAIRS * this.periodMs();
      const lateMs = (this.next(1_000) / 1_000) ** 3 * this.jitterMs + (this.next(200) === 0 ? 40 : 0);
      this.trueMs = Math.max(this.trueMs, this.sampledMs + lateMs);
      this.sent += PIECE_PAIRS;
      this.blocks.push(...this.cutter.push(new Uint8Array(2 * PIECE_PAIRS).fill(128)));
    }
  }

  /** How far the stamp of a block is from the true time of its first sample, ms. */
  errorsMs(): number[] {
    const blockMs = pairsPerBlock(RATE_HZ) * this.periodMs();
    return this.blocks.map(({ timeNs }, i) => Number(timeNs - BigInt(START_MS) * 1_000_000n) / 1e6 - i * blockMs);
  }

  stepsMs(): number[] {
    return this.blocks.slice(1).map(({ timeNs }, i) => Number(timeNs - this.blocks[i].timeNs) / 1e6);
  }
}

const BLOCK_MS = (pairsPerBlock(RATE_HZ) / RATE_HZ) * 1_000;

describe('stamps from the count of samples', () => {
  it.each([0, 45, -80])('a crystal that is off by %d ppm is measured, and its samples stay within 1 ms', (ppm) => {
    const bench = new Bench({ ppm });
    bench.run(600);
    const errors = bench.errorsMs();
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1);
    expect(bench.cutter.clock.sampleClockPpm).toBeGreaterThan(ppm - 2);
    expect(bench.cutter.clock.sampleClockPpm).toBeLessThan(ppm + 2);
    // Never a jump: each block is as long as its samples, within the slope that the loop may have.
    for (const step of bench.stepsMs()) expect(Math.abs(step - BLOCK_MS)).toBeLessThan(0.0016 * BLOCK_MS);
    expect(bench.blocks.filter(({ lostBefore }) => lostBefore)).toHaveLength(1);
    expect(bench.cutter.clock).toMatchObject({ lostPairs: 0, steps: 0 });
  });

  it('samples that never came move the stamps on by their time, marked', () => {
    const bench = new Bench();
    bench.run(20);
    const before = bench.blocks.length;
    bench.run(20, { drop: 4_800 });
    const marked = bench.blocks.filter(({ lostBefore }, i) => lostBefore && i > 0);
    expect(marked).toHaveLength(1);
    // 200 ms of samples.
    expect(bench.cutter.clock.lostPairs).toBeGreaterThan(4_700);
    expect(bench.cutter.clock.lostPairs).toBeLessThan(4_950);
    // Found within two seconds and a little.
    expect(bench.blocks.indexOf(marked[0]) - before).toBeLessThan(3_200 / BLOCK_MS);
    expect(bench.errorsMs().at(-1)).toBeGreaterThan(195);
    expect(bench.errorsMs().at(-1)).toBeLessThan(205);
  });

  it.each([300, -300])('a system clock set by %d ms is followed slowly, without a jump', (stepMs) => {
    const bench = new Bench();
    bench.run(30);
    bench.calendarErrorMs = stepMs;
    bench.run(600);
    for (const step of bench.stepsMs()) expect(Math.abs(step - BLOCK_MS)).toBeLessThan(0.0016 * BLOCK_MS);
    expect(Math.abs((bench.errorsMs().at(-1) ?? 0) - stepMs)).toBeLessThan(5);
    expect(bench.cutter.clock).toMatchObject({ steps: 1, lostPairs: 0 });
  });

  it('a system clock set by an hour is followed at once, and the break is marked', () => {
    const bench = new Bench();
    bench.run(30);
    bench.calendarErrorMs = 3_600_000;
    bench.run(30);
    expect(bench.blocks.filter(({ lostBefore }, i) => lostBefore && i > 0)).toHaveLength(1);
    expect(Math.abs((bench.errorsMs().at(-1) ?? 0) - 3_600_000)).toBeLessThan(3);
  });

  it('a stream that begins anew goes on with what was learned, and not before what was told', () => {
    const bench = new Bench({ ppm: 60 });
    bench.run(300);
    const legacy = bench.cutter.clock.legacy();
    const stream = { receiver: 'rx', format: 'cu8', sampleRateHz: RATE_HZ } as const;
    const next = new BlockCutter(stream, { centerHz: 2e8, gainDb: null }, bench.host, legacy);
    next.push(new Uint8Array(2 * pairsPerBlock(RATE_HZ)));
    const [block] = next.finish();
    expect(Number(block.timeNs) / 1e6).toBeGreaterThanOrEqual(legacy.endMs - 0.001);
    expect(next.clock.legacy().drift).toBeCloseTo(-60e-6, 5);
  });
});

describe('blocks', () => {
  it.each([
    [250_000, 2 ** 14],
    [2_048_000, 2 ** 17],
    [2_400_000, 2 ** 17],
    [20_000_000, 2 ** 18],
    [1_000, 2 ** 6],
  ])('at %d Hz have %d pairs: a power of two, 50 to 100 ms, at most 2^18', (rateHz, pairs) => {
    expect(pairsPerBlock(rateHz)).toBe(pairs);
  });

  it('hold every byte once and in order, however the bytes come, and none of what a retune leaves out', () => {
    for (let seed = 0; seed < 100; seed++) {
      const next = numbersFrom(seed);
      const host = { monotonicMs: () => nowMs, nowMs: () => START_MS + nowMs };
      let nowMs = 0;
      const stream = { receiver: 'rx', format: 'cs16', sampleRateHz: 1_000 } as const;
      const cutter = new BlockCutter(stream, { centerHz: 1, gainDb: null }, host);
      const blocks: IqBlock[] = [];
      let sent = 0;
      const retunes: number[] = [];
      for (let reads = 0; reads < 60; reads++) {
        // Pair n is the number n, in its four bytes.
        const piece = Uint8Array.from({ length: 1 + next(400) }, (_, i) => {
          const [pair, byte] = [Math.floor((sent + i) / 4), (sent + i) % 4];
          return (pair >>> (8 * byte)) & 255;
        });
        sent += piece.length;
        nowMs += piece.length / 4;
        blocks.push(...cutter.push(piece));
        if (next(15) === 0) {
          retunes.push(Math.ceil(sent / 4));
          cutter.retune({ centerHz: 1 + retunes.length, gainDb: null }, 10);
        }
      }
      blocks.push(...cutter.finish());
      for (const block of blocks) {
        const view = new DataView(block.samples.buffer);
        const first = view.getUint32(0, true);
        const wrong = Array.from({ length: block.pairs }, (_, i) => i).find(
          (i) => view.getUint32(4 * i, true) !== first + i,
        );
        expect(wrong).toBeUndefined();
        const retune = block.centerHz - 1;
        if (retune > 0) expect(first, `seed ${seed}`).toBeGreaterThanOrEqual(retunes[retune - 1] + 9);
        if (retune < retunes.length) expect(first + block.pairs).toBeLessThanOrEqual(retunes[retune]);
      }
      expect(blocks.map(({ timeNs }) => timeNs)).toEqual(
        blocks.map(({ timeNs }) => timeNs).sort((a, b) => (a < b ? -1 : 1)),
      );
    }
  });
});

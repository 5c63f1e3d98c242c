import { describe, expect, it } from 'vitest';
import { AutoLevels, moveLevels, quantile } from '../../dashboards/web/lib/spectrum/level-range.ts';
import { ReceiverDisplay } from '../../dashboards/web/lib/spectrum/receiver-display.ts';
import { AVERAGE_ROWS, Traces } from '../../dashboards/web/lib/spectrum/traces.ts';
import { encodeSpectrum, LEVEL_STEP_DB, packLevels } from '../../src/gateway/messages.ts';

const MIN_LEVEL = -127.5;

describe('the traces', () => {
  it('average power, not decibels', () => {
    const traces = new Traces(1, MIN_LEVEL, LEVEL_STEP_DB);
    for (let i = 0; i < AVERAGE_ROWS; i++) traces.add(packLevels(Float32Array.of(i % 2 ? -60 : -100), MIN_LEVEL));
    // Half of 10⁻⁶ and half of 10⁻¹⁰: −63.01 dB, where the mean of the decibels would be −80.
    expect(traces.averageDb()[0]).toBeCloseTo(-63.01, 1);
  });

  it('read the first row as its own average', () => {
    const traces = new Traces(2, MIN_LEVEL, LEVEL_STEP_DB);
    traces.add(packLevels(Float32Array.of(-90, -30), MIN_LEVEL));
    expect(traces.averageDb()[0]).toBeCloseTo(-90, 3);
    expect(traces.averageDb()[1]).toBeCloseTo(-30, 3);
  });

  it('hold the maximum until it is cleared', () => {
    const traces = new Traces(2, MIN_LEVEL, LEVEL_STEP_DB);
    traces.add(Uint8Array.of(50, 10));
    traces.add(Uint8Array.of(20, 30));
    expect([...traces.max]).toEqual([50, 30]);
    traces.clearMax();
    expect([...traces.max]).toEqual([20, 30]);
  });
});

describe('automatic levels', () => {
  it('leave the noise near the bottom and the peak below the top', () => {
    const live = packLevels(new Float32Array(1000).fill(-95), MIN_LEVEL);
    live.set(packLevels(Float32Array.of(-31), MIN_LEVEL), 500);
    const { low, high } = new AutoLevels().update(live, live, MIN_LEVEL, LEVEL_STEP_DB);
    expect(low).toBeLessThan(-95);
    expect(low).toBeGreaterThanOrEqual(-110);
    expect(high).toBeGreaterThan(-31);
    expect(high).toBeLessThanOrEqual(-20);
  });

  it('show at least 40 dB of plain noise', () => {
    const live = packLevels(new Float32Array(100).fill(-95), MIN_LEVEL);
    const { low, high } = new AutoLevels().update(live, live, MIN_LEVEL, LEVEL_STEP_DB);
    expect(high - low).toBe(40);
  });

  it('stand still while the noise wavers by a few decibels', () => {
    const auto = new AutoLevels();
    const first = packLevels(new Float32Array(100).fill(-95), MIN_LEVEL);
    const second = packLevels(new Float32Array(100).fill(-92), MIN_LEVEL);
    const kept = auto.update(first, first, MIN_LEVEL, LEVEL_STEP_DB);
    expect(auto.update(second, second, MIN_LEVEL, LEVEL_STEP_DB)).toBe(kept);
  });

  it('stand on true quantiles', () => {
    const counts = new Uint32Array(256);
    expect(quantile(Uint8Array.of(4, 1, 3, 2), 0.5, counts)).toBe(3);
    expect(quantile(Uint8Array.of(9), 0, counts)).toBe(9);
  });

  it('are not moved by hand to less than 10 dB', () => {
    expect(moveLevels({ low: -100, high: -85 }, 5, 0)).toEqual({ low: -95, high: -85 });
    expect(moveLevels({ low: -95, high: -85 }, 5, 0)).toEqual({ low: -95, high: -85 });
  });
});

describe('what is kept of a receiver', () => {
  const row = (startHz: number, timeMs: number) => ({
    channel: 0,
    unit: 'dBFS' as const,
    timeMs,
    startHz,
    stepHz: 1000,
    minLevel: MIN_LEVEL,
    levelStepDb: LEVEL_STEP_DB,
    levels: Uint8Array.of(1, 2, 3),
  });

  it('starts over with another tuning, and only then', () => {
    const display = new ReceiverDisplay();
    expect(display.add(row(1e6, 0), 0)).toBe(true);
    expect(display.add(row(1e6, 50), 0)).toBe(false);
    expect(display.tuning!.ring.filled).toBe(2);
    expect(display.add(row(2e6, 100), 0)).toBe(true);
    expect(display.tuning!.ring.filled).toBe(1);
    expect(display.fullRange).toEqual({ lowHz: 2e6 - 500, highHz: 2e6 + 2500 });
  });

  it('shows an interruption as empty rows, their times spread over it', () => {
    const display = new ReceiverDisplay();
    display.add(row(1e6, 0), 0);
    display.add(row(1e6, 10_000), 0);
    const { ring } = display.tuning!;
    expect(ring.filled).toBeGreaterThan(10);
    for (let age = 1; age < ring.filled - 1; age++) {
      expect([...ring.row(age)!]).toEqual([0, 0, 0]);
      expect(ring.timeMs(age)!).toBeLessThan(ring.timeMs(age - 1)!);
    }
    expect([ring.timeMs(0), ring.timeMs(ring.filled - 1)]).toEqual([10_000, 0]);
  });

  it('begins with stored rows, on the scale of the live ones, and without those of another tuning', () => {
    const display = new ReceiverDisplay();
    display.add(row(1e6, 5000), 0);
    // −117.5 dBFS: byte 20 of the live scale, byte 0 of a row stored from −117.5 up.
    const stored = { ...row(1e6, 1000), minLevel: MIN_LEVEL + 10, levels: Uint8Array.of(0, 2, 255) };
    expect(display.prepend([{ ...row(9e6, 500) }, stored, row(1e6, 6000)])).toBe(true);
    const { ring, traces } = display.tuning!;
    expect(ring.filled).toBe(2);
    expect([...ring.row(1)!]).toEqual([20, 22, 255]);
    expect([...ring.row(0)!]).toEqual([1, 2, 3]);
    expect([...traces.max]).toEqual([1, 2, 3]);
  });

  it('reads what the service packs', () => {
    // 3 bins after the 40-byte header.
    expect(encodeSpectrum(row(1e6, 0)).byteLength).toBe(43);
  });
});

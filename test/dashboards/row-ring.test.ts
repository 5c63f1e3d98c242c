import { describe, expect, it } from 'vitest';
import { RowRing } from '../../dashboards/web/lib/spectrum/row-ring.ts';

const GRID = { startHz: 0, stepHz: 1, bins: 3 };

function ringOf(rows: number, capacity: number): RowRing {
  const ring = new RowRing(GRID, capacity);
  for (let i = 0; i < rows; i++) ring.push(Uint8Array.of(i, i, i), 1000 + i * 100);
  return ring;
}

describe('the waterfall ring', () => {
  it('is empty at first', () => {
    const ring = ringOf(0, 4);
    expect(ring.head).toBe(-1);
    expect(ring.filled).toBe(0);
    expect(ring.row(0)).toBeNull();
    expect(ring.timeMs(0)).toBeNull();
  });

  it('gives rows by age, the newest first', () => {
    const ring = ringOf(3, 4);
    expect([0, 1, 2].map((age) => ring.row(age)?.[0])).toEqual([2, 1, 0]);
    expect(ring.row(3)).toBeNull();
  });

  it('keeps the latest rows only, each with its time', () => {
    const ring = ringOf(11, 4);
    expect(ring.filled).toBe(4);
    expect([0, 1, 2, 3].map((age) => ring.row(age)?.[0])).toEqual([10, 9, 8, 7]);
    expect(ring.timeMs(3)).toBe(1700);
    expect(ring.row(4)).toBeNull();
    expect(ring.row(-1)).toBeNull();
  });

  it('copies what is pushed', () => {
    const ring = new RowRing(GRID, 2);
    const row = Uint8Array.of(5, 5, 5);
    ring.push(row, 1);
    row.fill(9);
    expect(ring.row(0)).toEqual(Uint8Array.of(5, 5, 5));
  });

  it('finds the row of a time', () => {
    const ring = ringOf(11, 4);
    expect(ring.ageOfTime(9999)).toBe(0);
    expect(ring.ageOfTime(1850)).toBe(2);
    expect(ring.ageOfTime(1800)).toBe(2);
    expect(ring.ageOfTime(500)).toBe(4);
  });

  it('shows a gap as an empty row', () => {
    const ring = ringOf(2, 4);
    ring.pushGap(1250);
    expect([...ring.row(0)!]).toEqual([0, 0, 0]);
    expect(ring.timeMs(0)).toBe(1250);
  });
});

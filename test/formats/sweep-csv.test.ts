import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/core/frames.ts';
import { type CsvDialect, SweepCsvReader } from '../../src/formats/sweep-csv.ts';

function read(text: string, dialect?: CsvDialect, timezone = 'UTC') {
  const reader = new SweepCsvReader({ receiver: 'rx-1', timezone, dialect });
  const first = reader.push(text);
  const last = reader.finish();
  return {
    dialect: reader.dialect,
    sweeps: [...first.sweeps, ...last.sweeps],
    rejects: [...first.rejects, ...last.rejects],
    filledLevels: first.filledLevels + last.filledLevels,
  };
}

const frequencies = (sweep: Sweep) => Array.from(sweep.powers, (_, i) => sweep.startHz + i * sweep.stepHz);
const utcNs = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;
const csv = (rows: string[]) => `${rows.join('\n')}\n`;

describe('a log of rtl_power', () => {
  const row = (time: string, low: number, levels: string) =>
    `2018-11-18, ${time}, ${low}, ${low + 100}, 25.00, 12480, ${levels}`;

  it('says its last level twice: the second is none', () => {
    const log = read(csv([row('12:40:07', 1000, '-27.68, -26.39, -26.32, -27.64, -27.64')]));
    expect(log.dialect).toBe('rtl_power');
    expect(frequencies(log.sweeps[0]!)).toEqual([1000, 1025, 1050, 1075]);
    expect([...log.sweeps[0]!.powers]).toEqual([-27.68, -26.39, -26.32, -27.64].map(Math.fround));
    expect(log.sweeps[0]).toMatchObject({ unit: 'dB', timeNs: utcNs('2018-11-18T12:40:07Z'), receiver: 'rx-1' });
  });

  it('has sweeps where the frequency falls back, even within one second', () => {
    const log = read(
      csv([
        row('12:40:07', 1000, '-1, -2, -3, -4, -4'),
        row('12:40:07', 1100, '-5, -6, -7, -8, -8'),
        row('12:40:07', 1000, '-9, -10, -11, -12, -12'),
        row('12:40:07', 1100, '-13, -14, -15, -16, -16'),
      ]),
    );
    expect(log.sweeps.map((sweep) => [...sweep.powers])).toEqual([
      [-1, -2, -3, -4, -5, -6, -7, -8],
      [-9, -10, -11, -12, -13, -14, -15, -16],
    ]);
    expect(frequencies(log.sweeps[1]!)).toEqual([1000, 1025, 1050, 1075, 1100, 1125, 1150, 1175]);
  });

  it('that crops keeps the middle of each row where it was tuned', () => {
    // rtl_power -c 20%, 16 bins of 100 Hz at 2000 Hz: edges of ⌊16·0.8⌋ = 12 bins, but bins 1 to 14 printed.
    const levels = Array.from({ length: 14 }, (_, i) => (i === 7 ? '-10.00' : '-60.00'));
    const log = read(`2018-11-18, 12:40:07, 1400, 2600, 100.00, 8, ${[...levels, levels.at(-1)].join(', ')}\n`);
    const sweep = log.sweeps[0]!;
    expect(sweep.powers).toHaveLength(14);
    // Bin 8 of 16 is the tuned frequency: it is level 7 of those printed.
    expect(frequencies(sweep)[7]).toBe(2000);
  });

  it('with one bin a row (1 MHz and wider) has its level in the middle of the row', () => {
    const log = read(
      csv([
        '2018-11-18, 12:40:07, 100000000, 101000000, 1000000.00, 1, -20.10, -20.10',
        '2018-11-18, 12:40:07, 101000000, 102000000, 1000000.00, 1, -30.10, -30.10',
        '2018-11-18, 12:40:07, 102000000, 103000000, 1000000.00, 1, -40.10, -40.10',
      ]),
    );
    expect(frequencies(log.sweeps[0]!)).toEqual([100.5e6, 101.5e6, 102.5e6]);
  });

  it('fills levels that are no number from the lower neighbour and counts them', () => {
    const log = read(csv([row('12:40:07', 1000, '-inf, -20, nan, -10, -10')]));
    expect([...log.sweeps[0]!.powers]).toEqual([-20, -20, -20, -10]);
    expect(log.filledLevels).toBe(2);
  });

  it('is in local time', () => {
    const text = csv([row('12:40:07', 1000, '-1, -2, -3, -4, -4')]);
    expect(read(text, undefined, 'Asia/Tokyo').sweeps[0]!.timeNs).toBe(utcNs('2018-11-18T03:40:07Z'));
  });

  it('has a step sharper than its two decimals', () => {
    // 2.4 MHz over 4096 bins: 585.9375 Hz is printed as 585.94, which is 10 Hz wrong at the far end.
    const levels = Array.from({ length: 4097 }, (_, i) => `-${10 + (Math.min(i, 4095) % 7)}.00`).join(', ');
    const log = read(`2018-11-18, 12:40:07, 100000000, 102400000, 585.94, 8, ${levels}\n`);
    expect(log.sweeps[0]!.stepHz).toBe(585.9375);
    expect(log.sweeps[0]!.powers).toHaveLength(4096);
  });
});

describe('a log of soapy_power', () => {
  it('has exactly as many levels as bins, the first at the lower edge', () => {
    const log = read(
      '2017-03-17, 13:18:25, 88000000.0, 90560000.0, 426666.666667, 647168, -98.6, -97.1, -96.2, -95.5, -94.4, -94.4\n',
    );
    expect(log.dialect).toBe('soapy_power');
    expect(log.sweeps[0]!.powers).toHaveLength(6);
    expect(log.sweeps[0]!.startHz).toBe(88e6);
    expect(log.sweeps[0]!.stepHz).toBeCloseTo(2.56e6 / 6, 3);
  });
});

describe('a log of hackrf_sweep', () => {
  const row = (time: string, low: number, levels: string, date = '2019-01-03') =>
    `${date}, ${time}, ${low}, ${low + 5e6}, 1000000.00, 20, ${levels}`;
  const sweepAt = (time: string, level: number) => [
    row(time, 2400e6, `${level}, ${level}, ${level}, ${level}, ${level}`),
    row(time, 2410e6, '-3, -3, -3, -3, -3'),
    row(time, 2405e6, '-2, -2, -2, -2, -2'),
    row(time, 2415e6, '-4, -4, -4, -4, -4'),
  ];

  it('has its interleaved rows sorted, each level in the middle of its bin', () => {
    const log = read(csv(sweepAt('11:57:34.967805', -1)));
    expect(log.dialect).toBe('hackrf_sweep');
    expect(log.sweeps).toHaveLength(1);
    expect(log.sweeps[0]!.startHz).toBe(2400.5e6);
    expect([...log.sweeps[0]!.powers]).toEqual([1, 2, 3, 4].flatMap((level) => Array(5).fill(-level)));
    expect(log.sweeps[0]!.timeNs).toBe(utcNs('2019-01-03T11:57:34.967Z') + 805_000n);
    expect(log.sweeps[0]!.rbwHz).toBe(1.5e6);
  });

  it('has its bins where the transform of its source puts them', () => {
    // hackrf_sweep.c: tuned to low + 7.5 MHz; prints bins 1 + 5M/8 … of M, whole numbers; bin b ≥ M/2 is at
    // tuned + (b − M)·20 MHz/M. For every length it allows, M ≡ 4 (mod 8).
    for (const m of [4, 12, 20, 44, 204, 2044, 8180]) {
      const low = 100e6;
      const firstBin = 1 + Math.floor((m * 5) / 8);
      const first = low + 7.5e6 + (firstBin - m) * (20e6 / m);
      const levels = Array(m / 4)
        .fill('-50.00')
        .join(', ');
      const step = (20e6 / m).toFixed(2);
      const log = read(`2019-01-03, 11:57:34, ${low}, ${low + 5e6}, ${step}, ${m}, ${levels}\n`);
      expect(log.dialect).toBe('hackrf_sweep');
      expect(log.sweeps[0]!.startHz).toBeCloseTo(first, 3);
    }
  });

  it('begins a sweep when its first frequency comes again, with time stamps that differ within one', () => {
    const rows = [...sweepAt('11:57:34.1', -1), ...sweepAt('11:57:34.2', -9)];
    rows[2] = rows[2]!.replace('34.1', '34.15');
    const log = read(csv(rows));
    expect(log.sweeps.map((sweep) => sweep.powers[0])).toEqual([-1, -9]);
    expect(log.sweeps.every((sweep) => sweep.powers.length === 20)).toBe(true);
  });

  it('gives spans that do not touch as sweeps of their own', () => {
    const rows = [row('11:57:34', 100e6, '-1, -1, -1, -1, -1'), row('11:57:34', 900e6, '-2, -2, -2, -2, -2')];
    const log = read(csv([...rows, ...rows]));
    expect(log.sweeps.map((sweep) => sweep.startHz)).toEqual([100.5e6, 900.5e6, 100.5e6, 900.5e6]);
  });

  it('fills a row that got lost, where most of the sweep is there, and flags it', () => {
    const rows = [...sweepAt('11:57:34', -1), ...sweepAt('11:57:35', -1), ...sweepAt('11:57:36', -1)];
    rows[6] = 'garbled';
    const log = read(csv(rows));
    expect(log.sweeps.map((sweep) => sweep.flags)).toEqual([[], ['incomplete'], []]);
    // The lost row 2405–2410 MHz lies between levels of −1 and −3.
    expect([...log.sweeps[1]!.powers.subarray(5, 10)]).toEqual([-3, -3, -3, -3, -3]);
    expect(log.filledLevels).toBe(5);
    expect(log.rejects).toMatchObject([{ reason: 'syntax', count: 1 }]);
    expect(log.rejects[0]!.detail).toMatch(/^line 7: expected/);
  });

  it('counts a last sweep that is cut, and a first one that was joined too late', () => {
    const late = sweepAt('11:57:33', -1).slice(2);
    const cut = sweepAt('11:57:36', -1).slice(0, 1);
    const log = read(csv([...late, ...sweepAt('11:57:34', -1), ...sweepAt('11:57:35', -1), ...cut]));
    expect(log.sweeps.map((sweep) => sweep.powers.length)).toEqual([20, 20]);
    expect(log.rejects.map(({ reason, count }) => [reason, count])).toEqual([
      ['length', 2],
      ['length', 1],
    ]);
  });

  it('gives a sweep out with its last row once two have been alike', () => {
    const reader = new SweepCsvReader({ receiver: 'rx-1', timezone: 'UTC' });
    const given = ['11:57:34', '11:57:35', '11:57:36', '11:57:37'].map(
      (time) => reader.push(csv(sweepAt(time, -1))).sweeps.length,
    );
    expect(given).toEqual([0, 0, 3, 1]);
  });
});

describe('any sweep log in lines', () => {
  const whole = csv(
    Array.from({ length: 30 }, (_, i) =>
      [1000, 1100].map(
        (low) =>
          `2018-11-18, 12:40:${String(i).padStart(2, '0')}, ${low}, ${low + 100}, 25.00, 9, -${i}, -1, -2, -3, -3`,
      ),
    ).flat(),
  );

  it('gives the same sweeps however it is cut', () => {
    const expected = read(whole).sweeps;
    expect(expected).toHaveLength(30);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (cuts) => {
        const reader = new SweepCsvReader({ receiver: 'rx-1', timezone: 'UTC' });
        const sweeps: Sweep[] = [];
        for (let at = 0, i = 0; at < whole.length; i += 1) {
          const end = at + cuts[i % cuts.length]!;
          sweeps.push(...reader.push(whole.slice(at, end)).sweeps);
          at = end;
        }
        sweeps.push(...reader.finish().sweeps);
        expect(sweeps).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('passes over headings, comments and blank lines, and counts what is no row', () => {
    const log = read(`\ufeffdate,time,hz_low,hz_high\n# remark\n\n${whole}one\n2018-11-18, 12:41:00, x, y, 1, 2, -3\n`);
    expect(log.sweeps).toHaveLength(30);
    expect(log.rejects).toMatchObject([{ reason: 'syntax', count: 2 }]);
  });

  it.each([
    ['2018-11-18, 12:40:07, 1000, 900, 25, 9, -1, -2, -2', 'low above high'],
    ['2018-11-18, 12:40:07, 1000, 1100, 0, 9, -1, -2, -2', 'no step'],
    ['2018-11-18, 12:40:07, 1000, 1100, nan, 9, -1, -2, -2', 'a step that is no number'],
    ['2018-02-31, 12:40:07, 1000, 1100, 25, 9, -1, -2, -2', 'a day that does not exist'],
    ['2018-11-18, 12:40:07, 1000, 1100, 25, 9, -1, loud, -2', 'a level in words'],
    ['2018-11-18, 12:40:07, 1000, 1100, 25, 9, nan, nan, nan', 'no level at all'],
  ])('does not take %s: %s', (line) => {
    const log = read(`${line}\n`);
    expect(log.sweeps).toEqual([]);
    expect(log.rejects).toHaveLength(1);
  });

  it('joins rows that overlap at the middle of the overlap', () => {
    const row = (low: number, level: number) =>
      `2017-03-17, 13:18:25, ${low}.0, ${low + 800}.0, 100.0, 9, ${Array(8).fill(level).join(', ')}`;
    const log = read(csv([row(1000, -1), row(1600, -2)]));
    expect([...log.sweeps[0]!.powers]).toEqual([-1, -1, -1, -1, -1, -1, -1, -2, -2, -2, -2, -2, -2, -2]);
  });
});

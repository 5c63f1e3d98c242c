import { describe, expect, it } from 'vitest';
import { opened, refusal, sweepCapture, sweeps, write } from './support.ts';

const row = (second: number, low: number, levels: number[]) => {
  const time = `12:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
  return `2018-11-18, ${time}, ${low}, ${low + 25 * levels.length}, 25.00, 9, ${[...levels, levels.at(-1)].join(', ')}\n`;
};

describe('a sweep log', () => {
  it('is summed up when it is opened', async () => {
    const path = write('log.csv', [0, 1, 2].map((i) => row(i, 1000, [-50, -40 + i, -45, -60])).join(''));
    const recording = await opened(path, { timezone: 'Asia/Shanghai' });
    expect(recording).toMatchObject({ format: 'rtl_power', rejected: 0, complaint: null, filledLevels: 0 });
    expect(sweepCapture(recording)).toMatchObject({
      kind: 'sweep',
      count: 3,
      points: 4,
      startHz: 1000,
      stopHz: 1075,
      stepHz: 25,
      peakHz: 1025,
      peakLevel: -38,
      unit: 'dB',
      startTime: '2018-11-18T04:00:00.000Z',
      durationSeconds: 3,
    });
    const all = await sweeps(sweepCapture(recording));
    expect(all.map((sweep) => sweep.powers[1])).toEqual([-40, -39, -38]);
    await recording.close();
  });

  it('has a capture for every span', async () => {
    const text = [0, 1, 2].map((i) => row(i, 1000, [-1, -2]) + row(i, 9000, [-3, -4])).join('');
    const recording = await opened(write('spans.csv', text));
    expect(recording.captures.map((_, i) => sweepCapture(recording, i)).map((c) => [c.startHz, c.count])).toEqual([
      [1000, 3],
      [9000, 3],
    ]);
    expect(await sweeps(sweepCapture(recording, 1))).toHaveLength(3);
    await recording.close();
  });

  it('too long to be kept is read again, as often as wanted', async () => {
    // 2 × 2^22 levels, in lines of 2^16.
    const levels = `${Array(2 ** 16)
      .fill('-1')
      .join(',')},-1`;
    const lines = Array.from(
      { length: 128 },
      (_, i) => `2018-11-18, 12:0${i >> 6}:${10 + (i % 50)}, 0, 65536, 1.00, 9, ${levels}\n`,
    );
    const recording = await opened(write('long.csv', lines.join('')));
    const capture = sweepCapture(recording);
    expect([capture.count, capture.points]).toEqual([128, 65_536]);
    for (let pass = 0; pass < 2; pass += 1) {
      let count = 0;
      for await (const sweep of capture.sweeps()) count += Math.sign(sweep.powers.length);
      expect(count).toBe(128);
      expect(recording.bytesRead).toBe(recording.bytesTotal);
    }
    await recording.close();
  });

  it('tells of its progress while it is opened', async () => {
    const seen: number[] = [];
    const path = write('progress.csv', row(0, 1000, [-1, -2]).repeat(40_000));
    const recording = await opened(path, { onProgress: (read, total) => seen.push(read / total) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(1);
    await recording.close();
  });

  it('with damaged lines gives what is whole and names the first that is not', async () => {
    const path = write('damaged.csv', `${row(0, 1000, [-1, -2])}rubbish\n${row(1, 1000, [-1, -2])}2018-11`);
    const recording = await opened(path);
    expect(sweepCapture(recording).count).toBe(2);
    expect(recording.rejected).toBe(2);
    expect(recording.complaint).toMatch(/damaged\.csv: 2 lines left out: line 2: expected date, time/);
    await recording.close();
  });

  it('with nothing whole is refused', async () => {
    const path = write('broken.csv', '2018-11-18, 12:40:07, 1000, 900, 25.00, 9, -1, -2, -2\n');
    expect(await refusal(path)).toMatch(
      /broken\.csv: no whole sweep, expected rtl_power: line 1: expected frequencies/,
    );
  });

  it('of a broken program, with another span every line, does not take memory for each', async () => {
    const text = Array.from({ length: 1000 }, (_, i) => row(1, 100_000 - i * 90, [-1, -2, -3]));
    const recording = await opened(write('spanful.csv', text.join('')));
    expect(recording.captures.length).toBeLessThanOrEqual(64);
    expect(recording.rejected).toBeGreaterThan(900);
    expect(recording.complaint).toContain('different spans');
    await recording.close();
  });

  it('is what --format says, where it says it', async () => {
    const text = row(0, 1000, [-1, -2, -3]);
    const recording = await opened(write('asked.txt', text), { format: 'soapy_power' });
    expect(recording.format).toBe('soapy_power');
    expect(sweepCapture(recording).points).toBe(4);
    await recording.close();
  });
});

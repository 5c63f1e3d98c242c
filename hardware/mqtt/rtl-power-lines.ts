import type { Sweep } from '../../src/core/frames.ts';

/**
 * A sweep as rtl_power prints it, one line a hop (osmocom rtl-sdr, rtl_power.c):
 *
 *     2018-11-18, 12:40:07, 76450000, 76550000, 781.25, 12480, -27.68, -26.39, …
 *     date, time of the end, Hz low, Hz high, Hz step, FFTs added, N levels in dB, the last one again
 */
export function rtlPowerLines(sweep: Sweep, binsPerHop: number, fftsPerHop: number): string {
  const endMs = Number(sweep.timeNs / 1_000_000n) + (sweep.durationSeconds ?? 0) * 1000;
  const [date, time] = new Date(endMs).toISOString().slice(0, 19).split('T');
  const lines: string[] = [];
  for (let first = 0; first < sweep.powers.length; first += binsPerHop) {
    const bins = sweep.powers.subarray(first, first + binsPerHop);
    const lowHz = Math.round(sweep.startHz + first * sweep.stepHz);
    const highHz = Math.round(sweep.startHz + (first + bins.length) * sweep.stepHz);
    const levels = Array.from(bins, (level) => level.toFixed(2));
    levels.push(levels[levels.length - 1]);
    lines.push([date, time, lowHz, highHz, sweep.stepHz.toFixed(2), fftsPerHop, ...levels].join(', '));
  }
  return `${lines.join('\n')}\n`;
}

import type { SpectrumRow } from '../../core/records.ts';

/**
 * Rows as rtl_power writes them, here in UTC: `date, time, Hz low, Hz high, Hz step, samples, dB, dB, …`.
 * The last level stands twice, as it does there; `samples` is 1, for a row does not know its averages.
 */
export function rtlPowerLines(rows: readonly SpectrumRow[]): string {
  return rows.map((row) => `${rtlPowerLine(row)}\n`).join('');
}

function rtlPowerLine({ timeMs, startHz, stepHz, minLevel, levelStepDb, levels }: SpectrumRow): string {
  const [date, time] = new Date(timeMs).toISOString().slice(0, 19).split('T');
  const low = Math.round(startHz);
  const high = Math.round(startHz + stepHz * levels.length);
  const values = Array.from(levels, (byte) => (minLevel + byte * levelStepDb).toFixed(2));
  return [date, time, low, high, stepHz.toFixed(2), 1, ...values, values.at(-1)].join(', ');
}

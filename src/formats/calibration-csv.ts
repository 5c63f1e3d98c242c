import type { CalibrationPoint } from '../core/calibration.ts';
import { accepted, type Parsed, rejected } from '../core/frames.ts';

/** Columns of a calibration table; the first is required, the others may be missing or empty. */
const COLUMNS = {
  frequency_hz: { field: 'frequencyHz', min: 1, max: 1e12 },
  gain_db: { field: 'gainDb', min: -200, max: 200 },
  level_offset_db: { field: 'levelOffsetDb', min: -300, max: 300 },
  antenna_factor_db_per_m: { field: 'antennaFactorDbPerM', min: -100, max: 200 },
  cable_loss_db: { field: 'cableLossDb', min: -100, max: 200 },
} as const satisfies Record<string, { field: keyof CalibrationPoint; min: number; max: number }>;

type Column = keyof typeof COLUMNS;

export const CALIBRATION_POINTS_LIMIT = 10_000;

const EMPTY = { gainDb: null, levelOffsetDb: null, antennaFactorDbPerM: null, cableLossDb: null };

/** A table as CSV: a header, then a row a frequency (and gain). One fault and none of it is taken. */
export function parseCalibrationCsv(text: string): Parsed<CalibrationPoint[]> {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const unknown = header.find((name) => !(name in COLUMNS));
  if (unknown !== undefined || !header.includes('frequency_hz') || new Set(header).size < header.length) {
    return rejected(
      'schema',
      `line 1: expected the columns ${Object.keys(COLUMNS).join(', ')}, frequency_hz among them`,
    );
  }
  const points: CalibrationPoint[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    if (points.length === CALIBRATION_POINTS_LIMIT) {
      return rejected('size', `line ${index + 1}: expected at most ${CALIBRATION_POINTS_LIMIT} rows`);
    }
    const row = rowOf(line.split(','), header as Column[]);
    if (typeof row === 'string') return rejected('value', `line ${index + 1}: ${row}`);
    points.push(row);
  }
  return points.length === 0 ? rejected('length', 'expected a row below the header') : accepted(points);
}

/** The point, or what was expected. */
function rowOf(fields: readonly string[], header: readonly Column[]): CalibrationPoint | string {
  if (fields.length !== header.length) return `expected ${header.length} fields, found ${fields.length}`;
  const row: Record<string, number | null> = { ...EMPTY };
  for (const [index, name] of header.entries()) {
    const { field, min, max } = COLUMNS[name];
    const value = fields[index]!.trim();
    if (value === '' && name !== 'frequency_hz') continue;
    const isNumber =
      /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && Number(value) >= min && Number(value) <= max;
    if (!isNumber) return `${name}: expected a number from ${min} to ${max}`;
    row[field] = Number(value);
  }
  return row as unknown as CalibrationPoint;
}

export function formatCalibrationCsv(points: readonly CalibrationPoint[]): string {
  const header = Object.keys(COLUMNS).join(',');
  const rows = points.map((point) =>
    Object.values(COLUMNS)
      .map(({ field }) => point[field] ?? '')
      .join(','),
  );
  return `${[header, ...rows].join('\n')}\n`;
}

import { LIMITS, type Parsed, rejected, type Sweep } from '../core/frames.ts';
import type { LevelUnit } from '../core/units.ts';
import { jsonObject, parseBoundedJson } from './bounded-json.ts';
import { checkedSweep } from './sweep-checks.ts';
import { formatTimeNs, parseTimeNs } from './times.ts';

const UNITS: readonly LevelUnit[] = ['dBm', 'dBFS', 'dB', 'dBuV/m'];
const JSON_LIMITS = { bytes: LIMITS.payloadBytes, containers: 1000 };
const MAX_FLAGS = 16;

/**
 * A sweep as JSON: `time`, `startHz`, `stepHz` and `powers` must be there; a level that is null is missing.
 * Without a unit the levels are dBm; a time without an offset is UTC.
 */
export function parseSweepJson(input: Uint8Array | string, receiver: string): Parsed<Sweep> {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  const json = parseBoundedJson(bytes, JSON_LIMITS);
  if (!json.ok) return json;
  const object = jsonObject(json.value);
  if (object === null) return rejected('schema', 'expected a JSON object');
  const fields = readFields(object);
  if (typeof fields === 'string') return rejected('schema', fields);
  const checked = checkedSweep({ kind: 'sweep', receiver, ...fields });
  return checked.ok ? { ok: true, value: checked.value.sweep } : checked;
}

type Fields = Omit<Sweep, 'kind' | 'receiver'>;

/** The fields, or which one was wrong and what was expected. */
function readFields(object: Readonly<Record<string, unknown>>): Fields | string {
  const { time, startHz, stepHz, powers, unit = 'dBm', flags = [] } = object;
  const timeNs = typeof time === 'string' && time.length <= 40 ? parseTimeNs(time) : null;
  if (timeNs === null) return 'time: expected ISO 8601, such as 2026-01-31T12:00:00Z';
  if (typeof startHz !== 'number') return 'startHz: expected a number';
  if (typeof stepHz !== 'number') return 'stepHz: expected a number';
  if (!UNITS.includes(unit as LevelUnit)) return `unit: expected one of ${UNITS.join(', ')}`;
  const levels = readPowers(powers);
  if (typeof levels === 'string') return levels;
  if (!Array.isArray(flags) || flags.length > MAX_FLAGS || !flags.every(isFlag)) {
    return `flags: expected at most ${MAX_FLAGS} words`;
  }
  for (const name of ['durationSeconds', 'rbwHz', 'gainDb', 'sequence'] as const) {
    if (!isNumberOrAbsent(object[name])) return `${name}: expected a number`;
  }
  return {
    sequence: Number.isInteger(object.sequence) ? (object.sequence as number) >>> 0 : null,
    timeNs,
    durationSeconds: positive(object.durationSeconds),
    startHz,
    stepHz,
    rbwHz: positive(object.rbwHz),
    unit: unit as LevelUnit,
    powers: levels,
    gainDb: (object.gainDb as number | null | undefined) ?? null,
    flags,
  };
}

function readPowers(powers: unknown): Float32Array | string {
  if (!Array.isArray(powers) || powers.length === 0) return 'powers: expected an array of levels';
  if (powers.length > LIMITS.sweepPoints) return `powers: expected at most ${LIMITS.sweepPoints} levels`;
  const levels = new Float32Array(powers.length);
  for (let i = 0; i < powers.length; i += 1) {
    const level: unknown = powers[i];
    if (typeof level !== 'number' && level !== null) return `powers[${i}]: expected a number`;
    levels[i] = level ?? Number.NaN;
  }
  return levels;
}

function isFlag(flag: unknown): boolean {
  return typeof flag === 'string' && flag.length <= 64;
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'number';
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}

export function formatSweepJson(sweep: Sweep): string {
  return JSON.stringify({
    sequence: sweep.sequence ?? undefined,
    time: formatTimeNs(sweep.timeNs),
    durationSeconds: sweep.durationSeconds ?? undefined,
    startHz: sweep.startHz,
    stepHz: sweep.stepHz,
    rbwHz: sweep.rbwHz ?? undefined,
    unit: sweep.unit,
    // A float32 has no more than 9 significant digits; 4 decimals of a dB are finer than any receiver.
    powers: Array.from(sweep.powers, (level) => Math.round(level * 1e4) / 1e4),
    gainDb: sweep.gainDb ?? undefined,
    flags: sweep.flags,
  });
}

import { LIMITS, type Parsed, rejected, type Sweep } from '../core/frames.ts';
import { decodeBase64 } from './base64.ts';
import { jsonObject, parseBoundedJson } from './bounded-json.ts';
import { float32Values } from './byte-queue.ts';
import { checkedSweep } from './sweep-checks.ts';
import { parseTimeNs } from './times.ts';

/** 4/3 characters a byte, four bytes a point, and as much again for what stands around. */
export const RADIOHOUND_BYTES_LIMIT = 2 * Math.ceil((16 / 3) * LIMITS.sweepPoints);

/**
 * A periodogram of a RadioHound sensor (ndwireless/radiohound docs): JSON whose `data` is base64 of
 * little-endian float32 powers in watts, evenly from `metadata.fmin` up to, not including, `fmax`.
 * Level = 10·log10(P) + 30 dBm.
 */
export function parseRadioHound(
  bytes: Uint8Array,
  receiver: string,
): Parsed<{ readonly sweep: Sweep; readonly filled: number }> {
  const json = parseBoundedJson(bytes, { bytes: RADIOHOUND_BYTES_LIMIT, containers: 10_000 });
  if (!json.ok) return json;
  const object = jsonObject(json.value);
  const metadata = jsonObject(object?.metadata);
  if (object === null || metadata === null) return rejected('schema', 'expected an object with metadata');
  const { data, type, timestamp } = object;
  const { data_type: dataType, fmin, fmax, scan_time: scanTime } = metadata;
  if (dataType !== 'periodogram') return rejected('schema', 'metadata.data_type: expected "periodogram"');
  if (type !== 'float32') return rejected('schema', 'type: expected "float32"');
  if (typeof fmin !== 'number' || typeof fmax !== 'number' || !(fmax > fmin)) {
    return rejected('schema', 'metadata.fmin and fmax: expected frequencies in Hz');
  }
  const timeNs = typeof timestamp === 'string' && timestamp.length <= 40 ? parseTimeNs(timestamp) : null;
  if (timeNs === null) return rejected('schema', 'timestamp: expected ISO 8601');
  const watts = typeof data === 'string' ? decodeBase64(data) : null;
  if (watts === null || watts.length === 0) return rejected('schema', 'data: expected base64 of float32');
  if (watts.length % 4 !== 0) return rejected('length', 'data: expected whole float32 values');
  const points = watts.length / 4;
  return checkedSweep({
    kind: 'sweep',
    receiver,
    sequence: null,
    timeNs,
    durationSeconds: typeof scanTime === 'number' && scanTime > 0 ? scanTime : null,
    startHz: fmin,
    stepHz: (fmax - fmin) / points,
    rbwHz: null,
    unit: 'dBm',
    powers: float32Values(watts, points).map((power) => (power > 0 ? 10 * Math.log10(power) + 30 : Number.NaN)),
    // Its `gain` is a setting of the IF stage, not a number of dB.
    gainDb: null,
    flags: [],
  });
}

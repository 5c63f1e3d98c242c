import { describe, expect, it } from 'vitest';
import { parseRadioHound } from '../../src/formats/radiohound.ts';

const watts = (values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString('base64');
const whole = {
  data: watts([1e-12, 1e-3, 1e-9, 0]),
  type: 'float32',
  mac_address: 'f4e11ea46780',
  timestamp: '2023-05-26T18:24:53.958385+00:00',
  gain: 1,
  metadata: { data_type: 'periodogram', fmin: 1988e6, fmax: 2012e6, scan_time: 0.08 },
};
const parse = (object: unknown) => parseRadioHound(new TextEncoder().encode(JSON.stringify(object)), 'rx-1');

describe('a RadioHound periodogram', () => {
  it('holds watts: 1 mW is 0 dBm', () => {
    const parsed = parse(whole);
    expect(parsed.ok && [...parsed.value.sweep.powers].map(Math.round)).toEqual([-90, 0, -60, -60]);
    expect(parsed.ok && parsed.value.filled).toBe(1);
    expect(parsed).toMatchObject({
      value: { sweep: { startHz: 1988e6, stepHz: 6e6, unit: 'dBm', durationSeconds: 0.08, gainDb: null } },
    });
  });

  it.each<[string, unknown]>([
    ['metadata', { ...whole, metadata: undefined }],
    ['data_type', { ...whole, metadata: { ...whole.metadata, data_type: 'raw' } }],
    ['fmin', { ...whole, metadata: { ...whole.metadata, fmax: 1 } }],
    ['type', { ...whole, type: 'float64' }],
    ['timestamp', { ...whole, timestamp: 1 }],
    ['data', { ...whole, data: '%%%' }],
    ['data', { ...whole, data: 'AAAA' }],
    ['level', { ...whole, data: watts([0, Number.NaN]) }],
  ])('is rejected with the field named: %s', (field, object) => {
    const parsed = parse(object);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.reject.detail).toContain(field);
  });
});

import { describe, expect, it } from 'vitest';
import { formatSigmfMeta, isSigmfDatatype, parseSigmfMeta } from '../../src/formats/sigmf.ts';

const parse = (object: unknown) => parseSigmfMeta(new TextEncoder().encode(JSON.stringify(object)));
const least = { global: { 'core:datatype': 'cu8', 'core:version': '1.2.5' }, captures: [], annotations: [] };
const withGlobal = (fields: object) => ({ ...least, global: { ...least.global, ...fields } });

describe('SigMF metadata', () => {
  it('is read with its captures and annotations', () => {
    const parsed = parse({
      ...withGlobal({ 'core:datatype': 'ci16_le', 'core:sample_rate': 2.4e6, 'core:author': 'A' }),
      captures: [
        { 'core:sample_start': 0, 'core:frequency': 98e6, 'core:datetime': '2026-06-15T17:48:13.436516+00:00' },
        { 'core:sample_start': 1000, 'core:frequency': 99e6, 'core:header_bytes': 16 },
      ],
      annotations: [{ 'core:sample_start': 5, 'core:sample_count': 9, 'core:label': 'PTT', 'x:y': 1 }],
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        datatype: 'ci16_le',
        sampleRateHz: 2.4e6,
        channels: 1,
        captures: [
          {
            startSample: 0,
            centerHz: 98e6,
            timeNs: BigInt(Date.parse('2026-06-15T17:48:13.436Z')) * 1_000_000n + 516_000n,
          },
          { startSample: 1000, centerHz: 99e6, timeNs: null, headerBytes: 16 },
        ],
        annotations: [{ startSample: 5, samples: 9, label: 'PTT', lowHz: null, others: { 'x:y': 1 } }],
        others: { 'core:author': 'A' },
      },
    });
  });

  it('comes back from what is written', () => {
    const parsed = parse({
      ...withGlobal({ 'core:sample_rate': 1e6, 'core:num_channels': 2, 'core:geolocation': { type: 'Point' } }),
      captures: [{ 'core:sample_start': 0, 'core:datetime': '2026-06-15T17:48:13.436516Z', 'ntia:x': [1] }],
      annotations: [{ 'core:sample_start': 1, 'core:freq_lower_edge': 1, 'core:freq_upper_edge': 2 }],
    });
    if (!parsed.ok) throw new Error(parsed.reject.detail);
    const text = formatSigmfMeta(parsed.value);
    expect(parseSigmfMeta(new TextEncoder().encode(text))).toEqual(parsed);
    expect(JSON.parse(text).captures[0]['core:datetime']).toBe('2026-06-15T17:48:13.436516Z');
  });

  it('knows the datatypes of the standard', () => {
    for (const good of ['cu8', 'ci8', 'ru8', 'ci16_le', 'ci16_be', 'cf32_le', 'rf64_be'])
      expect(isSigmfDatatype(good)).toBe(true);
    for (const bad of ['cs16', 'ci16', 'cu8_le', 'cf16_le', 'xf32_le', '']) expect(isSigmfDatatype(bad)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['global', { captures: [] }],
    ['core:datatype', { ...least, global: {} }],
    ['core:datatype', withGlobal({ 'core:datatype': 'ci16' })],
    ['core:sample_rate', withGlobal({ 'core:sample_rate': 'fast' })],
    ['core:sample_rate', withGlobal({ 'core:sample_rate': -5 })],
    ['core:sample_rate', withGlobal({ 'core:sample_rate': 1e300 })],
    ['core:num_channels', withGlobal({ 'core:num_channels': 1e9 })],
    ['core:trailing_bytes', withGlobal({ 'core:trailing_bytes': -1 })],
    ['captures', { ...least, captures: {} }],
    ['captures', { ...least, captures: [1] }],
    ['captures[0] core:sample_start', { ...least, captures: [{}] }],
    ['captures[1] core:sample_start', { ...least, captures: [{ 'core:sample_start': 9 }, { 'core:sample_start': 1 }] }],
    ['captures[0] core:frequency', { ...least, captures: [{ 'core:sample_start': 0, 'core:frequency': 1e99 }] }],
    ['annotations[0] core:label', { ...least, annotations: [{ 'core:sample_start': 0, 'core:label': 3 }] }],
  ])('is rejected with the field named: %s', (field, object) => {
    const parsed = parse(object);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.reject.detail).toContain(field);
  });
});

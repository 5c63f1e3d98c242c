import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSweepJson, parseSweepJson } from '../../src/formats/sweep-json.ts';
import { sweeps } from './frames-support.ts';

const least = { time: '2026-01-31T12:00:00.5Z', startHz: 88e6, stepHz: 25e3, powers: [-80, -81.5] };
const parse = (object: unknown) => parseSweepJson(JSON.stringify(object), 'rx-1');

describe('the JSON sweep', () => {
  it('needs time, startHz, stepHz and powers only', () => {
    expect(parse(least)).toEqual({
      ok: true,
      value: {
        kind: 'sweep',
        receiver: 'rx-1',
        sequence: null,
        timeNs: 1_769_860_800_500_000_000n,
        durationSeconds: null,
        startHz: 88e6,
        stepHz: 25e3,
        rbwHz: null,
        unit: 'dBm',
        powers: Float32Array.of(-80, -81.5),
        gainDb: null,
        flags: [],
      },
    });
  });

  it('takes the other fields of the contract', () => {
    const parsed = parse({
      ...least,
      sequence: 7,
      durationSeconds: 0.25,
      rbwHz: 30e3,
      unit: 'dBuV/m',
      gainDb: 12.5,
      flags: ['overload'],
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: { sequence: 7, durationSeconds: 0.25, rbwHz: 30e3, unit: 'dBuV/m', gainDb: 12.5, flags: ['overload'] },
    });
  });

  it('comes back from its text', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        const parsed = parseSweepJson(formatSweepJson(sweep), 'rx-1');
        expect(parsed).toEqual({ ok: true, value: sweep });
      }),
    );
  });

  it('takes null for a missing level', () => {
    const parsed = parse({ ...least, powers: [null, -70, -60] });
    expect(parsed.ok && [...parsed.value.powers]).toEqual([-70, -70, -60]);
  });

  it.each<[string, unknown]>([
    ['schema', { ...least, time: 'yesterday' }],
    ['schema', { ...least, time: undefined }],
    ['schema', { ...least, startHz: '88M' }],
    ['schema', { ...least, powers: [] }],
    ['schema', { ...least, powers: [-80, '-81'] }],
    ['schema', { ...least, unit: 'W' }],
    ['schema', { ...least, flags: 'overload' }],
    ['schema', { ...least, gainDb: 'high' }],
    ['schema', [least]],
    ['schema', null],
    ['value', { ...least, stepHz: 0 }],
    ['value', { ...least, startHz: 1e300 }],
    ['value', { ...least, powers: [null] }],
  ])('is rejected for its %s', (reason, object) => {
    expect(parse(object)).toMatchObject({ ok: false, reject: { reason } });
  });

  it('is rejected before it is read where it would cost memory', () => {
    const deep = parseSweepJson('['.repeat(100_000), 'rx-1');
    expect(deep).toMatchObject({ ok: false, reject: { reason: 'size' } });
    const long = parseSweepJson(new Uint8Array(4 * 2 ** 20 + 1), 'rx-1');
    expect(long).toMatchObject({ ok: false, reject: { reason: 'size' } });
  });

  it('is rejected where it is no JSON in UTF-8', () => {
    expect(parseSweepJson('{', 'rx-1')).toMatchObject({ ok: false, reject: { reason: 'syntax' } });
    expect(parseSweepJson(Uint8Array.of(0x22, 0xff, 0x22), 'rx-1')).toMatchObject({ reject: { reason: 'syntax' } });
  });
});

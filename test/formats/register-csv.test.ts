import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../src/core/records.ts';
import { formatRegisterCsv, parseRegisterCsv, REGISTER_COLUMNS } from '../../src/formats/register-csv.ts';

const HEADER = REGISTER_COLUMNS.join(',');

describe('a register in CSV', () => {
  it('gives every field of an assignment, Chinese included', () => {
    const { rows, rejects } = parseRegisterCsv(
      `${HEADER}\nHK-0001,assignment,"城市電台, 有限公司","Peak ""north""",VRX1,broadcasting,98700000,200000,22.2759,114.1455,40,2024-01-01,2026-12-31,256KF8E,水平極化\n`,
    );
    expect(rejects).toEqual([]);
    expect(rows).toEqual([
      {
        id: 'HK-0001',
        kind: 'assignment',
        licensee: '城市電台, 有限公司',
        station: 'Peak "north"',
        callSign: 'VRX1',
        service: 'broadcasting',
        centerHz: 98_700_000,
        bandwidthHz: 200_000,
        lat: 22.2759,
        lon: 114.1455,
        radiusKm: 40,
        validFromMs: Date.UTC(2024, 0, 1),
        validUntilMs: Date.UTC(2027, 0, 1) - 1,
        designator: '256KF8E',
        conditions: '水平極化',
      },
    ]);
  });

  it('may begin with a byte order mark, order and write its columns as it likes, and leave most out', () => {
    const { rows, rejects } = parseRegisterCsv('\uFEFFBandwidth_Hz, ID ,CENTER_HZ\r\n1.74e6,ism,433920000\r\n\r\n');
    expect(rejects).toEqual([]);
    expect(rows).toMatchObject([
      { id: 'ism', kind: 'assignment', centerHz: 433_920_000, bandwidthHz: 1_740_000, lat: null, validUntilMs: null },
    ]);
  });

  it('names the line on which a row begins, after fields with line breaks', () => {
    const text = 'id,center_hz,bandwidth_hz,conditions\na,1,1,"one\ntwo\nthree"\nb,x,1,\nc,1,1,\n';
    const { rows, rejects } = parseRegisterCsv(text);
    expect(rows.map(({ id, conditions }) => [id, conditions])).toEqual([
      ['a', 'one\ntwo\nthree'],
      ['c', ''],
    ]);
    expect(rejects).toEqual([{ line: 5, reason: 'center_hz is "x"; expected a number from 0 to 1000000000000' }]);
  });

  it('keeps the good rows around the bad ones, and says what is wrong with each', () => {
    const head = 'id,center_hz,bandwidth_hz,kind,latitude,longitude,valid_from,valid_until';
    const faults: [string, RegExp][] = [
      [',1,1,,,,,', /id is empty/],
      ['a,,1,,,,,', /center_hz is empty/],
      ['a,-5,1,,,,,', /center_hz/],
      ['a,0x10,1,,,,,', /center_hz/],
      ['a,Infinity,1,,,,,', /center_hz/],
      ['a,1,1,licence,,,,', /kind is "licence"/],
      ['a,1,1,,91,0,,', /latitude/],
      ['a,1,1,,22,,,', /belong together/],
      ['a,1,1,,,,2025-02-30,', /valid_from/],
      ['a,1,1,,,,1/2/2025,', /valid_from/],
      ['a,1,1,,,,2025-02-02,2025-02-01', /before valid_from/],
      ['a,1,1', /3 fields; the header has 8/],
      ['"a"b,1,1,,,,,', /closing quote/],
      ['good,1,1,,,,,', /id "good" already stands in line 2/],
    ];
    const text = [head, 'good,1,1,,,,,', ...faults.map(([row]) => row), 'last,2,2,exempt,,,,'].join('\n');
    const { rows, rejects } = parseRegisterCsv(text);
    expect(rows.map(({ id }) => id)).toEqual(['good', 'last']);
    expect(rejects.map(({ line }) => line)).toEqual(faults.map((_, i) => i + 3));
    for (const [i, [, reason]] of faults.entries()) expect(rejects[i].reason).toMatch(reason);
  });

  it('with a header that is not ours gives no rows and one reason', () => {
    expect(parseRegisterCsv('')).toEqual({
      rows: [],
      rejects: [{ line: 1, reason: expect.stringMatching(/no header/) }],
    });
    const reasons = [
      'id,center_hz\n1,2',
      'id,center_hz,bandwidth_hz,colour\n1,2,3,4',
      'id,id,center_hz,bandwidth_hz\n1,1,2,3',
    ];
    expect(reasons.map((text) => parseRegisterCsv(text).rejects[0].reason)).toEqual([
      expect.stringMatching(/lacks bandwidth_hz/),
      'unknown columns: colour',
      'columns that occur twice: id',
    ]);
  });

  it('an open quote costs the rest of the file as one row, and not the rows before', () => {
    const { rows, rejects } = parseRegisterCsv('id,center_hz,bandwidth_hz\na,1,1\nb,1,"1\nc,1,1\n');
    expect(rows.map(({ id }) => id)).toEqual(['a']);
    expect(rejects).toEqual([{ line: 3, reason: 'a quoted field is never closed' }]);
  });

  it('reads back what it wrote, whatever the fields hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.trim());
    const day = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.getTime());
    const number = fc.double({ min: 0, max: 1e12, noNaN: true }).map((value) => value + 0);
    const place = fc.option(
      fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lon: fc.integer({ min: -180, max: 180 }) }),
    );
    const row = fc
      .record({
        id: text.filter((value) => value !== ''),
        kind: fc.constantFrom('assignment' as const, 'exempt' as const),
        licensee: text,
        station: text,
        callSign: text,
        service: text,
        centerHz: number,
        bandwidthHz: number,
        radiusKm: fc.option(fc.nat(20_000)),
        validFromMs: fc.option(day),
        designator: text,
        conditions: text,
        place,
      })
      .map(({ place, ...rest }): Assignment => {
        const validUntilMs = rest.validFromMs === null ? null : rest.validFromMs + 86_400_000;
        return { ...rest, validUntilMs, lat: place === null ? null : place.lat + 0, lon: place?.lon ?? null };
      });
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 8 }), (rows) => {
        expect(parseRegisterCsv(formatRegisterCsv(rows))).toEqual({ rows, rejects: [] });
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('never throws and never hangs, whatever the bytes', () => {
    const tokens = fc.constantFrom('"', ',', '\n', '\r', HEADER, 'a', '1', '""', '\u0000', '__proto__', ' ');
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 60 }), (parts) => {
        parseRegisterCsv(parts.join(''));
      }),
      { numRuns: 500, seed: 2 },
    );
    const started = performance.now();
    parseRegisterCsv(`${HEADER}\n${'"'.repeat(1_000_001)}`);
    parseRegisterCsv(`${HEADER}\n${','.repeat(1_000_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

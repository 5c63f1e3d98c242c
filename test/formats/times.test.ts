import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTimeNs, isTimeZone, LocalTimes, parseTimeNs } from '../../src/formats/times.ts';

const utcNs = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;

describe('an ISO time', () => {
  it.each<[string, bigint]>([
    ['2026-06-15T13:48:13.555047Z', utcNs('2026-06-15T13:48:13Z') + 555_047_000n],
    ['2013-07-23T14:23:10.5221549+02:00', utcNs('2013-07-23T12:23:10Z') + 522_154_900n],
    ['2026-06-15 13:48:13', utcNs('2026-06-15T13:48:13Z')],
    ['2026-06-15T13:48:13-0330', utcNs('2026-06-15T17:18:13Z')],
    ['1970-01-01T00:00:00.000000001Z', 1n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['2019-04-21 11:41:49 UTC', utcNs('2019-04-21T11:41:49Z')],
  ])('%s is read to the nanosecond', (text, timeNs) => {
    expect(parseTimeNs(text)).toBe(timeNs);
  });

  it.each(['', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-06-15T25:00:00Z', '9999-01-01T00:00:00Z', 'now'])(
    'is not: %s',
    (text) => {
      expect(parseTimeNs(text)).toBeNull();
    },
  );

  it('comes back from its text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (timeNs) => {
        expect(parseTimeNs(formatTimeNs(timeNs))).toBe(timeNs);
      }),
    );
  });
});

describe('a local time', () => {
  it('is read in its zone', () => {
    expect(new LocalTimes('Asia/Shanghai').parse('2018-11-18 12:40:07')).toBe(utcNs('2018-11-18T04:40:07Z'));
    expect(new LocalTimes('Europe/Berlin').parse('2026-07-01 12:00:00.25')).toBe(utcNs('2026-07-01T10:00:00.250Z'));
    expect(new LocalTimes('Asia/Kathmandu').parse('2026-07-01 12:00:00')).toBe(utcNs('2026-07-01T06:15:00Z'));
    expect(new LocalTimes('UTC').parse('2026-07-01 12:00:00')).toBe(utcNs('2026-07-01T12:00:00Z'));
  });

  it('that carries its own offset is not moved by the zone', () => {
    expect(new LocalTimes('Asia/Shanghai').parse('2026-07-01T12:00:00+02:00')).toBe(utcNs('2026-07-01T10:00:00Z'));
  });

  it('never steps back within a log where clocks are set back', () => {
    // Berlin, 25 October 2026: 03:00 summer time becomes 02:00 at 01:00 UTC.
    const times = new LocalTimes('Europe/Berlin');
    const hours = ['01:30:00', '02:30:00', '02:59:59', '02:00:00', '02:30:00', '03:00:00'].map((time) =>
      times.parse(`2026-10-25 ${time}`),
    );
    const expected = ['T23:30', 'T00:30', 'T00:59:59', 'T01:00', 'T01:30', 'T02:00'];
    expect(hours).toEqual(
      expected.map((time, i) => utcNs(`2026-10-${i === 0 ? '24' : '25'}${time.length === 6 ? `${time}:00` : time}Z`)),
    );
  });

  it('that clocks skipped is read with the offset before', () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00.
    expect(new LocalTimes('Europe/Berlin').parse('2026-03-29 02:30:00')).toBe(utcNs('2026-03-29T01:30:00Z'));
  });

  it('needs a zone that exists', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(() => new LocalTimes('Mars/Olympus')).toThrow(RangeError);
  });
});

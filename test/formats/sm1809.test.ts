import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/core/frames.ts';
import { formatSm1809, Sm1809Reader } from '../../src/formats/sm1809.ts';

function read(text: string) {
  const reader = new Sm1809Reader({ receiver: 'rx-1', timezone: 'UTC' });
  const first = reader.push(new TextEncoder().encode(text));
  const last = reader.finish();
  return { sweeps: [...first.sweeps, ...last.sweeps], rejects: [...first.rejects, ...last.rejects] };
}

const header = (fields: Record<string, string> = {}) =>
  Object.entries({
    FileType: 'Standard Data exchange Format 2.0',
    LocationName: 'Rio de Janeiro',
    Latitude: '22.54.10S',
    Longitude: '043.12.27W',
    FreqStart: '88000',
    FreqStop: '88200',
    AntennaType: 'Omni',
    FilterBandwidth: '30',
    LevelUnits: 'dBuV/m',
    Date: '2021-02-11',
    DataPoints: '3',
    ScanTime: '0.5',
    Detector: 'RMS',
    ...fields,
  })
    .map(([field, value]) => `${field} ${value}\n`)
    .join('');
const utcNs = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;

describe('SM.1809 text', () => {
  it('is read as the Recommendation lays it out', () => {
    const { sweeps, rejects } = read(`${header()}\n11:23:36,40.5,41,42\n11:23:37,40,41,43\n`);
    expect(rejects).toEqual([]);
    expect(sweeps.map((sweep) => [...sweep.powers])).toEqual([
      [40.5, 41, 42],
      [40, 41, 43],
    ]);
    expect(sweeps[0]).toMatchObject({
      startHz: 88e6,
      stepHz: 100e3,
      rbwHz: 30e3,
      unit: 'dBuV/m',
      durationSeconds: 0.5,
      timeNs: utcNs('2021-02-11T11:23:36Z'),
    });
  });

  it('holds several bands, parted by semicolons', () => {
    const bands = { FreqStart: '88000;430000', FreqStop: '88200;430100', DataPoints: '3;2', LevelUnits: 'dBm;dBuV' };
    const { sweeps } = read(`${header({ ...bands, FilterBandwidth: '30;10' })}\n11:23:36,-40,-41,-42;,20,106.9897\n`);
    expect(sweeps.map((sweep) => [sweep.startHz, sweep.stepHz, sweep.rbwHz, sweep.unit])).toEqual([
      [88e6, 100e3, 30e3, 'dBm'],
      [430e6, 100e3, 10e3, 'dBm'],
    ]);
    // 107 dBµV into 50 Ω is 0 dBm.
    expect(sweeps[1]!.powers[1]).toBeCloseTo(0, 3);
  });

  it('goes on to the next day where the time falls back, and not where it is the same', () => {
    const times = ['23:59:59', '23:59:59', '00:00:00', '00:00:00', '23:00:00', '01:00:00'];
    const { sweeps } = read(`${header()}\n${times.map((time) => `${time},1,2,3\n`).join('')}`);
    expect(sweeps.map((sweep) => sweep.timeNs)).toEqual(
      ['11T23:59:59', '11T23:59:59', '12T00:00:00', '12T00:00:00', '12T23:00:00', '13T01:00:00'].map((time) =>
        utcNs(`2021-02-${time}Z`),
      ),
    );
  });

  it('of a moving station has its position before the levels; its date may lack zeros', () => {
    const { sweeps, rejects } = read(
      `${header({ FileType: 'MobileData', Date: '2021-2-1', LevelUnits: 'dBm' })}Note\n\n11:23:36,59.913900,10.752200,-40,-41,-42\n`,
    );
    expect(rejects).toEqual([]);
    expect(sweeps.map((sweep) => [...sweep.powers])).toEqual([[-40, -41, -42]]);
    expect(sweeps[0]!.timeNs).toBe(utcNs('2021-02-01T11:23:36Z'));
  });

  it('counts scans that are not whole', () => {
    const { sweeps, rejects } = read(`${header()}\n11:23:36,40,41\n11:23:37,40,x,42\n11:23:38,40,41,42\n11:2`);
    expect(sweeps).toHaveLength(1);
    expect(rejects.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it.each([
    ['FreqStop', '87000'],
    ['DataPoints', '1'],
    ['DataPoints', '99999999'],
    ['LevelUnits', 'furlongs'],
    ['Date', '11/02/2021'],
  ])('whose %s is %s has nothing that can be read', (field, value) => {
    const { sweeps, rejects } = read(`${header({ [field]: value })}\n11:23:36,40,41,42\n`);
    expect(sweeps).toEqual([]);
    expect(rejects[0]!.detail).toContain(field.replace('FreqStop', 'FreqStart'));
  });

  it('comes back from what is written, to a hundredth of a decibel and a second', () => {
    const station = { locationName: 'Roof', lat: -22.9028, lon: -43.2075, antennaType: 'Discone', detector: 'RMS' };
    const levels = fc.array(fc.integer({ min: -15_000, max: 10_000 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(levels, fc.nat(80_000)), { minLength: 1, maxLength: 6 }), (scans) => {
        let seconds = 1_700_000_000;
        const sweeps = scans.map(([centi, gapSeconds]): Sweep => {
          seconds += gapSeconds;
          return {
            kind: 'sweep',
            receiver: 'rx-1',
            sequence: null,
            timeNs: BigInt(seconds) * 1_000_000_000n,
            durationSeconds: 0.25,
            startHz: 430e6,
            stepHz: 12_500,
            rbwHz: 10_000,
            unit: 'dBm',
            powers: Float32Array.from(centi, (level) => level / 100),
            gainDb: null,
            flags: [],
          };
        });
        const text = formatSm1809(station, sweeps);
        const back = read(text.ok ? text.value : '').sweeps.map((sweep) => ({ ...sweep, sequence: null }));
        expect(back).toEqual(sweeps);
      }),
    );
  });

  it('is written with the place in degrees, minutes and seconds', () => {
    const sweep = read(`${header({ LevelUnits: 'dBm' })}\n11:23:36,1,2,3\n`).sweeps[0]!;
    const place = { locationName: 'Roof', lat: -22.902777, lon: 7.5, antennaType: 'Discone', detector: 'RMS' };
    const text = formatSm1809(place, [sweep]);
    expect(text.ok && text.value).toContain('Latitude 22.54.10S\nLongitude 007.30.00E\n');
    expect(formatSm1809(place, [{ ...sweep, unit: 'dBFS' }])).toMatchObject({ ok: false });
  });
});

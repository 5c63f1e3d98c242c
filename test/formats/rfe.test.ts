import { describe, expect, it } from 'vitest';
import { RfeReader } from '../../src/formats/rfe.ts';
import { RfeCsvReader } from '../../src/formats/rfe-csv.ts';
import type { SweepReader } from '../../src/formats/sweep-reader.ts';

function read(reader: SweepReader, bytes: Uint8Array, pieceBytes = bytes.length) {
  const batches = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) batches.push(reader.push(bytes.slice(at, at + pieceBytes)));
  batches.push(reader.finish());
  return { sweeps: batches.flatMap((batch) => batch.sweeps), rejects: batches.flatMap((batch) => batch.rejects) };
}

const options = { receiver: 'rx-1', timezone: 'UTC' };
const double = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};
const netString = (text: string) => {
  const length = text.length < 128 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >> 7];
  return Buffer.concat([Buffer.from(length), Buffer.from(text)]);
};
const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => Buffer.concat([u16(value % 65_536), u16(Math.floor(value / 65_536))]);

describe('RF Explorer version 1', () => {
  const file = Buffer.concat([
    netString('RFExplorer PC Client - Format v001'),
    double(Math.fround(430.5)),
    double(Math.fround(0.0178)),
    u16(2),
    u16(3),
    ...[-100, -90.5, -80, -101, -91.5, -81].map(double),
  ]);

  it('has sweeps without a time, its frequencies whole kHz and Hz', () => {
    const { sweeps, rejects } = read(new RfeReader(options), file, 11);
    expect(rejects).toEqual([]);
    expect(sweeps.map((sweep) => [...sweep.powers])).toEqual([
      [-100, -90.5, -80],
      [-101, -91.5, -81],
    ]);
    expect(sweeps[0]).toMatchObject({ startHz: 430_500_000, stepHz: 17_800, timeNs: 0n, unit: 'dBm' });
  });

  it('counts the bytes of a last sweep that is cut', () => {
    const { sweeps, rejects } = read(new RfeReader(options), file.subarray(0, file.length - 4));
    expect(sweeps).toHaveLength(1);
    expect(rejects[0]).toMatchObject({ reason: 'length' });
  });
});

describe('RF Explorer version 2', () => {
  const sweep = (time: string, levels: number[]) =>
    Buffer.concat([u32(time.length), netString(time), ...levels.map(double)]);
  const settings = `Start: 93.399MHz - RBW:10KHz - ${'x'.repeat(120)}`;
  const header = (sweeps: number) =>
    Buffer.concat([
      netString('RFExplorer PC Client - Format v002'),
      double(Math.fround(93.399)),
      double(Math.fround(0.008919)),
      u32(sweeps),
      u16(2),
      netString(settings),
      netString('Model:WSUB1G'),
    ]);
  const first = sweep('2013-07-23T14:23:10.5221549+02:00', [-105.5, -78]);
  const second = sweep('2013-07-23T14:23:10.7093656+02:00', [-105, -79]);

  it.each([1, 50, 10_000])('is read in pieces of %d bytes', (pieceBytes) => {
    const { sweeps, rejects } = read(new RfeReader(options), Buffer.concat([header(2), first, second]), pieceBytes);
    expect(rejects).toEqual([]);
    expect(sweeps).toHaveLength(2);
    expect(sweeps[0]).toMatchObject({ startHz: 93_399_000, stepHz: 8919, rbwHz: 10e3 });
    expect(sweeps[0]!.timeNs).toBe(BigInt(Date.parse('2013-07-23T12:23:10Z')) * 1_000_000n + 522_154_900n);
  });

  it('steps over a sweep whose time is damaged', () => {
    const damaged = Buffer.from(first);
    damaged[0] = 99;
    const { sweeps, rejects } = read(new RfeReader(options), Buffer.concat([header(3), second, damaged, second]));
    expect(sweeps).toHaveLength(2);
    expect(rejects).toMatchObject([{ reason: 'syntax', count: first.length }]);
  });

  it('says when fewer sweeps are there than declared', () => {
    const { sweeps, rejects } = read(new RfeReader(options), Buffer.concat([header(0xffffffff), first]));
    expect(sweeps).toHaveLength(1);
    expect(rejects[0]!.detail).toBe('4294967295 sweeps declared, 1 there');
  });

  it('names a version that it cannot read', () => {
    const file = Buffer.concat([netString('RFExplorer PC Client - Format v005'), Buffer.alloc(100)]);
    const { sweeps, rejects } = read(new RfeReader(options), file);
    expect(sweeps).toEqual([]);
    expect(rejects[0]!.detail).toBe('RF Explorer format v005, expected v001 or v002');
  });
});

describe('the cumulative CSV of RF Explorer', () => {
  const csv = (lines: string[]) => new TextEncoder().encode(lines.join('\r\n'));
  const head = (mark: string, comma = '.') => [
    'RF Explorer CSV data file: RFExplorer PC Client - Format v005',
    `Start Frequency: 93${comma}399MHZ`,
    `Step Frequency: 8${comma}919KHZ`,
    'Total data entries: 2',
    'Data points per entry: 3',
    `Sweep${mark}Date${mark}Time${mark}Milliseconds${mark}0093.399${mark}0093.408${mark}0093.417`,
  ];

  it.each([
    [',', '7/23/2023', '.', '2023-07-23'],
    ['\t', '23/07/2023', ',', '2023-07-23'],
    [';', '23.07.2023', ',', '2023-07-23'],
    [';', '05.07.2023', ',', '2023-07-05'],
    [',', '05/07/2023', '.', '2023-05-07'],
    [' ', '2023-07-23', '.', '2023-07-23'],
  ])('with %j between fields and dates such as %s', (mark, date, comma, day) => {
    const rows = [0, 1].map((i) => [i, date, `14:23:1${i}`, '.522', `-105${comma}5`, `-9${i}`, '-105'].join(mark));
    const { sweeps, rejects } = read(new RfeCsvReader(options), csv([...head(mark, comma), ...rows]));
    expect(rejects).toEqual([]);
    expect(sweeps.map((sweep) => [...sweep.powers])).toEqual([
      [-105.5, -90, -105],
      [-105.5, -91, -105],
    ]);
    expect(sweeps[0]).toMatchObject({ startHz: 93_399_000, stepHz: 8919, unit: 'dBm' });
    expect(sweeps[1]!.timeNs).toBe(BigInt(Date.parse(`${day}T14:23:11.522Z`)) * 1_000_000n);
  });

  it('of the oldest client has a number and levels only', () => {
    const old = ['RF Explorer CSV data file: RFExplorer PC Client - Format v001', ...head('\t').slice(1, 4)];
    const lines = [...old, 'Steps per entry: 3', '0\t-100\t-99.5\t-98', '1\t-101\t-99.5\t-98'];
    const { sweeps } = read(new RfeCsvReader(options), csv(lines));
    expect(sweeps).toHaveLength(2);
    expect(sweeps[0]).toMatchObject({ timeNs: 0n });
  });

  it('counts lines that are no sweep', () => {
    const rows = ['0,7/23/2023,14:23:10,.522,-1,-2,-3', '1,7/23/2023,14:23', 'end'];
    const { sweeps, rejects } = read(new RfeCsvReader(options), csv([...head(','), ...rows]));
    expect(sweeps).toHaveLength(1);
    expect(rejects.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { HackrfBinaryReader } from '../../src/formats/hackrf-binary.ts';
import { SoapyPowerBinReader } from '../../src/formats/soapy-power-bin.ts';
import type { SweepReader } from '../../src/formats/sweep-reader.ts';

function read(reader: SweepReader, bytes: Uint8Array, pieceBytes = bytes.length) {
  const batches = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) batches.push(reader.push(bytes.slice(at, at + pieceBytes)));
  batches.push(reader.finish());
  return { sweeps: batches.flatMap((batch) => batch.sweeps), rejects: batches.flatMap((batch) => batch.rejects) };
}

const float32 = (levels: readonly number[]) => Buffer.from(Float32Array.from(levels).buffer);
const lost = (rejects: readonly { count: number }[]) => rejects.reduce((sum, { count }) => sum + count, 0);

describe('the binary form of soapy_power', () => {
  const options = { receiver: 'rx-1', timezone: 'UTC' };

  /** As Python's struct writes '<BdddddQQ2x' behind the magic. */
  function record(startS: number, startHz: number, levels: readonly number[]): Buffer {
    const header = Buffer.alloc(64);
    header.write('SDRFF', 0, 'ascii');
    header[5] = 2;
    [startS, startS + 0.5, startHz, startHz + levels.length * 100, 100].forEach((value, i) => {
      header.writeDoubleLE(value, 6 + 8 * i);
    });
    header.writeBigUInt64LE(4096n, 46);
    header.writeBigUInt64LE(BigInt(4 * levels.length), 54);
    return Buffer.concat([header, float32(levels)]);
  }

  const log = Buffer.concat(
    [0, 1, 2].flatMap((i) => [record(1e9 + i, 1000, [-1, -2]), record(1e9 + i, 1200, [-3, -4])]),
  );

  it.each([1, 7, 64, 1000])('is read in pieces of %d bytes', (pieceBytes) => {
    const { sweeps, rejects } = read(new SoapyPowerBinReader(options), log, pieceBytes);
    expect(rejects).toEqual([]);
    expect(sweeps).toHaveLength(3);
    expect([...sweeps[2]!.powers]).toEqual([-1, -2, -3, -4]);
    expect(sweeps[2]).toMatchObject({ startHz: 1000, stepHz: 100, timeNs: 1_000_000_002_000_000_000n, unit: 'dB' });
  });

  it('goes on at the next magic after garbage, which it counts', () => {
    const garbled = Buffer.concat([Buffer.from('SDRFnoise'), log.subarray(0, 2 * 72), Buffer.from('SD'), log]);
    const { sweeps, rejects } = read(new SoapyPowerBinReader(options), garbled);
    expect(sweeps).toHaveLength(4);
    expect(lost(rejects)).toBe(11);
  });

  it('does not wait for the bytes that a broken header declares', () => {
    const broken = Buffer.from(log);
    broken.writeBigUInt64LE(2n ** 60n, 54);
    const { sweeps, rejects } = read(new SoapyPowerBinReader(options), broken);
    expect(sweeps).toHaveLength(2);
    expect(rejects.map(({ reason }) => reason)).toContain('size');
  });

  it('counts the bytes of a record that is cut', () => {
    const { sweeps, rejects } = read(new SoapyPowerBinReader(options), log.subarray(0, log.length - 1));
    expect(sweeps).toHaveLength(2);
    expect(lost(rejects)).toBe(71 + 1);
  });
});

describe('the binary form of hackrf_sweep', () => {
  function record(lowHz: number, levels: readonly number[]): Buffer {
    const header = Buffer.alloc(20);
    header.writeUInt32LE(16 + 4 * levels.length, 0);
    header.writeBigUInt64LE(BigInt(lowHz), 4);
    header.writeBigUInt64LE(BigInt(lowHz + 5e6), 12);
    return Buffer.concat([header, float32(levels)]);
  }

  const one = [2400e6, 2410e6, 2405e6, 2415e6].map((low, i) => record(low, Array(5).fill(-1 - i)));
  const log = Buffer.concat([...one, ...one, ...one]);

  it.each([1, 19, 40, 10_000])('is read in pieces of %d bytes', (pieceBytes) => {
    const { sweeps, rejects } = read(new HackrfBinaryReader({ receiver: 'rx-1' }), log, pieceBytes);
    expect(rejects).toEqual([]);
    expect(sweeps).toHaveLength(3);
    expect(sweeps[0]).toMatchObject({ startHz: 2400.5e6, stepHz: 1e6, timeNs: 0n });
    expect([...sweeps[0]!.powers]).toEqual([-1, -3, -2, -4].flatMap((level) => Array(5).fill(level)));
  });

  it('finds the next record after bytes that are none', () => {
    const garbled = Buffer.concat([Buffer.alloc(13, 0xee), log]);
    const { sweeps, rejects } = read(new HackrfBinaryReader({ receiver: 'rx-1' }), garbled);
    expect(sweeps).toHaveLength(3);
    expect(lost(rejects)).toBe(13);
  });
});

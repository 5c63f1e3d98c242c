import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocks, folder, iq, opened, refusal, write } from './support.ts';

const ramp = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => i & 0xff);

describe('raw IQ', () => {
  it('has its rate and centre from its name, as rtl_433 writes it', async () => {
    const recording = await opened(write('g001_433.92M_250k.cu8', ramp(2000)));
    expect(recording).toMatchObject({ format: 'cu8', rejected: 0, complaint: null });
    expect(iq(recording)).toMatchObject({
      kind: 'iq',
      format: 'cu8',
      datatype: 'cu8',
      centerHz: 433.92e6,
      sampleRateHz: 250e3,
      pairs: 1000,
      durationSeconds: 0.004,
      startTime: null,
    });
    await recording.close();
  });

  it('has them from the options before its name', async () => {
    const recording = await opened(write('g002_433.92M_250k.cu8', ramp(2000)), { centerHz: 868e6, rateHz: 1e6 });
    expect(iq(recording)).toMatchObject({ centerHz: 868e6, sampleRateHz: 1e6 });
    await recording.close();
  });

  it('comes in blocks of the size asked for, the last one shorter, each with its time and its own bytes', async () => {
    const path = write('gqrx_20200101_120000_100000000_1000000_fc.raw', new Uint8Array(8 * 250));
    const recording = await opened(path, { receiver: 'rx-9' });
    const all = await blocks(iq(recording), 100);
    expect(all.map((block) => block.pairs)).toEqual([100, 100, 50]);
    expect(all.map((block) => block.sequence)).toEqual([0, 1, 2]);
    const startNs = BigInt(Date.UTC(2020, 0, 1, 12)) * 1_000_000n;
    expect(all.map((block) => block.timeNs - startNs)).toEqual([0n, 100_000n, 200_000n]);
    expect(new Set(all.map((block) => block.samples.buffer)).size).toBe(3);
    expect(all.every((block) => block.samples.byteLength === block.samples.buffer.byteLength)).toBe(true);
    expect(all[0]).toMatchObject({ receiver: 'rx-9', centerHz: 100e6, sampleRateHz: 1e6, format: 'cf32' });
    expect(recording.bytesRead).toBe(recording.bytesTotal);
    await recording.close();
  });

  it('holds the same samples whatever the size of the blocks, over the borders of what is read at once', async () => {
    const bytes = ramp(3 * 2 ** 20 + 34);
    const recording = await opened(write('long_1M_1000k.cs16', bytes));
    for (const pairs of [4096, 333_333, 10_000_000]) {
      const all = await blocks(iq(recording), pairs);
      expect(Buffer.concat(all.map((block) => block.samples)).equals(bytes.subarray(0, bytes.length - 2))).toBe(true);
    }
    expect(recording).toMatchObject({ rejected: 2 });
    expect(recording.complaint).toMatch(/long_1M_1000k\.cs16: it ends within a sample; 2 bytes$/);
    await recording.close();
  });

  it('without a centre has none, and blocks around 0 Hz', async () => {
    const recording = await opened(write('a.cs8', ramp(20)), { rateHz: 1e6 });
    expect(iq(recording).centerHz).toBeNull();
    expect((await blocks(iq(recording), 5))[0]!.centerHz).toBe(0);
    await recording.close();
  });

  it('counts float samples that are no numbers and reads them as 0', async () => {
    const recording = await opened(write('nan_1M_1000k.cf32', new Uint8Array(Float32Array.of(1, Number.NaN).buffer)));
    const [block] = await blocks(iq(recording), 10);
    expect([...new Float32Array(block!.samples.buffer)]).toEqual([1, 0]);
    expect(recording.rejected).toBe(4);
    expect(recording.complaint).toContain('no numbers');
    await recording.close();
  });

  it('is refused without a rate, with the option named', async () => {
    expect(await refusal(write('b.cs8', ramp(20)))).toMatch(/b\.cs8: .*--rate/);
    expect(await refusal(write('c.cs8', ramp(20)), { rateHz: 1 })).toMatch(/c\.cs8: .*--rate/);
  });
});

describe('a file that cannot be read', () => {
  it('is named in one line with what was expected', async () => {
    mkdirSync(join(folder, 'sub'));
    expect(await refusal(join(folder, 'nothing.cu8'))).toMatch(/nothing\.cu8: no such file$/);
    expect(await refusal(join(folder, 'sub'))).toMatch(/sub: expected a file$/);
    expect(await refusal(write('empty.cu8', ''))).toMatch(/empty\.cu8: the file is empty$/);
    expect(await refusal(write('one_1M_1000k.cu8', 'x'))).toMatch(/no whole IQ pair/);
    expect(await refusal(write('letter.txt', 'Dear all,\n'))).toMatch(/of no known format.*rtl_power.*--format/);
    expect(await refusal(write('x.cu8', 'ab'), { timezone: 'Mars/Olympus' })).toMatch(/--timezone Mars\/Olympus/);
    expect(await refusal(write('y.bin', 'Dear all,\n'), { format: 'rfe' })).toMatch(/no whole sweep, expected rfe/);
    expect(await refusal(write('z.bin', 'Dear all,\n'), { format: 'wav' })).toMatch(/expected IQ in WAV/);
    expect(await refusal(write('w.bin', 'Dear all,\n'), { format: 'sigmf' })).toMatch(/expected SigMF metadata/);
  });
});

describe('IQ in WAV', () => {
  const wav = (bits: number, coding: number, data: Uint8Array, size = data.length) => {
    const head = Buffer.alloc(44);
    head.write('RIFF', 0);
    head.write('WAVEfmt ', 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(coding, 20);
    head.writeUInt16LE(2, 22);
    head.writeUInt32LE(48_000, 24);
    head.writeUInt16LE(bits, 34);
    head.write('data', 36);
    head.writeUInt32LE(size, 40);
    return Buffer.concat([head, data]);
  };

  it('of 24 bits is read as floats', async () => {
    const path = write('HDSDR_20200101_120000Z_7100kHz_RF.wav', wav(24, 1, Uint8Array.of(0, 0, 0x40, 0, 0, 0xc0)));
    const recording = await opened(path);
    expect(iq(recording)).toMatchObject({
      datatype: 'pcm24',
      format: 'cf32',
      centerHz: 7.1e6,
      sampleRateHz: 48e3,
      startTime: '2020-01-01T12:00:00.000Z',
    });
    const [block] = await blocks(iq(recording), 8);
    expect([...new Float32Array(block!.samples.buffer)]).toEqual([0.5, -0.5]);
    await recording.close();
  });

  it('that is cut is read as far as it goes, and what is missing is counted', async () => {
    const recording = await opened(write('cut.wav', wav(16, 1, ramp(10), 400)));
    expect(iq(recording).pairs).toBe(2);
    expect(recording.rejected).toBe(392);
    expect(recording.complaint).toMatch(/cut\.wav: it is cut short; it ends within a sample; 392 bytes/);
    await recording.close();
  });

  it('that was not closed goes to the end of the file, beyond 4 GiB', async () => {
    const path = write('open.wav', wav(16, 1, ramp(8), 0xffffffff));
    truncateSync(path, 5 * 2 ** 30 + 44);
    const recording = await opened(path);
    expect(iq(recording).pairs).toBe((5 * 2 ** 30) / 4);
    await recording.close();
  });
});

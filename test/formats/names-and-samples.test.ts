import { describe, expect, it } from 'vitest';
import { parseFileName } from '../../src/formats/file-name.ts';
import { sampleType, zeroNonFinite } from '../../src/formats/sample-types.ts';
import { sniffFormat } from '../../src/formats/sniff.ts';

describe("a recording's name", () => {
  it.each<[string, ReturnType<typeof parseFileName>]>([
    ['g001_433.92M_250k.cu8', { format: 'cu8', centerHz: 433.92e6, rateHz: 250e3, startMs: null }],
    ['/a/b_1M_2k/g012_868.3M_1024k.cs16', { format: 'cs16', centerHz: 868.3e6, rateHz: 1024e3, startMs: null }],
    ['test_315M_1M.cf32', { format: 'cf32', centerHz: 315e6, rateHz: 1e6, startMs: null }],
    ['capture-100.5MHz-2.4Msps.cfile', { format: 'cf32', centerHz: 100.5e6, rateHz: 2.4e6, startMs: null }],
    ['plain.complex16s', { format: 'cs8', centerHz: null, rateHz: null, startMs: null }],
    [
      'gqrx_20200101_120000_100000000_1800000_fc.raw',
      { format: 'cf32', centerHz: 100e6, rateHz: 1.8e6, startMs: Date.UTC(2020, 0, 1, 12) },
    ],
    [
      'HDSDR_20200101_120000Z_7100kHz_RF.wav',
      { format: null, centerHz: 7.1e6, rateHz: null, startMs: Date.UTC(2020, 0, 1, 12) },
    ],
    [
      'SDRSharp_20200101_120000Z_100000000Hz_IQ.wav',
      { format: null, centerHz: 100e6, rateHz: null, startMs: Date.UTC(2020, 0, 1, 12) },
    ],
    ['notes.txt', { format: null, centerHz: null, rateHz: null, startMs: null }],
    ['constructor.toString', { format: null, centerHz: null, rateHz: null, startMs: null }],
  ])('%s says', (name, facts) => {
    expect(parseFileName(name)).toEqual(facts);
  });
});

describe('samples', () => {
  it.each<[string, number[], number[]]>([
    ['ci16_be', [0x12, 0x34, 0xff, 0xfe], [0x1234, -2]],
    ['cu16_le', [0x00, 0x80, 0x01, 0x00], [0, -32767]],
  ])('of %s become cs16', (datatype, input, output) => {
    const bytes = new Uint8Array(4);
    sampleType(datatype)!.convert!(Uint8Array.from(input), bytes, 1);
    expect([...new Int16Array(bytes.buffer)]).toEqual(output);
  });

  it.each<[string, number[], number[]]>([
    ['pcm24', [0, 0, 0x40, 0, 0, 0x80], [0.5, -1]],
    ['ci32_le', [0, 0, 0, 0x40, 0, 0, 0, 0x80], [0.5, -1]],
    ['ci32_be', [0xc0, 0, 0, 0, 0x20, 0, 0, 0], [-0.5, 0.25]],
    ['cu32_le', [0, 0, 0, 0x80, 0, 0, 0, 0], [0, -1]],
    ['cf32_be', [0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0], [0.5, -1]],
    ['cf64_le', [0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf], [0.5, -1]],
  ])('of %s become cf32, full scale 1', (datatype, input, output) => {
    const type = sampleType(datatype)!;
    expect(type.bytesPerPair).toBe(input.length);
    const bytes = new Uint8Array(8);
    type.convert!(Uint8Array.from(input), bytes, 1);
    expect([...new Float32Array(bytes.buffer)]).toEqual(output);
  });

  it('that are real are of no type here', () => {
    expect(sampleType('rf32_le')).toBeNull();
  });

  it('that are no numbers become 0', () => {
    const bytes = new Uint8Array(Float32Array.of(1, Number.NaN, Number.NEGATIVE_INFINITY, -1).buffer);
    expect(zeroNonFinite(bytes)).toBe(2);
    expect([...new Float32Array(bytes.buffer)]).toEqual([1, 0, 0, -1]);
  });
});

describe('the content of a file', () => {
  it.each<[string, string | null]>([
    ['RIFF\u0000\u0000\u0000\u0000WAVEfmt ', 'wav'],
    ['RIFF\u0000\u0000\u0000\u0000AVI ', null],
    ['SDRFF\u0002', 'soapy_power:bin'],
    ['"RFExplorer PC Client - Format v002', 'rfe'],
    ['RF Explorer CSV data file: RFExplorer PC Client - Format v005\n', 'rfe:csv'],
    ['{"global":{"core:datatype":"cu8"}}', 'sigmf:meta'],
    ['{"data":"","mac_address":"00"}', 'radiohound'],
    ['{"a":1}', null],
    ['# rtl-power-fftw output\n', 'rtl_power_fftw'],
    ['# soapy_power output\n', 'rtl_power_fftw'],
    ['FileType Standard Data exchange Format 2.0\n', 'sm1809'],
    ['2018-11-18, 12:40:07, 76450000, 76550000, 781.25, 12480, -27.68, -27.68\n', 'rtl_power'],
    ['2017-03-17, 13:18:25, 88000000.0, 90560000.0, 426666.6, 647168, -98.6\n', 'soapy_power'],
    ['date,time\n2019-01-03, 11:57:34.9, 2400000000, 2405000000, 5000000.00, 4, -64.72\n', 'hackrf_sweep'],
    ['', null],
    ['some text', null],
  ])('%j tells %s', (text, format) => {
    expect(sniffFormat(Buffer.from(text, 'latin1'))).toBe(format);
  });

  it('tells the binary form of hackrf_sweep by its records', () => {
    const record = Buffer.alloc(40);
    record.writeUInt32LE(16 + 20, 0);
    record.writeBigUInt64LE(100_000_000n, 4);
    record.writeBigUInt64LE(105_000_000n, 12);
    expect(sniffFormat(Buffer.concat([record, record]))).toBe('hackrf_sweep:bin');
    expect(sniffFormat(Buffer.concat([record, Buffer.alloc(40)]))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { findWavAuxi, parseWavAuxi, parseWavHead } from '../../src/formats/wav.ts';

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const chunk = (name: string, body: Uint8Array, size = body.length) =>
  Buffer.concat([Buffer.from(name), u32(size), body, Buffer.alloc(body.length % 2)]);
/** librtlsdr writes the channels as the block's length: it is not used. */
const format = (bits: number, coding = 1, channels = 2) =>
  chunk('fmt ', Buffer.concat([u16(coding), u16(channels), u32(250_000), u32(0), u16(2), u16(bits)]));
const auxi = chunk(
  'auxi',
  Buffer.concat([
    ...[2020, 1, 3, 1, 12, 0, 30, 250, 2020, 1, 3, 1, 12, 1, 0, 0].map(u16),
    u32(7_100_000),
    Buffer.alloc(32),
  ]),
);
const wav = (outer: string, ...chunks: Uint8Array[]) => {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return Buffer.concat([Buffer.from(outer), u32(outer === 'RF64' ? 0xffffffff : body.length), body]);
};
const parse = (bytes: Uint8Array, fileBytes = bytes.length) => parseWavHead(bytes, fileBytes);

describe('IQ in WAV', () => {
  it.each([
    [8, 1, 'pcm8'],
    [16, 1, 'pcm16'],
    [24, 1, 'pcm24'],
    [32, 1, 'pcm32'],
    [32, 3, 'float32'],
    [64, 3, 'float64'],
  ])('with %d bits of coding %d is %s', (bits, coding, datatype) => {
    const file = wav('RIFF', format(bits, coding), chunk('data', new Uint8Array(24)));
    expect(parse(file)).toMatchObject({
      ok: true,
      value: { datatype, sampleRateHz: 250_000, dataOffset: 44, dataBytes: 24, missingBytes: 0, auxi: null },
    });
  });

  it('has the centre and the start in its auxi chunk, before or behind the samples', () => {
    const facts = { centerHz: 7_100_000, startMs: Date.UTC(2020, 0, 1, 12, 0, 30, 250) };
    const before = parse(wav('RIFF', format(16), auxi, chunk('data', new Uint8Array(8))));
    expect(before.ok && before.value.auxi).toEqual(facts);
    const file = wav('RIFF', format(16), chunk('data', new Uint8Array(7)), auxi);
    const behind = parse(file);
    expect(behind.ok && behind.value.auxi).toBeNull();
    expect(behind.ok && findWavAuxi(file.subarray(behind.value.tailOffset!))).toEqual(facts);
  });

  it('of SDR Console has them as XML in UTF-16', () => {
    const xml = '<SDR-XML-Root><Definition UTCSeconds="1577880030" RadioCenterFreq="145500000"/></SDR-XML-Root>';
    expect(parseWavAuxi(Buffer.from(xml, 'utf16le'))).toEqual({ centerHz: 145_500_000, startMs: 1_577_880_030_000 });
  });

  it('longer than 4 GiB has its size in ds64', () => {
    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(6_000_000_000n, 8);
    const head = wav('RF64', chunk('ds64', ds64), format(16), chunk('data', new Uint8Array(8), 0xffffffff));
    expect(parse(head, 6_000_000_080)).toMatchObject({ value: { dataBytes: 6_000_000_000, missingBytes: 0 } });
    expect(parse(head, 1_000_080)).toMatchObject({ value: { dataBytes: 1_000_000, missingBytes: 5_999_000_000 } });
  });

  it.each([0, 0xffffffff])('that was not closed (size %d) goes to the end of the file', (size) => {
    const head = wav('RIFF', format(16), chunk('data', new Uint8Array(8), size));
    expect(parse(head, 1_000_044)).toMatchObject({
      value: { dataBytes: 1_000_000, missingBytes: 0, tailOffset: null },
    });
  });

  it('that is cut says how much is missing', () => {
    const head = wav('RIFF', format(16), chunk('data', new Uint8Array(8), 1000));
    expect(parse(head)).toMatchObject({ value: { dataBytes: 8, missingBytes: 992 } });
  });

  it.each<[string, Uint8Array]>([
    ['RIFF', Buffer.from('RIFX1234WAVE')],
    ['RIFF', Buffer.from('RIFF')],
    ['1 channels', wav('RIFF', format(16, 1, 1), chunk('data', new Uint8Array(8)))],
    ['coding 6', wav('RIFF', format(8, 6), chunk('data', new Uint8Array(8)))],
    ['16 bytes', wav('RIFF', chunk('fmt ', new Uint8Array(4)), chunk('data', new Uint8Array(8)))],
    ['no data', wav('RIFF', format(16))],
    ['no format', wav('RIFF', auxi)],
    ['before the format', wav('RIFF', chunk('data', new Uint8Array(8)), format(16))],
  ])('is refused: %s', (why, bytes) => {
    const parsed = parse(bytes);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.reject.detail).toContain(why);
  });
});

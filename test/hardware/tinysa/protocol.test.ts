import { describe, expect, it } from 'vitest';
import {
  parseRbw,
  parseReply,
  parseScan,
  parseVersion,
  parseZero,
  scanCommand,
  scanStepHz,
} from '../../../hardware/tinysa/protocol.ts';
import { hostileReads } from '../link/hostile-bytes.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const REQUEST = { startHz: 88e6, stopHz: 108e6, points: 2_000 };
const SENT = 'scanraw 1 2 3 0';
const scanOf = (data: string) => latin1(`${SENT}\r\n${data}`);
const parsed = (data: string, points = 3) => parseScan(scanOf(data), SENT, points, 174);

describe('the shell of tinySA', () => {
  it('says who it is', () => {
    expect(parseVersion(['tinySA_v1.4-175-g1419a93'])).toEqual({
      model: 'basic',
      firmware: '1.4-175-g1419a93',
      hardware: null,
    });
    const ultra = parseReply(latin1('version\r\ntinySA4_v1.4-199-gde12ba2\r\nHW Version:V0.4.5.1 \r\nch> '), 'version');
    expect(ultra?.ok && parseVersion(ultra.value)).toEqual({
      model: 'ultra',
      firmware: '1.4-199-gde12ba2',
      hardware: 'V0.4.5.1',
    });
    // A NanoVNA answers with a bare number.
    expect(parseVersion(['0.4.5'])).toBeNull();
  });

  it('answers with a prompt, and not before', () => {
    expect(parseReply(latin1('rbw\r\n300.0kHz\r\nch>'), 'rbw')).toBeNull();
    expect(parseReply(latin1('rbw\r\n300.0kHz\r\nch> '), 'rbw')).toEqual({ ok: true, value: ['300.0kHz'] });
    expect(parseReply(Buffer.alloc(9_000, 'a'), 'rbw')).toMatchObject({ ok: false, reject: { reason: 'size' } });
  });

  it('states its resolution and the offset of its levels', () => {
    expect(parseRbw(['usage: rbw 0.2..850|auto', '300.0kHz'])).toBe(300_000);
    expect(parseRbw(['200Hz'])).toBe(200);
    expect(parseRbw(['usage: rbw 0.2..850|auto'])).toBeNull();
    expect(parseZero(['usage: zero {level}', '170dBm'], 'ultra')).toBe(170);
    expect(parseZero(['zero?'], 'ultra')).toBe(174);
    expect(parseZero([], 'basic')).toBe(128);
  });

  it('sweeps in integer steps, the last point one step before the end', () => {
    expect(scanCommand(REQUEST)).toBe('scanraw 88000000 108000000 2000 0');
    expect(scanStepHz(REQUEST)).toBe(10_000);
    expect(scanStepHz({ startHz: 0, stopHz: 100, points: 3 })).toBe(33);
  });
});

describe('a scanraw reply', () => {
  it('holds levels of v/32 − zero', () => {
    // The documented example: 22 0A → 2594 / 32 − 174 = −92.94 dBm.
    const reply = parsed('{x\x22\x0ax\x22\x0ax\x00\x00}ch> ');
    expect(reply?.kind === 'levels' && [...reply.levelsDbm]).toEqual([-92.9375, -92.9375, -174]);
    expect(reply?.kind === 'levels' && reply.end).toBe(SENT.length + 2 + 11);
  });

  it('is not there before its last byte', () => {
    const whole = scanOf('{x\x22\x0ax\x22\x0ax\x00\x00}');
    for (let length = 0; length < whole.length; length++) {
      expect(parseScan(whole.subarray(0, length), SENT, 3, 174)).toBeNull();
    }
    expect(parseScan(whole, SENT, 3, 174)?.kind).toBe('levels');
  });

  it.each([
    ['{x\x22\x0a}ch> ', 'length'],
    ['{x\x22\x0ay\x22\x0ax\x00\x00}', 'syntax'],
    ['{x\x22\x0ax\x22\x0ax\x00\x00x', 'syntax'],
    ['{x\xff\x7fx\x22\x0ax\x00\x00}', 'value'],
    ['\x01\x02\xffch> ', 'syntax'],
  ])('%j is broken: %s', (data, reason) => {
    expect(parsed(data)).toMatchObject({ kind: 'broken', reject: { reason } });
  });

  it('may be a refusal', () => {
    expect(parsed('frequency range is invalid\r\nch> ')).toEqual({
      kind: 'refused',
      text: 'frequency range is invalid',
    });
  });

  it('survives 5,000 hostile streams, and never waits for more than a sweep takes', () => {
    const real = [scanOf('{x\x22\x0ax\x22\x0ax\x00\x00}ch> '), latin1('version\r\ntinySA4_v1\r\nch> '), latin1('{xxx')];
    const longest = SENT.length + 2 + 2 + 9 + 8_192;
    for (let seed = 0; seed < 5_000; seed++) {
      let bytes = Buffer.alloc(0);
      for (const read of hostileReads(real, seed)) {
        bytes = Buffer.concat([bytes, read]);
        const reply = parseReply(bytes, 'version');
        if (reply?.ok) parseVersion(reply.value);
        const scan = parseScan(bytes, SENT, 3, 174);
        if (bytes.length > longest) expect(scan, `seed ${seed}`).not.toBeNull();
      }
    }
  });
});

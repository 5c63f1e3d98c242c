import { describe, expect, it } from 'vitest';
import {
  alertTopic,
  encodeAck,
  encodeCommand,
  encodeInfo,
  parseAck,
  parseCommand,
  parseInfo,
  parseReply,
  parseStatus,
  parseTopic,
  serviceStatusTopic,
  topicOf,
  UNKNOWN_INFO,
} from '../../../hardware/mqtt/protocol.ts';

const PREFIX = 'bandwarden/v1';
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));

describe('topics', () => {
  it('are those of the contract', () => {
    expect(topicOf(PREFIX, 'roof-north', 'sweep/csv')).toBe('bandwarden/v1/roof-north/sweep/csv');
    expect(alertTopic(PREFIX, 'main', 'k3-1')).toBe('bandwarden/v1/alerts/main/k3-1');
    expect(serviceStatusTopic(PREFIX, 'main')).toBe('bandwarden/v1/service/main/status');
  });

  it('are read back as receiver and leaf', () => {
    expect(parseTopic(PREFIX, 'bandwarden/v1/roof-north/iq')).toEqual({ receiver: 'roof-north', leaf: 'iq' });
    expect(parseTopic(PREFIX, 'bandwarden/v1/a/sweep/csv')).toEqual({ receiver: 'a', leaf: 'sweep/csv' });
  });

  it.each([
    'bandwarden/v1/alerts/iq',
    'bandwarden/v1/service/status',
    'bandwarden/v1/Roof/iq',
    'bandwarden/v1//iq',
    'bandwarden/v1/a/iq/more',
    'bandwarden/v1/a/unknown',
    'bandwarden/v2/a/iq',
    'bandwarden/v1/a',
    `bandwarden/v1/${'a'.repeat(65)}/iq`,
    'bandwarden/v1/+/iq',
    'bandwarden/v1/../iq',
  ])('are none of a receiver: %s', (topic) => {
    expect(parseTopic(PREFIX, topic)).toBeNull();
  });
});

describe('info', () => {
  it('may leave out everything', () => {
    expect(parseInfo(json({}))).toEqual({ ok: true, value: UNKNOWN_INFO });
  });

  it('is read whole, with spurs and ranges', () => {
    const info = {
      model: 'RTL-SDR V4',
      serial: '0000 0001',
      location: { lat: 29.4, lon: 123.1, altitudeM: 30 },
      antenna: 'discone',
      calibrationOffsetDb: -12.5,
      spursHz: [28.8e6, 57.6e6],
      ranges: [{ lowHz: 24e6, highHz: 1.766e9 }],
    };
    expect(parseInfo(bytes(encodeInfo(info)))).toEqual({ ok: true, value: info });
  });

  it('takes fields that it does not know, such as those of a later version', () => {
    expect(parseInfo(json({ model: 'X', firmware: 7 }))).toMatchObject({ ok: true, value: { model: 'X' } });
  });

  it.each([
    [{ model: 7 }, 'model'],
    [{ model: 'x'.repeat(129) }, 'model'],
    [{ model: 'a\u001b[2J' }, 'model'],
    [{ location: { lat: 91, lon: 0 } }, 'lat'],
    [{ location: { lat: 1 } }, 'lon'],
    [{ location: [1, 2] }, 'location'],
    [{ spurs: ['28.8M'] }, 'spurs'],
    [{ spurs: Array.from({ length: 257 }, () => 1) }, 'spurs'],
    [{ ranges: [{ lowHz: 2, highHz: 1 }] }, 'ranges'],
    [{ calibrationOffsetDb: 1e9 }, 'calibrationOffsetDb'],
  ])('is refused where a field is wrong, and the field is named: %j', (value, field) => {
    const parsed = parseInfo(json(value));
    expect(parsed).toMatchObject({ ok: false, reject: { reason: 'schema' } });
    if (!parsed.ok) expect(parsed.reject.detail).toContain(field);
  });

  it('is refused where it is no JSON object, too large, not UTF-8 or an attempt on the prototype', () => {
    const reasonOf = (payload: Uint8Array) => {
      const parsed = parseInfo(payload);
      return parsed.ok ? 'taken' : parsed.reject.reason;
    };
    expect(reasonOf(bytes('{"model":'))).toBe('syntax');
    expect(reasonOf(bytes('[]'))).toBe('schema');
    expect(reasonOf(new Uint8Array([0x7b, 0xff, 0x7d]))).toBe('syntax');
    expect(reasonOf(bytes('{"__proto__":{"approved":true}}'))).toBe('syntax');
    expect(reasonOf(new Uint8Array(65_537))).toBe('size');
    expect(reasonOf(new Uint8Array(0))).toBe('syntax');
  });
});

describe('the small bodies', () => {
  it('status is one of two words', () => {
    expect(parseStatus(bytes('online'))).toEqual({ ok: true, value: 'online' });
    expect(parseStatus(bytes('offline\n'))).toEqual({ ok: true, value: 'offline' });
    expect(parseStatus(bytes('Online'))).toMatchObject({ ok: false });
    expect(parseStatus(new Uint8Array(1_000))).toMatchObject({ ok: false, reject: { reason: 'size' } });
  });

  it('ack is null for a kind of which nothing was taken in', () => {
    expect(encodeAck({ sweep: null, iq: 7 })).toBe('{"sweep":null,"iq":7}');
    expect(parseAck(bytes('{"sweep":3,"iq":7}'))).toEqual({ ok: true, value: { sweep: 3, iq: 7 } });
    expect(parseAck(bytes('{"iq":-1}'))).toMatchObject({ ok: false });
  });

  it('reply says whether it went', () => {
    expect(parseReply(json({ id: 'c1', ok: false, error: 'no such range' }))).toEqual({
      ok: true,
      value: { id: 'c1', ok: false, error: 'no such range' },
    });
    expect(parseReply(json({ id: 'c1' }))).toMatchObject({ ok: false });
    expect(parseReply(json({ ok: true }))).toMatchObject({ ok: false });
  });

  it.each([
    { id: '1', command: 'tune', centerHz: 98.7e6, sampleRateHz: 2.4e6, gainDb: null },
    { id: '2', command: 'scan', startHz: 88e6, stopHz: 108e6, rbwHz: null },
    { id: '3', command: 'stop' },
  ] as const)('command goes there and back: $command', (command) => {
    expect(parseCommand(bytes(encodeCommand(command)))).toEqual({ ok: true, value: command });
  });

  it('command without sense is refused', () => {
    expect(parseCommand(json({ id: '1', command: 'explode' }))).toMatchObject({ ok: false });
    expect(parseCommand(json({ id: '1', command: 'scan', startHz: 2, stopHz: 1 }))).toMatchObject({ ok: false });
    expect(parseCommand(json({ command: 'stop' }))).toMatchObject({ ok: false });
  });
});

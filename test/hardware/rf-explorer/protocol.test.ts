import { describe, expect, it } from 'vitest';
import {
  encodeCommand,
  encodePoints,
  encodeSpan,
  modelName,
  parseConfig,
  parseModel,
  type RfeMessage,
  RfeParser,
} from '../../../hardware/rf-explorer/protocol.ts';
import { hostileReads } from '../link/hostile-bytes.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const sweepOf = (levels: readonly number[]) => Buffer.from([0x24, 0x53, levels.length, ...levels, 0x0d, 0x0a]);
const sweeps = (messages: readonly RfeMessage[]) => messages.filter(({ kind }) => kind === 'sweep');
const LEVELS = Array.from({ length: 112 }, (_, i) => 180 + (i % 60));
const CONFIG = '#C2-F:0431000,0090090,-010,-120,0112,0,000,0000050,0960000,0959950,00110,0000,004';

describe('the protocol of RF Explorer', () => {
  it('gives commands the length of all of their bytes', () => {
    expect([...encodeCommand('C0')]).toEqual([0x23, 4, 0x43, 0x30]);
    const span = encodeSpan(431e6, 441e6, -10, -120);
    expect(Buffer.from(span).toString('latin1')).toBe('#\x20C2-F:0431000,0441000,-010,-120');
    expect(span).toHaveLength(0x20);
    expect([...encodePoints(112)]).toEqual([0x23, 5, 0x43, 0x4a, 6]);
    expect([...encodePoints(4096)]).toEqual([0x23, 5, 0x43, 0x4a, 255]);
    expect([...encodePoints(65_520)]).toEqual([0x23, 6, 0x43, 0x6a, 0xff, 0xf0]);
  });

  it('reads the lines that a real WSUB1G+ sent', () => {
    const model = parseModel('#C2-M:010,255,03.39');
    expect(model).toEqual({ main: 10, expansion: 255, firmware: '03.39' });
    expect(model && modelName(model)).toBe('RF Explorer WSUB1G+, firmware 03.39');
    expect(parseConfig(CONFIG)).toEqual({
      startHz: 431e6,
      stepHz: 90_090,
      topDbm: -10,
      bottomDbm: -120,
      points: 112,
      minHz: 50e3,
      maxHz: 960e6,
      maxSpanHz: 959_950e3,
      rbwHz: 110e3,
      offsetDb: 0,
    });
    expect(parseConfig('#C2-F:0431000,,,')).toBeNull();
    expect(parseConfig('#C2-M:010,255,03.39')).toBeNull();
  });

  it('takes a sweep whose bytes look like packets, lines and ends of line', () => {
    const levels = [...latin1('$S\x05#C2-F:\r\n$z\x00\x10\r\n$D\r\n#'), 13, 10, 13, 10];
    const messages = new RfeParser().push(Buffer.concat([sweepOf(levels), latin1('#a0\r\n')]));
    expect(messages).toEqual([
      { kind: 'sweep', levels: Uint8Array.from(levels) },
      { kind: 'line', text: '#a0' },
    ]);
  });

  it('reads byte by byte what it reads in one', () => {
    const stream = Buffer.concat([latin1('#a0\r\n'), sweepOf(LEVELS), latin1(`${CONFIG}\r\n`), sweepOf(LEVELS)]);
    const parser = new RfeParser();
    const one = [...stream].flatMap((byte) => parser.push(Uint8Array.of(byte)));
    expect(one).toEqual(new RfeParser().push(stream));
    expect(sweeps(one)).toHaveLength(2);
  });

  it('skips a screen, and a sweep of another number of points than the configuration says', () => {
    const parser = new RfeParser();
    parser.points = 112;
    const screen = Buffer.concat([latin1('$D'), Buffer.alloc(1_024, 0x24), latin1('\r\n')]);
    const messages = parser.push(Buffer.concat([screen, sweepOf(LEVELS.slice(3)), sweepOf(LEVELS)]));
    expect(sweeps(messages)).toEqual([{ kind: 'sweep', levels: Uint8Array.from(LEVELS) }]);
  });

  it('loses no more than the broken sweep to a byte that is missing anywhere in it', () => {
    const sweep = sweepOf(LEVELS);
    for (let missing = 0; missing < sweep.length; missing++) {
      const broken = Buffer.concat([sweep.subarray(0, missing), sweep.subarray(missing + 1)]);
      const parser = new RfeParser();
      parser.points = 112;
      const messages = parser.push(Buffer.concat([sweep, broken, sweep, sweep]));
      expect(sweeps(messages).length, `byte ${missing}`).toBe(3);
    }
  });

  it('survives 5,000 hostile streams, keeps little of them, and reads what comes whole after each', () => {
    const real = [sweepOf(LEVELS), latin1(`${CONFIG}\r\n`), latin1('#C2-M:010,255,03.39\r\n'), latin1('$z\xff\xff')];
    for (let seed = 0; seed < 5_000; seed++) {
      const parser = new RfeParser();
      for (const read of hostileReads(real, seed)) {
        for (const message of parser.push(read)) if (message.kind === 'line') parseConfig(message.text);
        expect(parser.waiting).toBeLessThanOrEqual(65_535 + 6);
      }
      parser.points = 112;
      // More than a screen, which a false head can have asked for; what looked like one is read again.
      const after = parser.push(Buffer.concat(Array.from({ length: 12 }, () => sweepOf(LEVELS))));
      expect(sweeps(after).length, `seed ${seed}`).toBeGreaterThanOrEqual(11);
    }
  });
});

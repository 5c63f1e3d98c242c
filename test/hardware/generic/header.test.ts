import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeFrame, encodeJsonPacket, FrameCutter, parsePacket } from '../../../hardware/generic/protocol.ts';
import type { IqBlock, Sweep } from '../../../src/core/frames.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { describeWith, requireService } from '../../support/services.ts';

const folder = temporaryFolder();
const program = join(folder, 'device');

function compile(standard: string): void {
  const warnings = ['-Wall', '-Wextra', '-Wconversion', '-pedantic', '-Werror'];
  const files = ['-I', 'hardware/generic', 'test/hardware/generic/header.c', '-o', program];
  const { status, stderr } = spawnSync(requireService('cc'), [`-std=${standard}`, ...warnings, ...files]);
  expect(`${status} ${String(stderr)}`).toBe('0 ');
}

describeWith(['cc'], 'bandwarden.h', () => {
  it('compiles as C99 and C11 without a warning', () => {
    compile('c11');
    compile('c99');
  });

  it('sends packets of which every value arrives', () => {
    compile('c99');
    const sent = spawnSync(program).stdout;
    const messages = new FrameCutter().push(sent).map((packet) => {
      if (!packet.ok) throw new Error(packet.reject.detail);
      return parsePacket(packet.value, 'mine');
    });
    const frames = messages.flatMap((message) => (message.kind === 'frame' ? [message.frame] : []));
    expect(messages.map(({ kind }) => kind)).toEqual(['frame', 'frame', 'frame', 'frame', 'json']);
    const [centi, half, float, block] = frames as [Sweep, Sweep, Sweep, IqBlock];
    const expected = { sequence: 4_294_967_295, timeNs: 1_767_225_600_123_456_789n, gainDb: null };
    expect(centi).toMatchObject({ ...expected, startHz: 2_400_000_001, stepHz: 25_000 });
    expect(centi.flags).toEqual(['gnss-time', 'overload']);
    const levels = Array.from({ length: 400 }, (_, i) => Math.fround(i % 7 === 0 ? 0 : (-11_000 + i) / 100));
    expect([...centi.powers]).toEqual(levels);
    expect([...half.powers]).toEqual(Array.from({ length: 300 }, (_, i) => (i < 280 ? -90 : 0)));
    expect([...float.powers]).toEqual([-90.5, -91.5, -92.5]);
    expect(block).toMatchObject({ ...expected, centerHz: 2_400_000_001, sampleRateHz: 250_000, pairs: 1_024 });
    const samples = Array.from({ length: 2_048 }, (_, i) => (i < 1_000 ? 1 + (i % 255) : i % 3));
    expect([...block.samples]).toEqual(samples);
    const reply = messages[4].kind === 'json' ? Buffer.from(messages[4].body).toString() : '';
    expect(JSON.parse(reply)).toEqual({ id: '7', ok: true });
  });

  it('reads commands, and leaves out what is broken, too long or no command', () => {
    compile('c99');
    const command = (id: string) => JSON.stringify({ id, command: 'scan', startHz: 88e6, stopHz: 108e6 });
    const frame = (id: string) => encodeFrame(encodeJsonPacket('BWCM', command(id)));
    const flipped = frame('broken');
    flipped[20] ^= 0x40;
    const input = Buffer.concat([
      Buffer.from('noise of the line\0'),
      frame('1'),
      flipped,
      frame('long'.repeat(100)),
      encodeFrame(encodeJsonPacket('BWRP', '{"id":"x","ok":true}')),
      frame('2').subarray(9),
      frame('3'),
    ]);
    const { stdout } = spawnSync(program, ['read'], { input });
    expect(String(stdout).trim().split('\n')).toEqual([command('1'), command('3')]);
  });
});

import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { blocks, folder, iq, opened, refusal, write } from './support.ts';

const ramp = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => i & 0xff);
const meta = (global: object, captures: object[] = [{ 'core:sample_start': 0, 'core:frequency': 98e6 }]) =>
  JSON.stringify({
    global: { 'core:datatype': 'cu8', 'core:sample_rate': 1e6, 'core:version': '1.2.5', ...global },
    captures,
    annotations: [],
  });
const bytesOf = async (path: string, index = 0) => {
  const recording = await opened(path);
  const all = await blocks(iq(recording, index), 1000);
  await recording.close();
  return [...Buffer.concat(all.map((block) => block.samples))];
};

describe('a SigMF recording', () => {
  it('is opened by its metadata or by its dataset', async () => {
    const paths = [write('pair.sigmf-meta', meta({})), write('pair.sigmf-data', ramp(20))];
    for (const path of paths) {
      const recording = await opened(path);
      expect(recording).toMatchObject({ file: path, format: 'sigmf', complaint: null });
      expect(iq(recording)).toMatchObject({ format: 'cu8', centerHz: 98e6, sampleRateHz: 1e6, pairs: 10 });
      await recording.close();
    }
  });

  it('that names a missing dataset uses the one beside it', async () => {
    const path = write('renamed.sigmf-meta', meta({ 'core:dataset': 'gone.sigmf-data' }));
    write('renamed.sigmf-data', ramp(6));
    expect(await bytesOf(path)).toEqual([...ramp(6)]);
  });

  it('uses the dataset that it names, but never one in another folder', async () => {
    mkdirSync(join(folder, 'deep'), { recursive: true });
    write('secret.iq', 'secret');
    writeFileSync(join(folder, 'deep', 'named.iq'), ramp(4));
    const path = join(folder, 'deep', 'x.sigmf-meta');
    writeFileSync(path, meta({ 'core:dataset': 'named.iq' }));
    expect(await bytesOf(path)).toEqual([...ramp(4)]);
    writeFileSync(path, meta({ 'core:dataset': '../secret.iq' }));
    expect(await refusal(path)).toMatch(/x\.sigmf-data: no such file/);
  });

  it('has a capture for each tuning, behind its header bytes', async () => {
    const captures = [
      { 'core:sample_start': 100, 'core:frequency': 98e6, 'core:header_bytes': 3 },
      {
        'core:sample_start': 102,
        'core:frequency': 99e6,
        'core:datetime': '2026-01-01T00:00:00Z',
        'core:header_bytes': 2,
      },
    ];
    const path = write('two.sigmf-meta', meta({ 'core:offset': 100, 'core:trailing_bytes': 1 }, captures));
    write('two.sigmf-data', ramp(3 + 4 + 2 + 6 + 1));
    const recording = await opened(path);
    expect(recording.captures).toHaveLength(2);
    expect(iq(recording, 0)).toMatchObject({ centerHz: 98e6, pairs: 2, startTime: null });
    expect(iq(recording, 1)).toMatchObject({ centerHz: 99e6, pairs: 3, startTime: '2026-01-01T00:00:00.000Z' });
    await recording.close();
    expect(await bytesOf(path, 0)).toEqual([3, 4, 5, 6]);
    expect(await bytesOf(path, 1)).toEqual([9, 10, 11, 12, 13, 14]);
  });

  it('reads the first of several channels and says so', async () => {
    const path = write('channels.sigmf-meta', meta({ 'core:num_channels': 2 }));
    write('channels.sigmf-data', ramp(12));
    expect(await bytesOf(path)).toEqual([0, 1, 4, 5, 8, 9]);
    const recording = await opened(path);
    expect(recording.complaint).toContain('the first of 2 channels');
    await recording.close();
  });

  it('that is cut loses the captures behind the cut, and counts them', async () => {
    const captures = [0, 10, 20].map((start) => ({ 'core:sample_start': start }));
    const path = write('cut.sigmf-meta', meta({}, captures));
    write('cut.sigmf-data', ramp(30));
    const recording = await opened(path);
    expect(recording.captures.map((_, i) => iq(recording, i).pairs)).toEqual([10, 5]);
    expect(recording.rejected).toBe(10);
    expect(recording.complaint).toMatch(/captures\[1\] is cut short; captures\[2\] lies behind the last sample/);
    await recording.close();
  });

  it('is read at places beyond 4 GiB', async () => {
    const captures = [{ 'core:sample_start': 0 }, { 'core:sample_start': 3 * 2 ** 30 }];
    const path = write('huge.sigmf-meta', meta({}, captures));
    truncateSync(write('huge.sigmf-data', ''), 6 * 2 ** 30 + 4);
    expect(await bytesOf(path, 1)).toEqual([0, 0, 0, 0]);
  });

  it.each<[string, object, RegExp]>([
    ['no-rate', { 'core:sample_rate': undefined }, /--rate/],
    ['real', { 'core:datatype': 'rf32_le' }, /rf32_le samples, expected complex/],
    ['only', { 'core:metadata_only': true }, /it has no samples/],
    ['wrong', { 'core:datatype': 'cs16' }, /core:datatype "cs16", expected/],
    ['nan-rate', { 'core:sample_rate': '1e6' }, /core:sample_rate/],
  ])('is refused with the field named: %s', async (name, global, why) => {
    write(`${name}.sigmf-data`, ramp(20));
    expect(await refusal(write(`${name}.sigmf-meta`, meta(global)))).toMatch(why);
  });

  it('whose metadata or dataset is missing is refused', async () => {
    expect(await refusal(write('alone.sigmf-data', ramp(20)))).toMatch(/expected alone\.sigmf-meta beside it/);
    expect(await refusal(write('lonely.sigmf-meta', meta({})))).toMatch(/lonely\.sigmf-data: no such file/);
  });
});

describe('a SigMF archive', () => {
  type Entry = [name: string, content: Uint8Array | string, type?: 'symlink' | 'directory'];

  async function tar(entries: Entry[]): Promise<Buffer> {
    const packer = pack();
    for (const [name, content, type] of entries) {
      if (type === undefined) packer.entry({ name }, Buffer.from(content));
      else packer.entry(type === 'symlink' ? { name, type, linkname: '/etc/passwd' } : { name, type });
    }
    packer.finalize();
    const pieces: Buffer[] = [];
    for await (const piece of packer) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }

  it.each([
    ['metadata first', ['x/x.sigmf-meta', 'x/x.sigmf-data']],
    ['dataset first', ['x/x.sigmf-data', 'x/x.sigmf-meta']],
    ['names that lead elsewhere', ['../../x.sigmf-meta', '../../x.sigmf-data']],
    ['names of 300 characters', [`${'d/'.repeat(150)}x.sigmf-meta`, `${'d/'.repeat(150)}x.sigmf-data`]],
  ])('with %s is read', async (_, names) => {
    const content = (name: string) => (name.endsWith('meta') ? meta({}) : ramp(1000));
    const bytes = await tar([['x', '', 'directory'], ...names.map((name): Entry => [name, content(name)])]);
    expect(await bytesOf(write('a.sigmf', bytes))).toEqual([...ramp(1000)]);
  });

  it('takes regular files only', async () => {
    const bytes = await tar([
      ['x.sigmf-meta', meta({})],
      ['x.sigmf-data', '', 'symlink'],
    ]);
    expect(await refusal(write('link.sigmf', bytes))).toMatch(/expected a \.sigmf-meta and its \.sigmf-data/);
  });

  it('that is cut gives the samples that are there', async () => {
    const bytes = await tar([
      ['x.sigmf-meta', meta({})],
      ['x.sigmf-data', ramp(1000)],
    ]);
    const recording = await opened(write('cut.sigmf', bytes.subarray(0, 512 + 512 + 512 + 400)));
    expect(iq(recording).pairs).toBe(200);
    expect(recording.rejected).toBe(600);
    expect(recording.complaint).toContain('the archive is cut short');
    await recording.close();
  });

  it('with several recordings gives the first and says so', async () => {
    const bytes = await tar([
      ['a.sigmf-meta', meta({})],
      ['a.sigmf-data', ramp(4)],
      ['b.sigmf-meta', meta({})],
      ['b.sigmf-data', ramp(8)],
    ]);
    const recording = await opened(write('several.sigmf', bytes));
    expect(iq(recording).pairs).toBe(2);
    expect(recording.complaint).toContain('the first of 2 recordings');
    await recording.close();
  });
});

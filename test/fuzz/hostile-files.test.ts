import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runChild } from './run-child.ts';

/** Files made to be expensive: much nesting, endless lines, huge declared sizes, a new span every line. */

const folder = mkdtempSync(join(tmpdir(), 'bandwarden-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = (low: number, high: number, values: string) =>
  `2026-01-01, 12:00:00, ${low}, ${high}, 50.00, 9, ${values}\n`;
const rows = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join('');
const bands = (value: number) => Array(64).fill(value).join(';');

function soapyRecord(levelBytes: bigint): Buffer {
  const header = Buffer.alloc(64);
  header.write('SDRFF');
  header[5] = 2;
  [1, 2, 1e6, 2e6, 1].forEach((value, i) => {
    header.writeDoubleLE(value, 6 + 8 * i);
  });
  header.writeBigUInt64LE(levelBytes, 54);
  return Buffer.concat([header, Buffer.alloc(2 ** 20)]);
}

function hackrfRecords(count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => {
      const record = Buffer.alloc(24);
      record.writeUInt32LE(20, 0);
      record.writeBigUInt64LE(BigInt(i * 5), 4);
      record.writeBigUInt64LE(BigInt(i * 5) + 5_000_000n, 12);
      return record;
    }),
  );
}

function rfeDeclaring(sweeps: number): Buffer {
  const title = Buffer.from('"RFExplorer PC Client - Format v002');
  const numbers = Buffer.alloc(24);
  numbers.writeDoubleLE(93, 0);
  numbers.writeDoubleLE(0.01, 8);
  numbers.writeUInt32LE(sweeps, 16);
  numbers.writeUInt16LE(65_535, 20);
  return Buffer.concat([title, numbers, Buffer.alloc(1000)]);
}

const FILES: Readonly<Record<string, () => string | Buffer>> = {
  'deep.sigmf-meta': () => `{"global":{"core:datatype":"cu8"},"captures":${'['.repeat(5e6)}`,
  'deep.rh.json': () => `{"mac_address":1,"data":${'{"a":'.repeat(1e6)}`,
  'strings.rh.json': () => `{"mac_address":1,"data":[${'"a",'.repeat(2e6)}1]}`,
  'one-line.csv': () => `${row(1000, 1100, '-1, -2')}${'-1, '.repeat(6e6)}`,
  'wide.csv': () => row(0, 5e7, `${'-1,'.repeat(1_000_000)}-1`).repeat(3),
  'scattered.csv': () => rows(100_000, (i) => row(i * 1e6, i * 1e6 + 100, '-1, -2, -2')),
  'narrow.csv': () => rows(100_000, (i) => row(i * 50, i * 50 + 50, '-1, -1')),
  'rubbish.csv': () => `${row(1000, 1100, '-1, -2, -2')}${'a\n'.repeat(1e6)}`,
  'bands.txt': () =>
    `FileType x\nFreqStart ${bands(1000)}\nFreqStop ${bands(2000)}\nDataPoints ${bands(2 ** 20)}\nLevelUnits dBm\n` +
    `Date 2026-01-01\n\n${`12:00:00,${Array(64).fill(',1,2').join(';')}\n`.repeat(1000)}`,
  'long.dat': () => `# rtl-power-fftw output\n${rows(1_200_000, (i) => `${i + 1000} -1\n`)}`,
  'declared.bin': () => soapyRecord(4_194_304n),
  'overdeclared.bin': () => soapyRecord(2n ** 63n),
  'rows.bin': () => hackrfRecords(50_000),
  'declared.rfe': () => rfeDeclaring(0xffffffff),
};

describe('a file made to be expensive', () => {
  it('costs at most 64 MiB beyond its size', async () => {
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content());
    const costs = await runChild<Record<string, { bytes: number; growthBytes: number }>>('hostile-child.ts', folder);
    expect(Object.keys(costs).sort()).toEqual(Object.keys(FILES).sort());
    const over = Object.entries(costs).filter(([, { bytes, growthBytes }]) => growthBytes - bytes > 64 * 2 ** 20);
    expect(over).toEqual([]);
  }, 120_000);
});

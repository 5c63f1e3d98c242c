import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LEAVES, RECEIVER_READS, RECEIVER_WRITES } from '../../hardware/mqtt/protocol.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { EMISSION_KINDS, VERDICTS } from '../../src/core/emission.ts';
import { REJECT_REASONS } from '../../src/core/frames.ts';
import { REGISTER_COLUMNS } from '../../src/formats/register-csv.ts';
import { CLOSE_CODES } from '../../src/gateway/messages.ts';
import { RECORDING_FORMATS } from '../../src/ingest/recordings/recording.ts';

const contracts = readFileSync('docs/contracts.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

describe('docs/contracts.md', () => {
  it('names every column of a register, format, leaf, verdict, kind and reason that the program knows', () => {
    const words = [...REGISTER_COLUMNS, ...RECORDING_FORMATS, ...RECEIVER_READS, ...RECEIVER_WRITES];
    for (const word of [...words, ...VERDICTS, ...EMISSION_KINDS, ...REJECT_REASONS]) {
      expect(contracts).toContain(`\`${word}\``);
    }
    for (const leaf of LEAVES) expect(contracts).toContain(`\`<prefix>/<rx>/${leaf}\``);
    for (const code of Object.values(CLOSE_CODES)) expect(contracts).toContain(String(code));
  });
});

describe('README.md', () => {
  it('has a row for every command, and for none that does not exist', () => {
    const rows = [...readme.matchAll(/^\| `bandwarden ([a-z-]+)/gm)].map(([, name]) => name);
    expect([...rows].sort()).toEqual(Object.keys(COMMANDS).sort());
  });
});

describe('the documents', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs/contracts.md'])(
    '%s links only to files that exist',
    (file) => {
      const links = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link);
      for (const link of links) expect(existsSync(join(dirname(file), link)), link).toBe(true);
    },
  );
});

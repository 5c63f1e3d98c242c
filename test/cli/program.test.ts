import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/program.ts';
import { BandwardenError } from '../../src/core/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Finished, run } from '../support/process.ts';

const folder = temporaryFolder();
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BANDWARDEN_')));

function bandwarden(...args: string[]): Promise<Finished> {
  return run(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], { env: environment });
}

describe('the command line', () => {
  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await bandwarden('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints help, with examples and exit codes, on standard output', async () => {
    const { code, stdout, stderr } = await bandwarden('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Examples:\n {2}bandwarden serve --demo/);
    expect(stdout).toContain('Exit codes: 0 done, 1 the work failed, 2 the command line or configuration is wrong.');
  });

  it.each([
    [[], /^Usage: bandwarden/],
    [['chek-config', 'x'], /^bandwarden: unknown command 'chek-config' \(Did you mean check-config\?\)\n$/],
    [['--bogus'], /^bandwarden: unknown option '--bogus'\n$/],
    [['check-config'], /^bandwarden: missing required argument 'file'\n$/],
    [['check-config', '--fiel', 'x'], /^bandwarden: unknown option '--fiel'\n$/],
    [['check-config', '/nowhere/x.yaml'], /^bandwarden: \/nowhere\/x\.yaml: there is no such file; [^\n]*\n$/],
  ])('%j is a wrong call: exit code 2 and nothing on standard output', async (args, message) => {
    const { code, stdout, stderr } = await bandwarden(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('shows where an error arose, and its cause, only with --debug', async () => {
    const { code, stderr } = await bandwarden('check-config', '/nowhere/x.yaml', '--debug');
    expect(code).toBe(2);
    expect(stderr).toMatch(/BandwardenError: .*\n {4}at .*document\.ts/);
    expect(stderr).toContain('caused by Error: ENOENT');
  });
});

describe('bandwarden check-config', () => {
  it('says that a right configuration has no errors', async () => {
    expect(await bandwarden('check-config', 'docs/bandwarden.example.yaml')).toEqual({
      code: 0,
      stdout: 'docs/bandwarden.example.yaml: no errors\n',
      stderr: '',
    });
  });

  it('prints every error as one line with its place', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'http:\n  prot: 1\nlog:\n  level: loud\n');
    const { code, stdout, stderr } = await bandwarden('check-config', file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${file}:2: http.prot: unknown key; did you mean "port"?`,
      `${file}:4: log.level: expected one of debug, info, warn, error, found "loud"`,
    ]);
  });
});

describe('an error', () => {
  it('is 2 where the call or configuration is wrong and 1 where the work failed', () => {
    expect(exitCodeOf(new BandwardenError('bad-argument', ''))).toBe(2);
    expect(exitCodeOf(new BandwardenError('bad-config', ''))).toBe(2);
    expect(exitCodeOf(new BandwardenError('unreadable', ''))).toBe(1);
    expect(exitCodeOf(new Error('a bug'))).toBe(1);
    expect(exitCodeOf('thrown text')).toBe(1);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';
import { type Finished, run } from './process.ts';
import { LEFT_OUT } from './services.ts';

const folder = temporaryFolder();

/** Runs vitest with our reporter alone over files of its own. */
async function report(
  name: string,
  files: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = { PATH: process.env.PATH },
): Promise<Finished> {
  const root = join(folder, name);
  mkdirSync(root);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  const vitest = resolve('node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', root, '--globals', `--reporter=${resolve('test/support/reporter.ts')}`];
  return run(process.execPath, args, { env: { ...env, NO_COLOR: '1' } });
}

function lastLine({ stdout }: Finished): string | undefined {
  return stdout.trimEnd().split('\n').at(-1);
}

describe('the last line of a test run', () => {
  it('counts what passed, and with nothing else says so', async () => {
    const finished = await report('good', { 'a.test.js': 'it("a", () => {}); it("b", () => {});' });
    expect(finished.code).toBe(0);
    expect(lastLine(finished)).toBe('2 passed, 0 failed');
  });

  it('counts a failed test, a file that does not load and a failing hook each as failed, and skipped ones apart', async () => {
    const finished = await report('bad', {
      'a.test.js': 'it("a", () => { throw new Error("no"); }); it("b", () => {}); it.skip("c", () => {});',
      'b.test.js': 'import "./nowhere.js"; it("d", () => {});',
      'c.test.js': 'describe("e", () => { afterAll(() => { throw new Error("no"); }); it("f", () => {}); });',
    });
    expect(finished.code).toBe(1);
    expect(lastLine(finished)).toBe('2 passed, 3 failed, 1 skipped');
  });

  it('comes after the name of every service that tests had to do without', async () => {
    const finished = await report('left-out', {
      'a.test.js': `describe("with a broker", () => { it("b", ({ skip }) => skip("${LEFT_OUT}mosquitto")); });`,
    });
    expect(finished.code).toBe(0);
    expect(finished.stdout).toMatch(
      /!!! LEFT OUT WITHOUT mosquitto:\n {6}with a broker\n\n0 passed, 0 failed, 1 skipped\n$/,
    );
  });
});

describe('a group of tests that needs a program which is not there', () => {
  const test = `import { describeWith } from '${resolve('test/support/services.ts')}';
    describeWith(['socat'], 'a serial line', () => { it('is not run', () => {}); });`;

  it('is left out by name, with the package that has it', async () => {
    const finished = await report('missing', { 'a.test.js': test }, { PATH: '/nowhere' });
    expect(finished.code).toBe(0);
    expect(finished.stdout).toContain('!!! LEFT OUT WITHOUT socat (apt-get install socat):\n      a serial line\n');
    expect(lastLine(finished)).toBe('0 passed, 0 failed, 1 skipped');
  });

  it('fails with CI=true', async () => {
    const finished = await report('missing-in-ci', { 'a.test.js': test }, { PATH: '/nowhere', CI: 'true' });
    expect(finished.code).toBe(1);
    expect(lastLine(finished)).toBe('0 passed, 1 failed');
  });
});

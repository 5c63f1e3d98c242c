import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConfiguredStore } from '../../src/app/open-store.ts';
import type { Store } from '../../src/core/ports.ts';
import { verifyPassword } from '../../src/gateway/auth/passwords.ts';
import { assignment, silentLog } from '../store/records.ts';
import { type Finished, run } from '../support/process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bandwarden-cli-'));
  writeFileSync(join(folder, 'c.yaml'), 'dataDir: data\nmqtt:\n  port: 2883\n  prefix: office/v1\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bandwarden(...args: string[]): Promise<Finished> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('BANDWARDEN_')),
  );
  const call = ['--import', 'tsx', 'src/main.ts', ...args, '--config', join(folder, 'c.yaml')];
  return run(process.execPath, call, { env: environment });
}

async function inStore<T>(look: (store: Store) => Promise<T>): Promise<T> {
  const store = await openConfiguredStore({ dataDir: join(folder, 'data') }, silentLog);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

function file(name: string, text: string | Uint8Array): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('bandwarden user add', () => {
  it('makes an account with the password of a file, and prints nothing secret', async () => {
    const password = file('password', 'correct horse battery\n');
    const made = await bandwarden('user', 'add', '陳大文', '--role', 'officer', '--password-file', password);
    expect(made).toEqual({ code: 0, stdout: 'made the account 陳大文, officer\n', stderr: '' });
    const account = await inStore((store) => store.accounts.byName('陳大文'));
    expect(account).toMatchObject({ role: 'officer', disabled: false });
    expect(account?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(account?.passwordHash ?? null, 'correct horse battery')).toBe(true);
    expect((await inStore((store) => store.audit.list(1)))[0]).toMatchObject({ by: 'service', action: 'account.add' });
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);

    const again = await bandwarden('user', 'add', '陳大文', '--role', 'auditor', '--password-file', password);
    expect([again.code, again.stderr]).toEqual([1, 'bandwarden: there is already an account named 陳大文\n']);
  });

  it('refuses a short password, a wrong role, a wrong name and a call without terminal or file', async () => {
    const short = file('password', 'short');
    const attempts: [string[], RegExp][] = [
      [['li', '--role', 'officer', '--password-file', short], /5 characters; expected 12 to 256/],
      [['li', '--role', 'boss'], /Allowed choices are operator/],
      [['li'], /--role/],
      [['a/b', '--role', 'officer'], /account name/],
      [['li', '--role', 'officer'], /--password-file/],
    ];
    for (const [args, message] of attempts) {
      const { code, stdout, stderr } = await bandwarden('user', 'add', ...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

describe('bandwarden register import', () => {
  it('imports every usable row at once and names the others with line and reason', async () => {
    await inStore((store) => store.assignments.replace('register', [assignment('old', 1e8)]));
    const csv = file(
      'r.csv',
      '\uFEFFid,center_hz,bandwidth_hz,licensee\nA1,98700000,200000,城市電台\nA2,,1,\nA3,1e8,1e5,\n',
    );
    const { code, stdout, stderr } = await bandwarden('register', 'import', csv, '--format', 'csv');
    expect([code, stdout]).toEqual([0, 'imported 2 assignments as "register"; 1 rows rejected\n']);
    expect(stderr).toBe(`${csv}:3: center_hz is empty\n`);
    const rows = await inStore((store) => store.assignments.list());
    expect(rows.map(({ id, licensee }) => [id, licensee])).toEqual([
      ['A1', '城市電台'],
      ['A3', ''],
    ]);
  });

  it('changes nothing where nothing is usable', async () => {
    await inStore((store) => store.assignments.replace('register', [assignment('old', 1e8)]));
    const attempts: [string, RegExp][] = [
      [file('a.csv', 'name,frequency\nx,1\n'), /no usable row/],
      [file('b.csv', Uint8Array.of(0x69, 0x64, 0xb9, 0xe3)), /not UTF-8/],
      [join(folder, 'missing.csv'), /cannot be read/],
    ];
    for (const [name, message] of attempts) {
      const { code, stderr } = await bandwarden('register', 'import', name);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
    }
    expect(await inStore((store) => store.assignments.count())).toBe(1);
    expect((await bandwarden('register', 'import', file('c.csv', ''), '--format', 'fcc')).code).toBe(2);
  });
});

describe('bandwarden receiver add', () => {
  it('makes credentials, shows the password once, and makes new ones when asked again', async () => {
    const first = await bandwarden('receiver', 'add', 'roof-north');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toContain('broker    mqtt://127.0.0.1:2883\n');
    expect(first.stdout).toContain('topics    office/v1/roof-north/…\n');
    const passwordIn = (text: string) => /^password {2}(\S{43})$/m.exec(text)?.[1] ?? '';
    const hash = () => inStore((store) => store.receiverCredentials.get('roof-north'));
    expect(await verifyPassword(await hash(), passwordIn(first.stdout))).toBe(true);
    expect(await inStore((store) => store.receivers.get('roof-north'))).toMatchObject({ approved: true });
    const second = await bandwarden('receiver', 'add', 'roof-north');
    expect(await verifyPassword(await hash(), passwordIn(first.stdout))).toBe(false);
    expect(await verifyPassword(await hash(), passwordIn(second.stdout))).toBe(true);
  });

  it('refuses an id that no topic may have', async () => {
    for (const id of ['alerts', 'Roof', 'a/b', '#']) expect((await bandwarden('receiver', 'add', id)).code).toBe(2);
  });
});

import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBinding, type SqliteBinding } from '../../src/store/sqlite/driver.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { describeStore } from './describe-store.ts';
import { account, alert, emission, silentLog as log, spectrumRow } from './records.ts';

const storeModule = join(import.meta.dirname, '../../src/store/sqlite/store.ts');

function installed(name: SqliteBinding['name']): boolean {
  try {
    openBinding(':memory:', [name]).close();
    return true;
  } catch {
    return false;
  }
}

for (const binding of ['better-sqlite3', 'node:sqlite'] as const) {
  if (!installed(binding)) continue;
  describeStore(`SQLite by ${binding}, in memory`, () => {
    return openSqliteStore({ file: ':memory:', log, bindings: [binding] });
  });
}

describe('an SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bandwarden-store-'));
    file = join(folder, 'data/bandwarden.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = () => openSqliteStore({ file, log });
  const raw = () => openBinding(file);
  const scalar = (database: SqliteBinding, query: string) => {
    return Object.values(database.prepare(query).all([])[0] as object)[0];
  };

  /** Runs `body` with a `store` on the same file; rejects where the process does not end by itself. */
  function inAnotherProcess(body: string): Promise<unknown> {
    const code = `
      const { openSqliteStore } = await import(${JSON.stringify(storeModule)});
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const store = await openSqliteStore({ file: ${JSON.stringify(file)}, log });
      ${body}`;
    return promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
  }

  it('keeps what was stored when it is closed and opened again, spectra included', async () => {
    const first = await open();
    await first.alerts.put(alert('a1', 1));
    await first.spectra.put([spectrumRow(1000)]);
    await first.close();
    await first.close();
    const second = await open();
    expect(await second.alerts.get('a1')).toEqual(alert('a1', 1));
    expect(await second.spectra.find({ receiver: 'roof', fromMs: 0, toMs: 2000, limit: 5 })).toEqual([
      spectrumRow(1000),
    ]);
    await second.close();
  });

  it('and its log are readable by their owner alone, in a folder of their owner', async () => {
    const store = await open();
    await store.accounts.add(account('1', 'li'));
    for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    await store.close();
    chmodSync(file, 0o644);
    await (await open()).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is in WAL mode, and what was committed outlives the death of its process', async () => {
    const store = await open();
    await store.close();
    const database = raw();
    expect(scalar(database, 'pragma journal_mode')).toBe('wal');
    database.close();
    const append = `
      for (let i = 0; i < 5; i++) await store.audit.append({ timeMs: i, by: 'x', action: 'y', subject: '', detail: '' });
      process.kill(process.pid, 'SIGKILL');`;
    await expect(inAnotherProcess(append)).rejects.toMatchObject({ signal: 'SIGKILL' });
    const after = await open();
    expect(await after.audit.list(10)).toHaveLength(5);
    await after.close();
  });

  it('can be written by the service and by a command at once', async () => {
    const service = await open();
    const command = inAnotherProcess(`
      for (let i = 0; i < 60; i++) await store.audit.append({ timeMs: i, by: 'x', action: 'y', subject: '', detail: '' });
      await store.close();`);
    let done = false;
    let written = 0;
    void command.finally(() => {
      done = true;
    });
    while (!done) {
      await service.emissions.put([emission(`e${written++}`, 1e8, 1.1e8)]);
      await new Promise((resume) => setImmediate(resume));
    }
    await command;
    expect(await service.audit.list(100)).toHaveLength(60);
    expect(await service.emissions.find({ limit: 100_000 })).toHaveLength(written);
    await service.close();
  });

  it('cut short is refused by name, and left as it is', async () => {
    const store = await open();
    for (let i = 1; i < 200; i++) await store.alerts.put(alert(`a${i}`, i));
    await store.close();
    truncateSync(file, statSync(file).size - 20_000);
    const before = readFileSync(file);
    await expect(open()).rejects.toMatchObject({ code: 'store-failed', message: /bandwarden\.sqlite.*damaged/ });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('with a page overwritten is refused', async () => {
    const store = await open();
    for (let i = 1; i < 200; i++) await store.alerts.put(alert(`a${i}`, i));
    await store.close();
    const bytes = readFileSync(file);
    const database = raw();
    const root = scalar(database, `select rootpage from sqlite_schema where name = 'alerts'`);
    const pageBytes = scalar(database, 'pragma page_size');
    database.close();
    bytes.fill(0xa5, (root - 1) * pageBytes, root * pageBytes);
    writeFileSync(file, bytes);
    await expect(open()).rejects.toMatchObject({ code: 'store-failed', message: /damaged/ });
  });

  it('that is no database, or that of another program, is refused', async () => {
    await (await open()).close();
    rmSync(file);
    writeFileSync(file, 'date, time, Hz low, Hz high\n'.repeat(100));
    await expect(open()).rejects.toMatchObject({ code: 'store-failed', message: /not an SQLite database/ });
    rmSync(file);
    const other = raw();
    other.exec('create table recipes (name text)');
    other.close();
    await expect(open()).rejects.toMatchObject({ code: 'store-failed', message: /another program/ });
  });

  it('of a newer version is refused by name', async () => {
    await (await open()).close();
    const database = raw();
    database.exec(`insert into kysely_migration (name, timestamp) values ('999-later', '2030-01-01')`);
    database.close();
    await expect(open()).rejects.toMatchObject({ code: 'store-failed', message: /newer version/ });
  });

  it('gives its space back when old spectra are deleted', async () => {
    const store = await open();
    const levels = new Uint8Array(4096).fill(7);
    await store.spectra.put(Array.from({ length: 2000 }, (_, i) => spectrumRow(i, { levels })));
    await store.spectra.prune(0);
    const before = raw();
    const fullPages = scalar(before, 'pragma page_count');
    expect(await store.spectra.prune(2000)).toBe(2000);
    expect(scalar(before, 'pragma page_count')).toBeLessThan(fullPages / 4);
    before.close();
    await store.close();
  });

  it('answers questions about bands and periods from its indexes', async () => {
    await (await open()).close();
    const database = raw();
    const plan = (query: string) => {
      const steps = database.prepare(`explain query plan ${query}`).all([]) as { detail: string }[];
      return steps.map(({ detail }) => detail).join('\n');
    };
    expect(plan('select * from emissions where receiver = 1 order by lastSeenMs desc limit 5')).toMatch(
      /SEARCH emissions USING INDEX emissionsByReceiver/,
    );
    expect(
      plan(
        'select * from assignments where number in (select id from assignmentBands where lowHz <= 2 and highHz >= 1)',
      ),
    ).toMatch(/SEARCH assignments USING INTEGER PRIMARY KEY[\s\S]*VIRTUAL TABLE INDEX/);
    expect(plan('select * from alerts where revision > 5 order by revision limit 5')).toMatch(/alertsByRevision/);
    database.close();
  });

  it('fails with what is wrong where it can no longer be written', async () => {
    const store = await open();
    await store.close();
    await expect(store.alerts.put(alert('a2', 2))).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('alerts.put'),
    });
  });
});

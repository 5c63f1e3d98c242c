import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { openThreadedStore } from '../../src/store/threaded-store.ts';
import { account, alert, silentLog as log, spectrumRow } from './records.ts';

const folder = mkdtempSync(join(tmpdir(), 'bandwarden-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a store in a thread', () => {
  it('has every method of the one in this thread', async () => {
    const here = await openSqliteStore({ file: ':memory:', log });
    const there = await openThreadedStore(':memory:', log);
    const methodsOf = (store: object) =>
      Object.entries(store).flatMap(([noun, methods]) => Object.keys(methods).map((method) => `${noun}.${method}`));
    expect(methodsOf(there)).toEqual(methodsOf(here));
    await Promise.all([here.close(), there.close()]);
  });

  it('gives absent records, lists and conflicts as they are', async () => {
    const store = await openThreadedStore(':memory:', log);
    expect(await store.accounts.byName('li')).toBeNull();
    await store.accounts.add(account('1', 'li'));
    expect(await store.accounts.list()).toEqual([account('1', 'li')]);
    await expect(store.accounts.add(account('2', 'LI'))).rejects.toMatchObject({ code: 'conflict' });
    await store.close();
  });

  it('keeps the order of calls, and what was buffered when it is closed', async () => {
    const file = join(folder, 'order.db');
    const store = await openThreadedStore(file, log);
    const puts = Array.from({ length: 50 }, (_, i) => store.alerts.put(alert('a1', i + 1)));
    await store.spectra.put([spectrumRow(1_000)]);
    const read = store.alerts.get('a1');
    await Promise.all(puts);
    expect(await read).toEqual(alert('a1', 50));
    await store.close();
    await store.close();
    const again = await openThreadedStore(file, log);
    expect(await again.spectra.find({ receiver: 'roof', fromMs: 0, toMs: 2_000, limit: 5 })).toEqual([
      spectrumRow(1_000),
    ]);
    await again.close();
  });

  it('says what is wrong with a file as it would in this thread', async () => {
    const file = join(folder, 'text.db');
    writeFileSync(file, 'date, time, Hz low, Hz high\n'.repeat(100));
    await expect(openThreadedStore(file, log)).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringMatching(/not an SQLite database/),
    });
  });

  it('refuses calls once it is closed', async () => {
    const store = await openThreadedStore(':memory:', log);
    await store.close();
    await expect(store.alerts.put(alert('a1', 1))).rejects.toMatchObject({ code: 'store-failed' });
  });
});

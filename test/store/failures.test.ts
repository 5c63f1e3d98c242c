import { describe, expect, it } from 'vitest';
import { BandwardenError } from '../../src/core/errors.ts';
import { openBinding } from '../../src/store/sqlite/driver.ts';
import { guarded, isUniqueViolation, storeFailure } from '../../src/store/sqlite/failures.ts';

function failureOf(statements: readonly string[]): unknown {
  const database = openBinding(':memory:');
  try {
    for (const statement of statements) database.exec(statement);
    return null;
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
}

describe('a failure of SQLite', () => {
  it('that the disk is full says so', () => {
    const big = `insert into t values (zeroblob(1000000))`;
    const full = failureOf(['pragma max_page_count = 10', 'create table t (x blob)', big]);
    expect(storeFailure('alerts.put', full)).toMatchObject({
      code: 'store-failed',
      message: 'alerts.put: the disk is full',
      cause: full,
    });
  });

  it('of the disk is known by its extended code, as either binding tells it', () => {
    for (const error of [{ code: 'SQLITE_IOERR_WRITE' }, { code: 'ERR_SQLITE_ERROR', errcode: 778 }]) {
      expect(storeFailure('x', error).message).toBe('x: the disk does not read or write');
    }
  });

  it('that nobody has words for keeps its own', () => {
    expect(storeFailure('x', failureOf(['select * from nowhere'])).message).toBe('x: no such table: nowhere');
    expect(storeFailure('x', 'odd').message).toBe('x: odd');
  });

  it('is told from a value that must be unique', () => {
    const twice = ['create table t (x unique)', 'insert into t values (1)', 'insert into t values (1)'];
    expect(isUniqueViolation(failureOf(twice))).toBe(true);
    expect(isUniqueViolation(failureOf(['select * from nowhere']))).toBe(false);
    expect(isUniqueViolation(null)).toBe(false);
  });

  it('in a guarded method names the noun and the method; errors of our own pass', async () => {
    const own = new BandwardenError('conflict', 'taken');
    const methods = guarded('alerts', {
      put: async () => Promise.reject(new Error('odd')),
      get: async () => Promise.reject(own),
    });
    await expect(methods.put()).rejects.toMatchObject({ code: 'store-failed', message: 'alerts.put: odd' });
    await expect(methods.get()).rejects.toBe(own);
  });
});

describe('a machine without SQLite', () => {
  it('is told what to install', () => {
    const remedy = /apt-get install build-essential python3 && npm ci/;
    expect(() => openBinding(':memory:', [])).toThrow(remedy);
  });
});

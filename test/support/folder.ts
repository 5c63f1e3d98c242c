import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of its own for a test file or group, deleted after it. Call it outside of tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bandwarden-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFixtures } from '../../fixtures/make.ts';
import { parseRegisterCsv } from '../../src/formats/register-csv.ts';
import { openRecording } from '../../src/ingest/recordings/open-recording.ts';
import { CITY_REGISTER } from '../../src/simulation/city/register.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures');
const FILES = makeFixtures();
const open = (name: string) => openRecording(join(FOLDER, name), { format: 'auto', timezone: 'UTC' });

describe('the fixtures', () => {
  it.each([...FILES.keys()])('%s is what fixtures/make.ts makes', (name) => {
    expect(Buffer.compare(readFileSync(join(FOLDER, name)), FILES.get(name)!)).toBe(0);
  });

  it('are small: under 300 kB in all', () => {
    const bytes = [...FILES.keys()].reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0);
    expect(bytes).toBeLessThan(300_000);
  });

  it('are named or described so that they open without options', async () => {
    const recording = await open('recordings/bursts_433.92M_250k.cu8');
    expect(recording.captures[0]).toMatchObject({ centerHz: 433_920_000, sampleRateHz: 250_000, pairs: 45_000 });
    await recording.close();
    const sigmf = await open('recordings/handheld.sigmf-meta');
    expect(sigmf.captures[0]).toMatchObject({ format: 'cs16', centerHz: 409_600_000, pairs: 20_000 });
    await sigmf.close();
    const log = await open('recordings/fm_rtl_power.csv');
    expect(log.captures[0]).toMatchObject({ kind: 'sweep', count: 12, points: 256, startHz: 97_600_000 });
    await log.close();
  });

  it('hold the register of the city, which reads back to the same rows', () => {
    const parsed = parseRegisterCsv(readFileSync(join(FOLDER, 'registers/city.csv'), 'utf8'));
    expect(parsed.rejects).toEqual([]);
    expect(parsed.rows).toEqual(CITY_REGISTER);
  });
});

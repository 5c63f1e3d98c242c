import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openConfiguredStore } from '../../src/app/open-store.ts';
import { checkConfig } from '../../src/config/load.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { RunningProcess } from '../support/process.ts';
import { carrierSource, emulate, prepare, QUIET_LOG } from './running-app.ts';

const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
const started: RunningProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop('SIGKILL')));
});

const CENTER_HZ = 99_000_000;

describe('the service, killed and started again', () => {
  it('goes on with the emission that is on the air: one record, one alert, the first time kept', async () => {
    const port = await freePort();
    const text = `dataDir: data\nhttp: { port: 0 }\nmqtt: { port: ${port} }\n`;
    const file = join(folder, 'bandwarden.yaml');
    writeFileSync(file, text);
    const checked = checkConfig(text, folder);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await prepare(checked.config);
    const run = async () => {
      const args = ['--import', 'tsx', 'src/main.ts', 'serve', '--config', file];
      const service = new RunningProcess(process.execPath, args, { cwd: root });
      started.push(service);
      await service.line(/^Bandwarden is at (\S+)$/, 30_000);
      const receiver = await emulate({ brokerUrl: `mqtt://127.0.0.1:${port}` } as Parameters<typeof emulate>[0]);
      const source = carrierSource(250_000, CENTER_HZ, [{ offsetHz: 40e3, fromSeconds: 0 }], 3.2);
      await receiver.run(source, BigInt(Date.now()) * 1_000_000n);
      await wait(500);
      await service.stop('SIGKILL');
      await receiver.stop();
    };
    const state = async () => {
      const store = await openConfiguredStore(checked.config, QUIET_LOG);
      const emissions = await store.emissions.find({ limit: 100, verdict: 'unassigned' });
      const alerts = await store.alerts.find({ limit: 100 });
      await store.close();
      return { emissions, alerts };
    };
    await run();
    const before = await state();
    expect(before.emissions).toHaveLength(1);
    expect(before.alerts).toHaveLength(1);
    await run();
    const after = await state();
    expect(after.emissions.map(({ id }) => id)).toEqual(before.emissions.map(({ id }) => id));
    expect(after.emissions[0].firstSeenMs).toBe(before.emissions[0].firstSeenMs);
    expect(after.emissions[0].lastSeenMs).toBeGreaterThan(before.emissions[0].lastSeenMs);
    expect(after.alerts.map(({ id, raisedMs }) => [id, raisedMs])).toEqual(
      before.alerts.map(({ id, raisedMs }) => [id, raisedMs]),
    );
    expect(after.alerts[0].emissions).toEqual(before.emissions.map(({ id }) => id));
  }, 90_000);
});

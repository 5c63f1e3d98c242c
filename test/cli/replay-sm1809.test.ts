import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startBroker } from '../../hardware/mqtt/broker.ts';
import { MqttDriver } from '../../hardware/mqtt/driver.ts';
import { afterTest, QUIET_LOG, started } from '../hardware/link/device-bench.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/process.ts';

const folder = temporaryFolder();
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BANDWARDEN_')));

/** Two bands over midnight, in the order of the Recommendation's fields; levels as they are told apart. */
const NIGHT = `FileType Standard Data exchange Format 2.0
LocationName Brasilia
Latitude 15.47.38S
Longitude 047.52.58W
FreqStart 88000;430000
FreqStop 88300;430100
AntennaType Omni
FilterBandwidth 30;10
LevelUnits dBuV/m;dBuV/m
Date 2026-06-15
DataPoints 4;3
ScanTime 0.5
Detector RMS;RMS

23:59:59,40.5,41,62.25,40;,10,11,12
00:00:00,40,41,62,40.25;,10,55.5,12
00:00:01,40,nan,61,40;,9,11,12
`;

it('an SM.1809 file is played into the service as the sweeps of a receiver', async () => {
  const broker = await startBroker({
    prefix: 'bandwarden/v1',
    port: 0,
    log: QUIET_LOG,
    authenticate: async (name) => (name === 'service' ? { kind: 'service' } : { kind: 'receiver', receiver: name }),
  });
  afterTest(() => broker.close());
  const driver = new MqttDriver({
    url: broker.url,
    service: 'main',
    username: 'service',
    password: 'x',
    log: QUIET_LOG,
  });
  const notebook = await started(driver);
  await notebook.until(() => driver.isConnected, 'the connection');
  const [file, password] = [join(folder, 'night.sm1809'), join(folder, 'password')];
  writeFileSync(file, NIGHT);
  writeFileSync(password, 'x');
  const login = ['--username', 'archive', '--password-file', password];
  const command = ['replay', file, '--receiver', 'archive', '--broker', broker.url, '--speed', '20', ...login];
  const startedMs = Date.now();
  const { code, stdout, stderr } = await run(process.execPath, ['--import', 'tsx', 'src/main.ts', ...command], {
    env: environment,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^6 packets sent, 0 lost/);
  await notebook.until(() => notebook.frames.length === 6, 'six sweeps');

  expect(notebook.sweeps.map(({ startHz }) => startHz)).toEqual([88e6, 430e6, 88e6, 430e6, 88e6, 430e6]);
  for (const sweep of notebook.sweeps) {
    const isFm = sweep.startHz === 88e6;
    expect(sweep).toMatchObject({
      receiver: 'archive',
      unit: 'dBuV/m',
      rbwHz: isFm ? 30e3 : 10e3,
      stepHz: isFm ? 100e3 : 50e3,
      durationSeconds: 0.5,
    });
  }
  expect([...notebook.sweeps[0].powers]).toEqual([40.5, 41, 62.25, 40]);
  expect([...notebook.sweeps[3].powers]).toEqual([10, 55.5, 12]);
  // A level that is missing is the lower one of its neighbours.
  expect([...notebook.sweeps[4].powers]).toEqual([40, 40, 61, 40]);
  // The times are those of the replay, a second of the file a second from each other, over midnight too.
  const timesMs = notebook.sweeps.map(({ timeNs }) => Number(timeNs / 1_000_000n));
  expect(timesMs.map((ms) => ms - timesMs[0])).toEqual([0, 0, 1_000, 1_000, 2_000, 2_000]);
  expect(timesMs[0]).toBeGreaterThanOrEqual(startedMs);
  expect(notebook).toMatchObject({ rejects: [], lostPackets: 0 });
});

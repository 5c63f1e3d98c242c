import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emitter, renderScene } from '../../src/simulation/scene.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Broker, startMosquitto } from '../support/mosquitto.ts';
import { describeWith } from '../support/services.ts';
import {
  alertOf,
  type BuiltService,
  logIn,
  OUTPUT,
  openLive,
  startBuiltService,
  succeed,
  writeFileIn,
} from './built-service.ts';

const RATE_HZ = 2_400_000;
const CENTER_HZ = 99_000_000;
const SECONDS = 6;
const PASSWORD = 'correct horse battery';
/** Unassigned handhelds, one after the other, and one licensed station that must stay quiet. */
const UNASSIGNED_HZ = Array.from({ length: 10 }, (_, i) => CENTER_HZ - 1_000_000 + i * 90_000);
const LICENSED_HZ = 99_600_000;
const REGISTER = `id,kind,licensee,station,service,center_hz,bandwidth_hz
L1,assignment,City Radio,City FM,broadcasting,${LICENSED_HZ},200000
`;

describeWith(['mosquitto'], 'a receiver at 2.4 MS/s, Mosquitto, the built service and a client', () => {
  const folder = temporaryFolder();
  let broker: Broker;
  let service: BuiltService;
  let recording: string;

  beforeAll(async () => {
    const accounts = { service: 'service-password', 'north-mast': 'mast-password' };
    broker = await startMosquitto({ folder, accounts });
    const config = writeFileIn(
      folder,
      'bandwarden.yaml',
      [
        'dataDir: data',
        'http: { port: 0 }',
        'mqtt:',
        `  broker: ${broker.url}`,
        '  username: service',
        `  passwordFile: ${writeFileIn(folder, 'service.password', accounts.service)}`,
        'receivers:',
        '  - { id: north-mast, name: North mast, approved: true }',
        '',
      ].join('\n'),
    );
    const password = writeFileIn(folder, 'li.password', PASSWORD);
    await succeed('user', 'add', 'li', '--role', 'operator', '--password-file', password, '--config', config);
    await succeed('register', 'import', writeFileIn(folder, 'register.csv', REGISTER), '--config', config);
    writeFileIn(folder, 'mast.password', accounts['north-mast']);
    const emitters: Emitter[] = UNASSIGNED_HZ.map((centerHz, i) => ({
      name: `handheld ${i}`,
      signal: { kind: 'nfm', audio: 'voice', deviationHz: 2500 },
      centerHz,
      snrDb: 25,
      schedule: [[1 + i * 0.4, SECONDS]],
    }));
    const licensed: Emitter = { name: 'City FM', signal: { kind: 'wfm' }, centerHz: LICENSED_HZ, snrDb: 30 };
    const receiver = { sampleRateHz: RATE_HZ, centerHz: CENTER_HZ, format: 'cu8', noiseDbfs: -35 } as const;
    const { samples } = renderScene({ seed: 5, receiver, emitters: [...emitters, licensed] }, SECONDS);
    recording = join(folder, 'mast_99M_2400k.cu8');
    writeFileSync(recording, samples);
    service = await startBuiltService('--config', config);
  }, 180_000);

  afterAll(async () => {
    await service?.stop();
    await broker?.stop();
  });

  it('tells of every unassigned handheld, of nothing else, with a median under 250 ms after its last sample', async () => {
    const live = await openLive(service.url, await logIn(service.url, 'li', PASSWORD));
    const latencies = new Map<string, { centerHz: number; latencyMs: number }>();
    live.socket.on('message', (data, isBinary) => {
      const alert = isBinary ? null : alertOf(JSON.parse(String(data)));
      if (!alert || latencies.has(alert.id)) return;
      latencies.set(alert.id, { centerHz: alert.centerHz, latencyMs: Date.now() - alert.evidenceMs });
    });
    const replayed = ['replay', recording, '--receiver', 'north-mast', '--broker', broker.url];
    await succeed(...replayed, '--username', 'north-mast', '--password-file', join(folder, 'mast.password'));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await live.close();

    const told = [...latencies.values()];
    for (const centerHz of UNASSIGNED_HZ) {
      expect(told.filter((alert) => Math.abs(alert.centerHz - centerHz) < 3_000)).toHaveLength(1);
    }
    expect(told).toHaveLength(UNASSIGNED_HZ.length);
    const sorted = told.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)];
    mkdirSync(OUTPUT, { recursive: true });
    writeFileSync(join(OUTPUT, 'alert-latency.json'), `${JSON.stringify({ rateHz: RATE_HZ, medianMs, sorted })}\n`);
    expect(medianMs).toBeGreaterThan(0);
    expect(medianMs).toBeLessThan(250);
  }, 120_000);
});

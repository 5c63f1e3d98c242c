import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { Cable, configOf, missingPairs, PASSWORDS, Service, startAgent } from './agent-bench.ts';
import { FakePrograms } from './fake-programs.ts';

it('60 s at real pace', async () => {
  const folder = temporaryFolderNow();
  const broker = await startMosquitto({ folder, accounts: PASSWORDS });
  const fakes = new FakePrograms(mkdtempSync(join(folder, 'fakes-')));
  for (const [name, value] of Object.entries(fakes.environment(1))) vi.stubEnv(name, value);
  const cable = await Cable.to(broker.port);
  const service = await Service.at(broker.url);
  const source = { type: 'rtl_sdr', centerHz: 433.92e6, sampleRateHz: 1_024_000, gainDb: 28.5 };
  const agent = await startAgent(configOf(`mqtt://127.0.0.1:${cable.port}`, source, { buffer: { memoryMiB: 256 } }));
  await wait(10_000);
  console.log('before', service.blocks.length, agent.bufferedSeconds);
  cable.cut();
  await wait(60_000);
  console.log('cut', service.blocks.length, agent.bufferedSeconds);
  cable.mend();
  const t0 = performance.now();
  while (agent.bufferedSeconds > 3) {
    await wait(100);
    if (performance.now() - t0 > 90_000) break;
  }
  console.log('drained to 3 s in', (performance.now() - t0) / 1e3, 's', agent.bufferedSeconds);
  await wait(3_000);
  const { blocks } = service;
  const steps = blocks.slice(1).map((b, i) => Number(b.timeNs - blocks[i].timeNs) / 1e6);
  console.log({
    blocks: blocks.length,
    seconds: (blocks.length * blocks[0].pairs) / 1_024_000,
    missing: missingPairs(blocks),
    lost: service.lostPackets,
    rejects: service.rejects.length,
    health: agent.health,
    minStep: Math.min(...steps),
    maxStep: Math.max(...steps),
    marks: blocks.filter((b) => b.lostBefore).length,
    cpu: process.cpuUsage(),
    rss: process.memoryUsage().rss / 1e6,
  });
  expect(missingPairs(blocks)).toBe(0);
  await broker.stop();
}, 300_000);

import { mkdtempSync as mk } from 'node:fs';
import { tmpdir } from 'node:os';

function temporaryFolderNow() {
  return mk(join(tmpdir(), 'bw-'));
}
void temporaryFolder;

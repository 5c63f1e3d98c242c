import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { StreamLink } from '../../../hardware/link/stream-link.ts';
import { RtlTcpEmulator } from '../../../hardware/rtl-tcp/emulator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Broker, startMosquitto } from '../../support/mosquitto.ts';
import { freePort } from '../../support/ports.ts';
import { run } from '../../support/process.ts';
import { describeWith, requireService } from '../../support/services.ts';
import { afterTest, configOf, missingPairs, PASSWORDS, Service, startAgent } from './agent-bench.ts';
import { FakePrograms } from './fake-programs.ts';

describeWith(['mosquitto', 'openssl'], 'the sources of the agent', () => {
  const folder = temporaryFolder();
  let broker: Broker;
  let tlsPort: number;
  let fakes: FakePrograms;

  beforeAll(async () => {
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'ca.pem')];
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = await run(requireService('openssl'), [...request, ...files, ...names]);
    if (made.code !== 0) throw new Error(made.stderr);
    tlsPort = await freePort();
    const settings = `listener ${tlsPort} 127.0.0.1\ncertfile ${join(folder, 'ca.pem')}\nkeyfile ${join(folder, 'key.pem')}`;
    const acl = readFileSync('hardware/mqtt/mosquitto/acl', 'utf8');
    broker = await startMosquitto({ folder, accounts: PASSWORDS, acl, settings });
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    fakes = new FakePrograms(mkdtempSync(join(folder, 'fakes-')));
    for (const [name, value] of Object.entries(fakes.environment(1))) vi.stubEnv(name, value);
    return () => vi.unstubAllEnvs();
  });

  it('TLS with the authority of a file, under the rights that the list of Mosquitto gives a receiver', async () => {
    const service = await Service.at(broker.url);
    const source = { type: 'hackrf_transfer', centerHz: 2.45e9, sampleRateHz: 500_000 };
    const ca = readFileSync(join(folder, 'ca.pem'), 'utf8');
    await startAgent(configOf(`mqtts://localhost:${tlsPort}`, source), ca);
    await service.until(() => service.blocks.length >= 10, 'ten blocks');
    expect(service.blocks[0]).toMatchObject({ format: 'cs8', pairs: 2 ** 15, gainDb: 36, centerHz: 2.45e9 });
    expect(missingPairs(service.blocks)).toBe(0);
    expect(await service.command({ command: 'tune', centerHz: 1e9, gainDb: 20 })).toMatchObject({ ok: true });
    await service.until(() => service.blocks.at(-1)?.centerHz === 1e9, 'the new centre');
    expect(service.blocks.at(-1)?.gainDb).toBe(20);
    fakes.say('overrun');
    await service.until(() => service.blocks.at(-1)?.lostBefore === true, 'the mark of an overrun');
  });

  it('rx_sdr: 16 bits, and an overflow marks what follows', async () => {
    const service = await Service.at(broker.url);
    const source = { type: 'rx_sdr', device: 'driver=uhd', centerHz: 868e6, sampleRateHz: 250_000 };
    await startAgent(configOf(broker.url, source));
    await service.until(() => service.blocks.length >= 3, 'three blocks');
    expect(service.blocks[2]).toMatchObject({ format: 'cs16', pairs: 2 ** 14, gainDb: null, lostBefore: false });
    fakes.say('overflow');
    await service.until(() => service.blocks.at(-1)?.lostBefore === true, 'the mark of an overflow');
  });

  it.each([
    [
      { type: 'rtl_power', startHz: 88e6, stopHz: 90e6, rbwHz: 10e3 },
      { startHz: 88e6, stepHz: 10e3, points: 200 },
    ],
    [
      { type: 'hackrf_sweep', startHz: 2400e6, stopHz: 2440e6 },
      { startHz: 2400.5e6, stepHz: 1e6, points: 40 },
    ],
    [
      { type: 'soapy_power', device: 'driver=lime', startHz: 88e6, stopHz: 90e6, rbwHz: 10e3 },
      { startHz: 88e6, stepHz: 10e3, points: 200 },
    ],
  ])('sweeps of %j arrive numbered, and are acknowledged', async (source, { startHz, stepHz, points }) => {
    const service = await Service.at(broker.url);
    const agent = await startAgent(configOf(broker.url, source));
    await service.until(() => service.sweeps.length >= 5, 'five sweeps');
    const { sweeps } = service;
    expect(sweeps[0]).toMatchObject({ startHz, stepHz, unit: 'dB' });
    expect(sweeps.map(({ powers }) => powers.length)).toEqual(sweeps.map(() => points));
    expect(Math.abs(Number(sweeps[0].timeNs) / 1e6 - Date.now())).toBeLessThan(20_000);
    for (let i = 1; i < sweeps.length; i++) {
      expect(sweeps[i].sequence).toBe(((sweeps[i - 1].sequence ?? 0) + 1) >>> 0);
    }
    expect(await service.command({ command: 'tune', centerHz: 1e8 })).toMatchObject({ ok: false });
    const scan = { command: 'scan', startHz: 2420e6, stopHz: 2440e6, rbwHz: null };
    expect(await service.command(scan)).toMatchObject({ ok: true });
    const isNew = ({ startHz: hz }: { startHz: number }) => Math.abs(hz - 2420e6) < 1e6;
    await service.until(() => service.sweeps.filter(isNew).length >= 3, 'the new span');
    expect(agent.health.packetsLost).toBe(0);
    expect(service.rejects).toEqual([]);
  });

  it('rtl_tcp: steps of a plan within one connection', async () => {
    const emulator = new RtlTcpEmulator(100.02e6);
    const server = createServer((socket) => void emulator.run(new StreamLink(socket))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    afterTest(() => server.close());
    const port = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const service = await Service.at(broker.url);
    const plan = [100e6, 100.2e6, 100.4e6].map((centerHz) => ({ centerHz, dwellSeconds: 0.2 }));
    const source = { type: 'rtl_tcp', port, centerHz: 1e8, sampleRateHz: 250_000, gainDb: 10 };
    await startAgent(configOf(broker.url, source, { plan }));
    const centers = () => service.blocks.map(({ centerHz }) => centerHz);
    await service.until(
      () => centers().filter((hz, i) => hz === 100e6 && centers()[i - 1] === 100.4e6).length >= 1,
      'a round',
    );
    const visits = centers().filter((hz, i) => hz !== centers()[i - 1]);
    expect(visits.slice(0, 4)).toEqual([100e6, 100.2e6, 100.4e6, 100e6]);
    expect(emulator.connections).toBe(1);
    expect(service.blocks.filter(({ lostBefore }) => lostBefore).length).toBeGreaterThanOrEqual(4);
  });
});

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { type Broker, startMosquitto } from '../../support/mosquitto.ts';
import { describeWith } from '../../support/services.ts';
import { Cable, configOf, missingPairs, PASSWORDS, Service, startAgent } from './agent-bench.ts';
import { FakePrograms } from './fake-programs.ts';

const RTL_SDR = { type: 'rtl_sdr', centerHz: 433.92e6, sampleRateHz: 250_000, gainDb: 28.5 };

describeWith(['mosquitto'], 'the agent, with real processes and a real Mosquitto', () => {
  const folder = temporaryFolder();
  let broker: Broker;
  let fakes: FakePrograms;

  const use = (pace: number) => {
    for (const [name, value] of Object.entries(fakes.environment(pace))) vi.stubEnv(name, value);
  };

  beforeAll(async () => {
    broker = await startMosquitto({ folder, accounts: PASSWORDS });
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    fakes = new FakePrograms(mkdtempSync(join(folder, 'fakes-')));
    use(1);
    return () => vi.unstubAllEnvs();
  });

  it('publishes what rtl_sdr hears, with its tuning, a place, and times that are those of this clock', async () => {
    const service = await Service.at(broker.url);
    const location = { lat: 22.3, lon: 114.17, altitudeM: 85 };
    await startAgent(configOf(broker.url, RTL_SDR, { station: { antenna: 'discone', location } }));
    await service.until(() => service.blocks.length >= 12, 'twelve blocks');
    const { blocks } = service;
    expect(blocks[0]).toMatchObject({
      centerHz: 433.92e6,
      sampleRateHz: 250_000,
      gainDb: 28.5,
      format: 'cu8',
      pairs: 2 ** 14,
    });
    expect(missingPairs(blocks)).toBe(0);
    expect(blocks.filter(({ lostBefore }) => lostBefore)).toHaveLength(1);
    const last = blocks[blocks.length - 1];
    expect(Math.abs(Number(last.timeNs) / 1e6 + 65.5 - Date.now())).toBeLessThan(1_000);
    expect(service.states).toEqual(['offline', 'online']);
    expect(service.lastInfo).toMatchObject({
      model: 'RTL-SDR',
      antenna: 'discone',
      location,
      health: { packetsLost: 0 },
    });
    expect(service.lastInfo?.clock?.source).toBeDefined();
    expect(fakes.starts).toHaveLength(1);
    expect(fakes.starts[0].args.join(' ')).toBe('-f 433920000 -s 250000 -g 28.5 -p 0 -d 0 -b 4096 -');
  });

  it('loses nothing of 60 s of signal for which the link is cut, and sends nothing twice', async () => {
    use(30);
    const cable = await Cable.to(broker.port);
    const service = await Service.at(broker.url);
    const source = { ...RTL_SDR, sampleRateHz: 163_840 };
    const agent = await startAgent(configOf(`mqtt://127.0.0.1:${cable.port}`, source));
    await service.until(() => service.blocks.length >= 5, 'five blocks');
    cable.cut();
    const before = agent.bufferedSeconds;
    await service.until(() => agent.bufferedSeconds - before >= 60, '60 s of signal');
    fakes.say('pause');
    cable.mend();
    await service.until(() => agent.bufferedSeconds === 0, 'an empty buffer');
    const { blocks } = service;
    expect(blocks.length * 0.1).toBeGreaterThan(60);
    expect(missingPairs(blocks)).toBe(0);
    for (let i = 1; i < blocks.length; i++) expect(blocks[i].sequence).toBe((blocks[i - 1].sequence + 1) >>> 0);
    expect(service).toMatchObject({ lostPackets: 0, rejects: [] });
    expect(agent.health.packetsLost).toBe(0);
  });

  it('lets go the oldest where its buffer is full, counts it, and says so in the next packet', async () => {
    use(8);
    const cable = await Cable.to(broker.port);
    const service = await Service.at(broker.url);
    const source = { ...RTL_SDR, sampleRateHz: 163_840 };
    const buffer = { memoryMiB: 1 };
    const agent = await startAgent(configOf(`mqtt://127.0.0.1:${cable.port}`, source, { buffer }));
    await service.until(() => service.blocks.length >= 5, 'five blocks');
    cable.cut();
    await service.until(() => agent.health.packetsLost >= 40, 'a full buffer');
    fakes.say('pause');
    await wait(100);
    const kept = service.blocks.length;
    cable.mend();
    await service.until(() => agent.bufferedSeconds === 0, 'an empty buffer');
    const [first, second] = service.blocks.slice(kept);
    expect([first.lostBefore, second.lostBefore]).toEqual([true, false]);
    // A packet is 32,816 bytes: 31 are in 1 MiB.
    expect(service.blocks.length - kept).toBe(31);
    // What was let go may have arrived, unanswered, before the cut.
    expect(service.lostPackets).toBeGreaterThan(0);
    expect(service.lostPackets).toBeLessThanOrEqual(agent.health.packetsLost);
    expect(missingPairs(service.blocks)).toBe(service.lostPackets * 2 ** 14);
  });

  it('keeps what the service has not acknowledged, whatever the broker took, and sends it again', async () => {
    const service = await Service.at(broker.url);
    service.acknowledges = false;
    use(4);
    const agent = await startAgent(configOf(broker.url, RTL_SDR));
    await service.until(() => service.blocks.length >= 20, 'twenty blocks');
    expect(agent.bufferedSeconds).toBeGreaterThan(1.2);
    fakes.say('pause');
    await service.stop();
    const next = await Service.at(broker.url);
    await next.until(() => agent.bufferedSeconds === 0, 'an empty buffer');
    expect(missingPairs(next.blocks)).toBe(0);
    expect(next.blocks[0].sequence).toBe(service.blocks[0].sequence);
  });

  it('shows within 2 s that its device is unplugged or hangs, and comes back without spinning', async () => {
    const service = await Service.at(broker.url);
    await startAgent(configOf(broker.url, RTL_SDR));
    await service.until(() => service.states.at(-1) === 'online', 'online');
    fakes.say('absent');
    fakes.say('unplug');
    const pulledMs = performance.now();
    await service.until(() => service.states.at(-1) === 'offline', 'offline');
    expect(performance.now() - pulledMs).toBeLessThan(2_000);
    await service.until(() => service.lastInfo?.health?.trouble === 'no RTL-SDR is there', 'the reason');
    const starts = fakes.starts.length;
    await wait(2_000);
    // 0.25, 0.5, 1 s …: four attempts at the most.
    expect(fakes.starts.length - starts).toBeLessThanOrEqual(4);
    fakes.unsay('unplug');
    fakes.unsay('absent');
    await service.until(() => service.states.at(-1) === 'online', 'online again');
    fakes.say('hang');
    const hungMs = performance.now();
    await service.until(() => service.states.at(-1) === 'offline', 'offline again');
    expect(performance.now() - hungMs).toBeLessThan(3_000);
    const hanging = fakes.starts.at(-1)?.pid ?? 0;
    fakes.unsay('hang');
    await service.until(() => service.states.at(-1) === 'online', 'online at last');
    expect(() => process.kill(hanging, 0)).toThrow();
    const times = service.blocks.map(({ timeNs }) => timeNs);
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]);
  });

  it('follows commands: tune, scan in places, plan and stop; and refuses what it cannot do', async () => {
    const service = await Service.at(broker.url);
    use(4);
    await startAgent(configOf(broker.url, { ...RTL_SDR, dwellSeconds: 0.1 }));
    await service.until(() => service.blocks.length > 0, 'a block');
    expect(await service.command({ command: 'tune', centerHz: 98.1e6, gainDb: 10 })).toMatchObject({ ok: true });
    await service.until(() => service.blocks.at(-1)?.centerHz === 98.1e6, 'the new centre');
    expect(service.blocks.at(-1)).toMatchObject({ gainDb: 10, sampleRateHz: 250_000 });
    // 80 % of 250 kHz is 200 kHz: three places for 600 kHz.
    await service.command({ command: 'scan', startHz: 88e6, stopHz: 88.6e6 });
    const centers = () => new Set(service.blocks.map(({ centerHz }) => centerHz));
    await service.until(() => [88.1e6, 88.3e6, 88.5e6].every((hz) => centers().has(hz)), 'three places');
    const steps = [1, 2].map((i) => ({ centerHz: i * 100e6, sampleRateHz: 1_000_000, dwellSeconds: 0.1 }));
    expect(await service.command({ command: 'plan', steps })).toMatchObject({ ok: true });
    await service.until(() => service.blocks.at(-1)?.centerHz === 200e6, 'the second step');
    expect(service.blocks.at(-1)).toMatchObject({ sampleRateHz: 1_000_000, pairs: 2 ** 16 });
    await service.command({ command: 'plan', steps: [] });
    await service.until(() => service.blocks.at(-1)?.centerHz === 433.92e6, 'its own place');
    expect(await service.command({ command: 'dance' })).toMatchObject({ ok: false });
    expect(await service.command({ command: 'scan', startHz: 1e6, stopHz: 1e9 })).toMatchObject({ ok: false });
    expect(await service.command({ command: 'stop' })).toMatchObject({ ok: true });
    await wait(300);
    const silent = service.blocks.length;
    await wait(300);
    expect(service.blocks.length).toBe(silent);
  });
});

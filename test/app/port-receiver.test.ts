import { expect, it } from 'vitest';
import { GenericEmulator } from '../../hardware/generic/emulator.ts';
import { openSerial } from '../../hardware/link/serial.ts';
import { RfExplorerEmulator } from '../../hardware/rf-explorer/emulator.ts';
import { TinySaEmulator } from '../../hardware/tinysa/emulator.ts';
import type { RunningApp } from '../../src/app.ts';
import { checkConfig } from '../../src/config/load.ts';
import { afterTest, atDeviceEnd, lateness } from '../hardware/link/device-bench.ts';
import { PtyCable } from '../hardware/link/pty-cable.ts';
import { temporaryFolder } from '../support/folder.ts';
import { describeWith } from '../support/services.ts';
import { alertOf, prepare, start, watch } from './running-app.ts';

const folder = temporaryFolder();

interface ReceiverLine {
  readonly id: string;
  readonly state: string;
  readonly stateDetail: string | null;
  readonly frames: number;
  readonly unit: string;
  readonly info: { readonly model: string | null };
}

async function receiver(app: RunningApp, headers: Record<string, string>, id = 'bench'): Promise<ReceiverLine> {
  const answer = await fetch(`${app.url}/api/v1/receivers/${id}`, { headers });
  return ((await answer.json()) as { receiver: ReceiverLine }).receiver;
}

async function until(
  condition: () => Promise<boolean>,
  limitMs: number,
  say: () => Promise<string> = async () => '',
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${await say()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeWith(['socat'], 'a tinySA at a port of the service', () => {
  it('alarms on a transmitter, is offline within 2 s of being unplugged, and comes back by itself', async () => {
    const cable = new PtyCable(folder, 'usb');
    await cable.plug();
    afterTest(() => cable.cut());
    let onAir = false;
    const carrier = (frequencyHz: number) => (onAir && Math.abs(frequencyHz - 98e6) < 60e3 ? -60 : -200);
    atDeviceEnd(() => cable.device(), new TinySaEmulator({ levelDbm: carrier, pointMs: 0.1 }));
    const text = `dataDir: data
http: { port: 0 }
mqtt: { port: 0 }
receivers:
  - { id: bench, type: tinysa, port: ${cable.hostPath}, startHz: 88e6, stopHz: 108e6, rbwHz: 100e3 }
`;
    const checked = checkConfig(text, folder);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await prepare(checked.config);
    const app = await start(checked.config);
    afterTest(() => app.stop());
    const { ws, headers } = await watch(app);
    afterTest(() => ws.close());

    await until(
      async () => (await receiver(app, headers)).frames >= 20,
      15_000,
      async () => JSON.stringify(await receiver(app, headers)),
    );
    expect(await receiver(app, headers)).toMatchObject({
      state: 'online',
      unit: 'dBm',
      info: { model: 'tinySA Ultra, V0.4.5.1, firmware 1.4-199-gde12ba2' },
    });
    onAir = true;
    const alert = alertOf(await ws.text((message) => alertOf(message) !== null));
    expect(Math.abs((alert?.centerHz ?? 0) - 98e6)).toBeLessThan(60e3);
    expect(alert?.receivers).toEqual(['bench']);

    await cable.cut();
    await until(async () => (await receiver(app, headers)).state === 'offline', 2_000);
    expect((await receiver(app, headers)).stateDetail).toMatch(/^the device was unplugged$|is not there$/);
    await cable.plug();
    // A quarter of a second to the first try, then asking who it is; a loaded machine takes its time for both.
    await until(async () => (await receiver(app, headers)).state === 'online', 10_000);
    expect((await receiver(app, headers)).stateDetail).toBeNull();
  }, 60_000);
});

async function plugged(name: string): Promise<PtyCable> {
  const cable = new PtyCable(folder, name);
  await cable.plug();
  afterTest(() => cable.cut());
  return cable;
}

describeWith(['socat'], 'several devices on one hub', () => {
  it('do not touch each other: one is pulled, one hangs, one is held by another program, and one goes on', async () => {
    const [pulled, hung, held, steady] = await Promise.all(['pulled', 'hung', 'held', 'steady'].map(plugged));
    const late = lateness();
    let hangs = false;
    atDeviceEnd(() => pulled.device(), new TinySaEmulator({ pointMs: 0.2 }));
    atDeviceEnd(() => hung.device(), new RfExplorerEmulator({ sweepMs: 20, hangs: () => hangs }));
    atDeviceEnd(() => held.device(), new GenericEmulator({ sweepMs: 20 }));
    atDeviceEnd(() => steady.device(), new RfExplorerEmulator({ sweepMs: 20 }));
    const otherProgram = await openSerial(held.hostPath, 115_200);
    afterTest(() => otherProgram.close());
    const span = 'startHz: 430e6, stopHz: 440e6';
    const text = `dataDir: hub
http: { port: 0 }
mqtt: { port: 0 }
receivers:
  - { id: pulled, type: tinysa, port: ${pulled.hostPath}, ${span} }
  - { id: hung, type: rf-explorer, port: ${hung.hostPath}, ${span} }
  - { id: held, type: generic, port: ${held.hostPath} }
  - { id: steady, type: rf-explorer, port: ${steady.hostPath}, ${span} }
`;
    const checked = checkConfig(text, folder);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await prepare(checked.config);
    const app = await start(checked.config);
    afterTest(() => app.stop());
    const { ws, headers } = await watch(app);
    afterTest(() => ws.close());
    const line = (id: string) => receiver(app, headers, id);
    const lines = async () => JSON.stringify(await Promise.all(['pulled', 'hung', 'held', 'steady'].map(line)));

    for (const id of ['pulled', 'hung', 'steady']) {
      await until(async () => (await line(id)).frames >= 6, 15_000, lines);
    }
    expect(await line('held')).toMatchObject({
      state: 'offline',
      stateDetail: `${held.hostPath} is held by another program`,
    });

    const before = (await line('steady')).frames;
    const sinceMs = performance.now();
    hangs = true;
    await pulled.cut();
    await until(async () => (await line('pulled')).state === 'offline', 2_000, lines);
    await until(async () => (await line('hung')).state === 'offline', 2_000 + 4 * late(), lines);
    expect((await line('hung')).stateDetail).toBe('the device stopped sweeping');
    await otherProgram.close();
    await until(async () => (await line('held')).state === 'online', 8_000, lines);
    expect(await line('steady')).toMatchObject({ state: 'online', stateDetail: null });
    // A sweep takes 20 ms and what a busy machine adds to it: none of the others' trouble stands in its way.
    const sweeps = (await line('steady')).frames - before;
    expect(sweeps / ((performance.now() - sinceMs) / 1_000)).toBeGreaterThan(5);
  }, 60_000);
});

import { expect, it } from 'vitest';
import type { ListedPort } from '../../hardware/link/port-list.ts';
import { TinySaEmulator } from '../../hardware/tinysa/emulator.ts';
import type { RunningApp } from '../../src/app.ts';
import { afterTest, atDeviceEnd } from '../hardware/link/device-bench.ts';
import { PtyCable } from '../hardware/link/pty-cable.ts';
import { temporaryFolder } from '../support/folder.ts';
import { describeWith } from '../support/services.ts';
import { configIn, prepare, start, watch } from './running-app.ts';

const folder = temporaryFolder();

interface ReceiverLine {
  readonly id: string;
  readonly approved: boolean;
  readonly state: string;
  readonly frames: number;
  readonly info: { readonly model: string | null };
}

async function receivers(app: RunningApp, headers: Record<string, string>): Promise<ReceiverLine[]> {
  const answer = await fetch(`${app.url}/api/v1/receivers`, { headers });
  return ((await answer.json()) as { receivers: ReceiverLine[] }).receivers;
}

async function until(condition: () => Promise<boolean>, limitMs = 10_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeWith(['socat'], 'a tinySA that somebody plugs in', () => {
  it('is offered, opened when it is approved, and known after a restart', async () => {
    const cable = new PtyCable(folder, 'usb-tinysa.org_tinySA4_400-if00');
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new TinySaEmulator({ pointMs: 0.1 });
    atDeviceEnd(() => cable.device(), emulator);
    const usb = { vendorId: '0483', productId: '5740', manufacturer: 'tinysa.org', product: 'tinySA4' };
    const ports: ListedPort[] = [];
    const config = configIn(folder);
    await prepare(config);
    let app = await start(config, { listPorts: async () => ports });
    afterTest(() => app.stop());
    let { ws, headers } = await watch(app);

    expect(await receivers(app, headers)).toEqual([]);
    ports.push({ path: cable.hostPath, device: '/dev/ttyACM0', ...usb });
    await until(async () => (await receivers(app, headers)).length === 1);
    const [offered] = await receivers(app, headers);
    expect(offered).toMatchObject({
      id: 'tinysa-tinysa-org_tinysa4_400-if00-host',
      approved: false,
      state: 'offline',
      frames: 0,
    });
    expect(offered.info.model).toContain(`tinySA Ultra at ${cable.hostPath}`);
    expect(emulator.commands).toEqual([]);

    const approve = (approved: boolean) =>
      fetch(`${app.url}/api/v1/receivers/${offered.id}/approve`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ approved }),
      });
    expect((await approve(true)).status).toBe(200);
    await until(async () => (await receivers(app, headers))[0].frames >= 5);
    expect(await receivers(app, headers)).toMatchObject([
      { approved: true, state: 'online', info: { model: 'tinySA Ultra, V0.4.5.1, firmware 1.4-199-gde12ba2' } },
    ]);

    await ws.close();
    await app.stop();
    app = await start(config, { listPorts: async () => ports });
    ({ ws, headers } = await watch(app));
    afterTest(() => ws.close());
    await until(async () => (await receivers(app, headers))[0].frames >= 3);
    expect(await receivers(app, headers)).toHaveLength(1);

    // Withdrawn, it is closed and left alone: swept on by itself, as `resume` says.
    expect((await approve(false)).status).toBe(200);
    await until(async () => (await receivers(app, headers))[0].state === 'offline');
    await until(async () => emulator.commands.at(-1) === 'resume');
  }, 60_000);
});

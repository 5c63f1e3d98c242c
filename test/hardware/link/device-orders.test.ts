import { describe, expect, it } from 'vitest';
import { genericDriver } from '../../../hardware/generic/driver.ts';
import { GenericEmulator } from '../../../hardware/generic/emulator.ts';
import { DeviceOrders } from '../../../hardware/link/device-orders.ts';
import { rfExplorerDriver } from '../../../hardware/rf-explorer/driver.ts';
import { RfExplorerEmulator } from '../../../hardware/rf-explorer/emulator.ts';
import { tinySaDriver } from '../../../hardware/tinysa/driver.ts';
import { TinySaEmulator } from '../../../hardware/tinysa/emulator.ts';
import type { Sweep } from '../../../src/core/frames.ts';
import { joinedTo, QUIET_LOG, started } from './device-bench.ts';

const common = { receiver: 'rx', clock: { nowMs: () => Date.now() }, log: QUIET_LOG, patience: 0.1 };
const scan = (startHz: number, stopHz: number, rbwHz: number | null = null) =>
  ({ command: 'scan', startHz, stopHz, rbwHz }) as const;
const lastHz = ({ startHz, stepHz, powers }: Sweep) => startHz + (powers.length - 1) * stepHz;

const DEVICES = {
  tinySA: () => {
    const span = { startHz: 88e6, stopHz: 108e6, points: 290, rbwHz: 30_000 };
    const settings = { port: 'x', ...span, attenuationDb: null, lna: false };
    return tinySaDriver({ ...common, settings, open: joinedTo(new TinySaEmulator({})) });
  },
  'RF Explorer': () => {
    const span = { startHz: 430e6, stopHz: 440e6, points: null };
    const settings = { port: 'x', ...span, inputStage: null, baudRate: 500_000 as const };
    return rfExplorerDriver({ ...common, settings, open: joinedTo(new RfExplorerEmulator({ sweepMs: 2 })) });
  },
  'receiver of one’s own making': () => {
    const settings = { port: 'x', baudRate: 115_200, startHz: 88e6, stopHz: 107.9e6, rbwHz: null };
    return genericDriver({ ...common, settings, open: joinedTo(new GenericEmulator({ sweepMs: 2 })) });
  },
};

describe.each(Object.entries(DEVICES))('a %s', (_name, make) => {
  it('sweeps the span that it is given, and the one before when it is given that back', async () => {
    const driver = make();
    const notebook = await started(driver);
    await notebook.until(() => notebook.sweeps.length > 2, 'sweeps');
    const home = notebook.sweeps.at(-1)!;
    for (const [startHz, stopHz] of [
      [118e6, 137e6],
      [home.startHz, lastHz(home)],
    ]) {
      expect(await driver.command?.('rx', scan(startHz, stopHz))).toEqual({ outcome: 'accepted' });
      const before = notebook.sweeps.length;
      await notebook.until(() => notebook.sweeps.length > before + 2, 'sweeps after it');
      const sweep = notebook.sweeps.at(-1)!;
      expect(Math.abs(sweep.startHz - startHz)).toBeLessThan(1_000);
      // An RF Explorer counts in kHz, a tinySA in whole hertz a step.
      expect(Math.abs(lastHz(sweep) - stopHz)).toBeLessThan(2_000);
    }
    expect(notebook.states).toEqual(['online']);
  });

  it('refuses what it cannot do, and sweeps on', async () => {
    const driver = make();
    const notebook = await started(driver);
    await notebook.until(() => notebook.sweeps.length > 1, 'sweeps');
    expect(await driver.command?.('rx', { command: 'plan', steps: [] })).toMatchObject({
      outcome: 'refused',
      error: expect.stringMatching(/^plan: this device takes scan/),
    });
    const before = notebook.sweeps.length;
    await notebook.until(() => notebook.sweeps.length > before + 1, 'more sweeps');
  });
});

describe('an RF Explorer', () => {
  it('that does not take a span goes back to the one before, and is not lost', async () => {
    const driver = DEVICES['RF Explorer']();
    const notebook = await started(driver);
    await notebook.until(() => notebook.sweeps.length > 2, 'sweeps');
    expect(await driver.command?.('rx', scan(2_000e6, 2_100e6))).toMatchObject({ outcome: 'refused' });
    const before = notebook.sweeps.length;
    await notebook.until(() => notebook.sweeps.length > before + 2, 'sweeps after it');
    expect(notebook.sweeps.at(-1)?.startHz).toBe(430e6);
    expect(notebook.states).toEqual(['online']);
  });
});

describe('orders to a device', () => {
  it('take the place of one that still waits, which is refused', async () => {
    const orders = new DeviceOrders(['scan']);
    const first = orders.ask(scan(1e6, 2e6));
    const second = orders.ask(scan(3e6, 4e6));
    expect(await first).toMatchObject({ outcome: 'refused', error: /another/ });
    // A sweep that ends before the order was picked up is none of its own.
    orders.accept();
    expect(orders.take()).toBe(true);
    expect(orders.take()).toBe(false);
    orders.accept();
    expect(await second).toEqual({ outcome: 'accepted' });
    expect(orders.current).toEqual(scan(3e6, 4e6));
  });

  it('that are refused leave what held before', async () => {
    const orders = new DeviceOrders(['scan']);
    void orders.ask(scan(1e6, 2e6));
    orders.take();
    orders.accept();
    const second = orders.ask(scan(3e6, 4e6));
    orders.take();
    expect(orders.refuse('too high')).toBe(true);
    expect(await second).toEqual({ outcome: 'refused', error: 'too high' });
    expect(orders.current).toEqual(scan(1e6, 2e6));
    expect(orders.refuse('again')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { genericDriver } from '../../../hardware/generic/driver.ts';
import { type GenericBehaviour, GenericEmulator } from '../../../hardware/generic/emulator.ts';
import type { GenericSettings } from '../../../hardware/generic/options.ts';
import { type Bend, bentLink } from '../../../hardware/link/bent-link.ts';
import type { OpenLink } from '../../../hardware/link/byte-link.ts';
import { portOpener } from '../../../hardware/link/port.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { describeWith } from '../../support/services.ts';
import { afterTest, atDeviceEnd, Babbler, joinedTo, lateness, QUIET_LOG, started } from '../link/device-bench.ts';
import { PtyCable } from '../link/pty-cable.ts';

const folder = temporaryFolder();
const SETTINGS: GenericSettings = {
  port: '/dev/ttyACM0',
  baudRate: 115_200,
  startHz: 88e6,
  stopHz: 107.9e6,
  rbwHz: null,
};

function newDriver(open: OpenLink, settings: Partial<GenericSettings> = {}) {
  const clock = { nowMs: () => Date.now() };
  return genericDriver({
    receiver: 'mine',
    settings: { ...SETTINGS, ...settings },
    open,
    clock,
    log: QUIET_LOG,
    patience: 0.1,
  });
}

function meet(behaviour: GenericBehaviour, settings: Partial<GenericSettings> = {}, bend?: Bend) {
  const emulator = new GenericEmulator(behaviour);
  const open = joinedTo(emulator, (link) => (bend === undefined ? link : bentLink(link, bend)));
  return { emulator, driver: newDriver(open, settings) };
}

describe('a receiver of one’s own making', () => {
  it('is asked for its span, and its sweeps come with the time of the host where it has none', async () => {
    const { emulator, driver } = meet({ sweepMs: 5 });
    const notebook = await started(driver);
    await notebook.until(() => notebook.sweeps.some(({ startHz }) => startHz === 88e6), 'a sweep of the span');
    expect(emulator.commands).toEqual(['scan']);
    const sweep = notebook.sweeps.at(-1);
    expect(sweep).toMatchObject({ startHz: 88e6, stepHz: 100e3, unit: 'dBm', receiver: 'mine' });
    expect(Math.abs(Number((sweep?.timeNs ?? 0n) / 1_000_000n) - Date.now())).toBeLessThan(2_000);
    expect(sweep?.powers[0]).toBeGreaterThanOrEqual(-104);
    expect(notebook).toMatchObject({ states: ['online'], rejects: [], lostPackets: 0 });
  });

  it('that takes no commands is listened to as it is', async () => {
    const { emulator, driver } = meet({ sweepMs: 5, isMute: true });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 150, '150 sweeps');
    expect(emulator.commands).toEqual([]);
    expect(notebook.sweeps.at(-1)?.startHz).toBe(433e6);
    expect(notebook.states).toEqual(['online']);
  });

  it('that restarts in the middle of a sweep is asked for its span again', async () => {
    const { emulator, driver } = meet({ sweepMs: 5, restarts: (sweep) => sweep === 10 });
    const notebook = await started(driver);
    await notebook.until(() => emulator.commands.length === 2, 'a second command');
    const before = notebook.frames.length;
    await notebook.until(() => notebook.frames.length > before + 3, 'sweeps after it');
    expect(notebook.sweeps.at(-1)?.startHz).toBe(88e6);
    expect(notebook.rejects).toHaveLength(1);
  });

  it('that stops sending is offline within 2 s, and back with its next sweep', async () => {
    const late = lateness();
    let hangs = false;
    const { driver } = meet({ sweepMs: 5, hangs: () => hangs });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 20, '20 sweeps');
    hangs = true;
    const hungMs = performance.now();
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline', 5_000);
    // It is waited for three times as long as it usually pauses, and a busy machine makes it pause.
    expect(performance.now() - hungMs).toBeLessThan(2_000 + 4 * late());
    expect(notebook.detail).toBe('the device stopped sending');
    hangs = false;
    await notebook.until(() => notebook.states.at(-1) === 'online', 'online', 5_000);
    expect(notebook.states).toEqual(['online', 'offline', 'online']);
  });

  it('whose bytes are not understood is asked whether its speed is right', async () => {
    const notebook = await started(newDriver(joinedTo(new Babbler())));
    await notebook.until(() => notebook.detail !== null, 'a reason');
    expect(notebook.detail).toBe('bytes come, but no packet among them: is 115200 its baud rate?');
  });

  it('that loses bytes loses the packets that they were in, and says how many', async () => {
    let lost = 0;
    const { emulator, driver } = meet({ sweepMs: 1 }, {}, (bytes, index) => {
      if (index % 10 !== 9 || bytes.length < 100) return [bytes];
      lost++;
      return [bytes.subarray(0, 50), bytes.subarray(51)];
    });
    const notebook = await started(driver);
    await notebook.until(() => lost >= 20, '20 lost bytes');
    await driver.stop();
    expect(notebook.rejects.length).toBeGreaterThanOrEqual(19);
    expect(Math.abs(notebook.lostPackets - lost)).toBeLessThanOrEqual(1);
    expect(emulator.sweepsSent - notebook.frames.length - lost).toBeLessThanOrEqual(15);
  });
});

describeWith(['socat'], 'a receiver of one’s own making at a port', () => {
  it('loses none of 3,000 sweeps at full speed, however its bytes are cut, and returns when plugged in again', async () => {
    const cable = new PtyCable(folder);
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new GenericEmulator();
    const bend: Bend = (bytes, index) => [bytes.subarray(0, index % 400), bytes.subarray(index % 400)];
    atDeviceEnd(
      () => cable.device(),
      emulator,
      (link) => bentLink(link, bend),
    );
    const notebook = await started(newDriver(portOpener(cable.hostPath, 115_200)));
    await notebook.until(() => notebook.frames.length >= 3_000, '3,000 sweeps', 50_000);
    expect(notebook.lostPackets).toBe(0);
    const numbers = notebook.sweeps.map(({ sequence }) => sequence ?? -1);
    for (let i = 1; i < 3_000; i++) expect(numbers[i]).toBe(numbers[i - 1] + 1);
    await cable.cut();
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline', 2_000);
    await cable.plug();
    await notebook.until(() => notebook.states.at(-1) === 'online', 'online', 10_000);
  });
});

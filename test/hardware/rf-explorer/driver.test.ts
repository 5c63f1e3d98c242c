import { describe, expect, it } from 'vitest';
import { bentLink } from '../../../hardware/link/bent-link.ts';
import type { OpenLink } from '../../../hardware/link/byte-link.ts';
import { portOpener } from '../../../hardware/link/port.ts';
import { rfExplorerDriver } from '../../../hardware/rf-explorer/driver.ts';
import { RfExplorerEmulator, type RfeBehaviour } from '../../../hardware/rf-explorer/emulator.ts';
import type { RfExplorerSettings } from '../../../hardware/rf-explorer/options.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { describeWith } from '../../support/services.ts';
import { afterTest, atDeviceEnd, Babbler, joinedTo, lateness, QUIET_LOG, started } from '../link/device-bench.ts';
import { PtyCable } from '../link/pty-cable.ts';

const folder = temporaryFolder();
const SETTINGS: RfExplorerSettings = {
  port: '/dev/ttyUSB0',
  startHz: 430e6,
  stopHz: 440e6,
  points: null,
  inputStage: null,
  baudRate: 500_000,
};

function newDriver(open: OpenLink, settings: Partial<RfExplorerSettings> = {}, patience = 0.1) {
  const clock = { nowMs: () => Date.now() };
  return rfExplorerDriver({
    receiver: 'van',
    settings: { ...SETTINGS, ...settings },
    open,
    clock,
    log: QUIET_LOG,
    patience,
  });
}

function meet(behaviour: RfeBehaviour, settings: Partial<RfExplorerSettings> = {}) {
  const emulator = new RfExplorerEmulator({ sweepMs: 2, ...behaviour });
  return { emulator, driver: newDriver(joinedTo(emulator), settings) };
}

const carrier = (frequencyHz: number) => (Math.abs(frequencyHz - 433.92e6) < 46e3 ? -60.5 : -200);

describe('an RF Explorer', () => {
  it.each([
    ['S', 112],
    ['s', 512],
    ['s', 4096],
    ['z', 1008],
    ['z', 20_000],
  ] as const)(
    'whose sweeps are $%s of %d points: levels and frequencies are those that it says',
    async (packet, points) => {
      const { emulator, driver } = meet({ packet, points, levelDbm: carrier });
      const notebook = await started(driver);
      await notebook.until(() => notebook.frames.length >= 3, 'three sweeps');
      const [sweep] = notebook.sweeps;
      expect(emulator.state).toMatchObject({ startKHz: 430_000, stopKHz: 440_000 });
      expect(sweep).toMatchObject({ startHz: 430e6, unit: 'dBm', receiver: 'van', rbwHz: 110_000 });
      expect(sweep.stepHz).toBe(Math.round(10e6 / (points - 1)));
      expect(sweep.powers).toHaveLength(points);
      const peak = sweep.powers.indexOf(Math.max(...sweep.powers));
      expect(sweep.powers[peak]).toBe(-60.5);
      expect(Math.abs(sweep.startHz + peak * sweep.stepHz - 433.92e6)).toBeLessThan(46e3);
      expect(notebook.lastInfo).toMatchObject({
        model: 'RF Explorer WSUB1G+, firmware 03.39',
        serial: 'B3AK7AL7CACAA74M',
        ranges: [{ lowHz: 50e3, highHz: 960e6 }],
      });
      // −8 dBm throughout is the nonsense of a first sweep.
      for (const { powers } of notebook.sweeps) expect(Math.max(...powers)).toBeLessThan(-60);
      expect(notebook).toMatchObject({ states: ['online'], rejects: [] });
    },
  );

  it('takes the number of points from the configuration, and gives levels at its input', async () => {
    const stage = { points: 240, inputStage: 'lna-25db' } as const;
    const { emulator, driver } = meet({ levelDbm: carrier, offsetDb: 3 }, stage);
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 2, 'two sweeps');
    expect(emulator).toMatchObject({ points: 240, state: { stage: '2' } });
    expect(notebook.sweeps[0].powers).toHaveLength(240);
    // What the receiver sees at −60.5 dBm was amplified by 25 dB before.
    expect(Math.max(...notebook.sweeps[0].powers)).toBe(-85.5);
    expect(notebook.sweeps[0].gainDb).toBe(25);
  });

  it('without a span in the configuration is swept over the one that it has', async () => {
    const { emulator, driver } = meet({ levelDbm: carrier }, { startHz: null, stopHz: null });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 2, 'two sweeps');
    expect(emulator.state).toMatchObject({ startKHz: 431_000, stopKHz: 441_000 });
    expect(notebook.sweeps[0]).toMatchObject({ startHz: 431e6, stepHz: Math.round(10e6 / 111) });
  });

  it('is put on hold when the service ends', async () => {
    const { emulator, driver } = meet({});
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 1, 'a sweep');
    await driver.stop();
    expect(emulator.state.onHold).toBe(true);
    expect(notebook.states).toEqual(['online', 'offline']);
  });

  it('that ends a sweep early loses that one alone', async () => {
    const { driver } = meet({ endsAfter: (sweep) => (sweep === 4 ? 50 : null) });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 8, 'eight sweeps');
    expect(notebook.rejects).toEqual([{ reason: 'length', detail: 'a sweep of 50 points, expected 112' }]);
  });

  it('that restarts in the middle of a sweep gets its settings again', async () => {
    const { emulator, driver } = meet({ restarts: (sweep) => sweep === 5, levelDbm: carrier });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 10, 'ten sweeps');
    expect(emulator.state).toMatchObject({ startKHz: 430_000, stopKHz: 440_000 });
    for (const { startHz, powers } of notebook.sweeps) {
      expect(startHz).toBe(430e6);
      expect(Math.max(...powers)).toBe(-60.5);
    }
  });

  it('that stops sweeping shows it within 2 s, long before it is given up', async () => {
    const late = lateness();
    const emulator = new RfExplorerEmulator({ sweepMs: 5, hangs: (sweep) => sweep === 8 });
    const notebook = await started(newDriver(joinedTo(emulator), {}, 1));
    await notebook.until(() => emulator.sweepsSent === 8, 'eight sweeps');
    const hungMs = performance.now();
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline', 5_000);
    // It is waited for three times as long as it usually pauses, and a busy machine makes it pause.
    expect(performance.now() - hungMs).toBeLessThan(2_000 + 4 * late());
    expect(notebook.detail).toBe('the device stopped sweeping');
  });

  it('whose bytes are not understood is asked whether its speed is right', async () => {
    const notebook = await started(newDriver(joinedTo(new Babbler())));
    await notebook.until(() => notebook.detail !== null, 'a reason');
    expect(notebook.detail).toBe('bytes come, but none that an RF Explorer sends: is 500000 its baud rate?');
    expect(notebook.states).toEqual(['offline']);
  });

  it('that falls silent is opened anew and asked again', async () => {
    let hung = false;
    const hangs = (sweep: number) => sweep === 3 && !hung;
    const { driver } = meet({ hangs });
    const notebook = await started(driver);
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline');
    hung = true;
    await notebook.until(() => notebook.states.at(-1) === 'online', 'online');
    const before = notebook.frames.length;
    await notebook.until(() => notebook.frames.length > before, 'a sweep');
    expect(notebook.states).toEqual(['online', 'offline', 'online']);
  });
});

describeWith(['socat'], 'an RF Explorer at a port', () => {
  it('loses none of 5,000 sweeps at full speed, however its bytes are cut and joined', async () => {
    const cable = new PtyCable(folder, 'speed');
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new RfExplorerEmulator({ levelDbm: (_frequencyHz, sweep) => -80 + (sweep % 64) / 2 });
    atDeviceEnd(
      () => cable.device(),
      emulator,
      (link) => bentLink(link, (bytes, index) => [bytes.subarray(0, index % 117), bytes.subarray(index % 117)]),
    );
    const notebook = await started(newDriver(portOpener(cable.hostPath, 500_000), {}, 1));
    await notebook.until(() => notebook.frames.length >= 5_000, '5,000 sweeps', 50_000);
    expect(notebook).toMatchObject({ rejects: [], lostPackets: 0, states: ['online'] });
    const levels = notebook.sweeps.map(({ powers }) => powers[50]);
    for (let i = 1; i < 5_000; i++) {
      expect(levels[i]).toBe(levels[i - 1] === -48.5 ? -80 : levels[i - 1] + 0.5);
    }
  });

  it('that loses bytes loses the sweeps that they were in, and nothing else', async () => {
    const cable = new PtyCable(folder, 'lossy');
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new RfExplorerEmulator({ sweepMs: 1 });
    let lost = 0;
    atDeviceEnd(
      () => cable.device(),
      emulator,
      (link) =>
        bentLink(link, (bytes, index) => {
          if (index % 23 !== 22 || bytes.length !== 117) return [bytes];
          lost++;
          const at = (index * 31) % 117;
          return [bytes.subarray(0, at), bytes.subarray(at + 1)];
        }),
    );
    const notebook = await started(newDriver(portOpener(cable.hostPath, 500_000)));
    await notebook.until(() => notebook.frames.length >= 600, '600 sweeps', 50_000);
    expect(lost).toBeGreaterThan(20);
    const made = emulator.sweepsSent;
    // A lost byte costs its sweep and at most the one whose head it hid.
    expect(made - notebook.frames.length).toBeLessThanOrEqual(2 * lost + 10);
    expect(notebook.rejects.length).toBeGreaterThan(0);
    for (const { powers } of notebook.sweeps) expect(powers.every((level) => Math.abs(level + 110) <= 1)).toBe(true);
  });

  it('is offline within 2 s when it is unplugged, and back when it is plugged in again', async () => {
    const cable = new PtyCable(folder, 'plug');
    await cable.plug();
    afterTest(() => cable.cut());
    atDeviceEnd(() => cable.device(), new RfExplorerEmulator({ sweepMs: 5 }));
    const notebook = await started(newDriver(portOpener(cable.hostPath, 500_000), {}, 0.5));
    await notebook.until(() => notebook.frames.length >= 3, 'three sweeps');
    await cable.cut();
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline', 2_000);
    await cable.plug();
    await notebook.until(() => notebook.states.at(-1) === 'online', 'online', 10_000);
    const before = notebook.frames.length;
    await notebook.until(() => notebook.frames.length > before, 'a sweep after the return');
  });
});

import { describe, expect, it } from 'vitest';
import { bentLink } from '../../../hardware/link/bent-link.ts';
import type { OpenLink } from '../../../hardware/link/byte-link.ts';
import { portOpener } from '../../../hardware/link/port.ts';
import { tinySaDriver } from '../../../hardware/tinysa/driver.ts';
import { type TinySaBehaviour, TinySaEmulator } from '../../../hardware/tinysa/emulator.ts';
import type { TinySaSettings } from '../../../hardware/tinysa/options.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { describeWith } from '../../support/services.ts';
import { afterTest, atDeviceEnd, joinedTo, lateness, QUIET_LOG, started } from '../link/device-bench.ts';
import { PtyCable } from '../link/pty-cable.ts';

const folder = temporaryFolder();
const SETTINGS: TinySaSettings = {
  port: '/dev/ttyACM0',
  startHz: 88e6,
  stopHz: 108e6,
  points: 290,
  rbwHz: 30_000,
  attenuationDb: null,
  lna: false,
};
const clock = { nowMs: () => Date.now() };

function newDriver(open: OpenLink, settings: Partial<TinySaSettings> = {}, patience = 0.1) {
  return tinySaDriver({
    receiver: 'bench',
    settings: { ...SETTINGS, ...settings },
    open,
    clock,
    log: QUIET_LOG,
    patience,
  });
}

function meet(behaviour: TinySaBehaviour, settings: Partial<TinySaSettings> = {}) {
  const emulator = new TinySaEmulator(behaviour);
  return { emulator, driver: newDriver(joinedTo(emulator), settings) };
}

const carrier = (frequencyHz: number) => (Math.abs(frequencyHz - 98e6) < 40e3 ? -50 : -200);

describe('a tinySA', () => {
  it.each([
    ['ultra', 'tinySA Ultra, V0.4.5.1, firmware 1.4-199-gde12ba2'],
    ['basic', 'tinySA, firmware 1.4-175-g1419a93'],
  ] as const)('%s: levels, frequencies, resolution and name are those of the device', async (model, name) => {
    const { driver } = meet({ model, levelDbm: carrier });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 3, 'three sweeps');
    const [sweep] = notebook.sweeps;
    // 20 MHz / 290, as the device cuts it to an integer: 68,965 Hz.
    expect(sweep).toMatchObject({ startHz: 88e6, stepHz: 68_965, rbwHz: 30_000, unit: 'dBm', receiver: 'bench' });
    expect(sweep.powers).toHaveLength(290);
    const peak = sweep.powers.indexOf(Math.max(...sweep.powers));
    expect(Math.abs(sweep.startHz + peak * sweep.stepHz - 98e6)).toBeLessThan(40e3);
    expect(sweep.powers[peak]).toBe(-50);
    // Thermal noise in 30 kHz with a noise figure of 12 dB: −174 + 44.8 + 12.
    expect(sweep.powers[3]).toBeCloseTo(-117.2, -0.5);
    expect(Math.abs(sweep.powers[3] + 117.2)).toBeLessThan(1.1);
    expect(Math.abs(Number(sweep.timeNs / 1_000_000n) - Date.now())).toBeLessThan(10_000);
    expect(sweep.durationSeconds).toBeGreaterThanOrEqual(0);
    expect(notebook.lastInfo).toMatchObject({ model: name, serial: '37' });
    expect(notebook).toMatchObject({ states: ['online'], rejects: [] });
  });

  it('is set as the configuration says, and swept on by itself when the service ends', async () => {
    const { emulator, driver } = meet({}, { rbwHz: 3_000, attenuationDb: 10, lna: true });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 1, 'a sweep');
    expect(emulator.state).toMatchObject({ rbwKHz: 3, attenuationDb: 10, lna: true, abortAllowed: true });
    expect(notebook.sweeps[0].rbwHz).toBe(3_000);
    await driver.stop();
    expect(emulator).toMatchObject({ state: { resumed: true } });
    expect(emulator.commands.at(-1)).toBe('resume');
    expect(notebook.states).toEqual(['online', 'offline']);
  });

  it('says itself which resolution it chose', async () => {
    const { driver } = meet({}, { rbwHz: null });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 1, 'a sweep');
    // The documented rule of thumb, 7 kHz for each MHz of its 20 MHz.
    expect(notebook.sweeps[0].rbwHz).toBeCloseTo(140_000, 0);
  });

  it('without a span in the configuration is swept over the one that it shows', async () => {
    const { driver } = meet({}, { startHz: null, stopHz: null, points: 450 });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 2, 'two sweeps');
    // `sweep` answers 88000000 108000000 450: 20 MHz / 450, cut to an integer.
    expect(notebook.sweeps[0]).toMatchObject({ startHz: 88e6, stepHz: 44_444 });
    expect(notebook.sweeps[0].powers).toHaveLength(450);
  });

  it('Basic is swept through the input of the range', async () => {
    for (const [stopHz, mode] of [
      [108e6, 'low'],
      [900e6, 'high'],
    ] as const) {
      const { emulator, driver } = meet({ model: 'basic' }, { startHz: stopHz - 20e6, stopHz });
      const notebook = await started(driver);
      await notebook.until(() => notebook.frames.length >= 1, 'a sweep');
      expect(emulator.state.mode).toBe(mode);
    }
  });

  it('whose levels hold every byte of braces, prompts and ends of line is read by position', async () => {
    // Low bytes } x { CR blank, high bytes LF and CR: −90.1 dBm and its neighbours.
    const levels = [0x0a7d, 0x0a78, 0x0a7b, 0x0a0d, 0x0a20, 0x0d7d].map((word) => word / 32 - 174);
    const { driver } = meet({ levelDbm: (frequencyHz) => levels[Math.floor(frequencyHz / 68_965) % levels.length] });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 5, 'five sweeps');
    expect(notebook.rejects).toEqual([]);
    const seen = new Set(notebook.sweeps[0].powers);
    for (const level of levels) expect(seen.has(level)).toBe(true);
  });

  it('that answers "version" badly after switching on is asked again', async () => {
    const { driver } = meet({ garbledVersions: 3 });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 1, 'a sweep');
    expect(notebook.states).toEqual(['online']);
  });

  it('that loses a prompt goes on without a sweep less', async () => {
    const { emulator, driver } = meet({ promptMissing: (sweep) => sweep % 3 === 1 });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 7, 'seven sweeps');
    expect(notebook.rejects).toEqual([]);
    expect(emulator.sweepsStarted - notebook.frames.length).toBeLessThanOrEqual(1);
  });

  it('whose sweep ends early loses that one alone', async () => {
    const { driver } = meet({ endsAfter: (sweep) => (sweep === 2 ? 100 : null) });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 6, 'six sweeps');
    expect(notebook.rejects.map(({ reason }) => reason)).toEqual(['length']);
    expect(notebook.states).toEqual(['online']);
  });

  it('that restarts in the middle of a sweep gets its settings again', async () => {
    const { emulator, driver } = meet({ restarts: (sweep) => sweep === 3 });
    const notebook = await started(driver);
    await notebook.until(() => notebook.frames.length >= 6, 'six sweeps');
    expect(notebook.rejects).toHaveLength(1);
    expect(emulator.state.rbwKHz).toBe(30);
    expect(notebook.sweeps.every(({ powers }) => powers.length === 290)).toBe(true);
  });

  it('that hangs in the middle of a sweep is offline, opened anew, and back when it is', async () => {
    const { driver } = meet({ hangs: (sweep) => sweep === 2 });
    const notebook = await started(driver);
    await notebook.until(() => notebook.states.length >= 3, 'the return', 30_000);
    const before = notebook.frames.length;
    await notebook.until(() => notebook.frames.length > before, 'a sweep after it');
    expect(notebook.states).toEqual(['online', 'offline', 'online']);
    expect(notebook.rejects.length).toBeGreaterThan(0);
  });

  it('that hangs in the middle of a sweep shows it within 2 s, long before it is given up', async () => {
    const late = lateness();
    let hungMs = 0;
    const hangs = (sweep: number) => {
      if (sweep === 4 && hungMs === 0) hungMs = performance.now();
      return sweep === 4;
    };
    const notebook = await started(newDriver(joinedTo(new TinySaEmulator({ hangs, pointMs: 0.05 })), {}, 1));
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline', 5_000);
    // It is waited for three times as long as it usually pauses, and a busy machine makes it pause.
    expect(performance.now() - hungMs).toBeLessThan(2_000 + 4 * late());
    expect(notebook.detail).toBe('the device stopped in the middle of a sweep');
    expect(notebook.frames).toHaveLength(4);
  });

  it('that refuses the span is offline, with its own words', async () => {
    const reasons: string[] = [];
    const emulator = new TinySaEmulator();
    const log = { ...QUIET_LOG, warn: (fields: object) => void reasons.push(JSON.stringify(fields)) };
    const settings = { ...SETTINGS, startHz: 108e6, stopHz: 88e6 };
    const options = { receiver: 'bench', settings, open: joinedTo(emulator), clock, log };
    const notebook = await started(tinySaDriver(options));
    await notebook.until(() => reasons.length > 0, 'a reason');
    expect(reasons[0]).toContain('frequency range is invalid');
    expect(notebook.states.at(-1)).toBe('offline');
  });
});

describeWith(['socat'], 'a tinySA at a port', () => {
  it('loses none of 2,000 sweeps at full speed, however its bytes are cut and joined', async () => {
    const cable = new PtyCable(folder, 'speed');
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new TinySaEmulator({ levelDbm: (_frequencyHz, sweep) => -80 + (sweep % 64) / 2 });
    const sizes = [1, 63, 17, 64, 5];
    atDeviceEnd(
      () => cable.device(),
      emulator,
      (link) =>
        bentLink(link, (bytes, index) => {
          const cut = index % 97 === 0 ? sizes[(index / 97) % sizes.length] : bytes.length;
          return [bytes.subarray(0, cut), bytes.subarray(cut)];
        }),
    );
    const notebook = await started(newDriver(portOpener(cable.hostPath, 115_200), {}, 1));
    await notebook.until(() => notebook.frames.length >= 2_000, '2,000 sweeps', 50_000);
    expect(notebook).toMatchObject({ rejects: [], lostPackets: 0, states: ['online'] });
    // Each sweep has its own level, so that one lost or told twice would show.
    notebook.sweeps.slice(0, 2_000).forEach(({ powers }, sweep) => {
      expect(powers[100]).toBe(-80 + (sweep % 64) / 2);
    });
  });

  it('that loses bytes loses the sweeps that they were in, and nothing else', async () => {
    const cable = new PtyCable(folder, 'lossy');
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new TinySaEmulator();
    let lost = 0;
    atDeviceEnd(
      () => cable.device(),
      emulator,
      (link) =>
        bentLink(link, (bytes, index) => {
          if (index % 211 !== 210 || bytes.length < 64) return [bytes];
          lost++;
          return [bytes.subarray(0, 11), bytes.subarray(12)];
        }),
    );
    const notebook = await started(newDriver(portOpener(cable.hostPath, 115_200), {}, 0.2));
    await notebook.until(() => notebook.frames.length >= 100, '100 sweeps', 50_000);
    expect(lost).toBeGreaterThan(3);
    expect(notebook.rejects.length).toBeGreaterThan(0);
    expect(notebook.rejects.length).toBeLessThanOrEqual(lost + 1);
    for (const { powers } of notebook.sweeps) {
      expect(powers.every((level) => Math.abs(level + 117.2) < 1.1)).toBe(true);
    }
  });

  it('is offline within 2 s when it is unplugged, and back when it is plugged in again', async () => {
    const cable = new PtyCable(folder, 'plug');
    await cable.plug();
    afterTest(() => cable.cut());
    const emulator = new TinySaEmulator({ pointMs: 0.2 });
    atDeviceEnd(() => cable.device(), emulator);
    const notebook = await started(newDriver(portOpener(cable.hostPath, 115_200)));
    await notebook.until(() => notebook.frames.length >= 3, 'three sweeps');
    await cable.cut();
    await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline', 2_000);
    await cable.plug();
    await notebook.until(() => notebook.states.at(-1) === 'online', 'online', 10_000);
    const before = notebook.frames.length;
    await notebook.until(() => notebook.frames.length > before, 'a sweep after the return');
    expect(notebook.states).toEqual(['online', 'offline', 'online']);
  });
});

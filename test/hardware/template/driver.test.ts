import { expect, it } from 'vitest';
import { templateDriver } from '../../../hardware/template/driver.ts';
import { TemplateEmulator } from '../../../hardware/template/emulator.ts';
import { TemplateParser } from '../../../hardware/template/protocol.ts';
import { joinedTo, QUIET_LOG, started } from '../link/device-bench.ts';
import { hostileReads } from '../link/hostile-bytes.ts';

const settings = { port: '/dev/ttyUSB1', startHz: 88e6, stopHz: 108e6 };

it('the template of a device works: its sweeps arrive, and a device that hangs is opened anew', async () => {
  let hung = false;
  const emulator = new TemplateEmulator({ hangs: (sweep) => sweep === 5 && !hung });
  const clock = { nowMs: () => Date.now() };
  const open = joinedTo(emulator);
  const driver = templateDriver({ receiver: 'rx', settings, open, clock, log: QUIET_LOG, patience: 0.02 });
  const notebook = await started(driver);
  await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline');
  hung = true;
  await notebook.until(() => notebook.frames.length >= 10, 'ten sweeps');
  expect(notebook.sweeps[0]).toMatchObject({ startHz: 88e6, stepHz: 100e3, unit: 'dBm' });
  expect(notebook.sweeps[0].powers[3]).toBe(-100.75);
  expect(notebook).toMatchObject({ states: ['online', 'offline', 'online'], rejects: [] });
});

it('its parser survives 5,000 hostile streams', () => {
  const real = ['OK 88000000 100000\n', 'S -101.5 -99 -100.25\n'].map((line) => Buffer.from(line));
  for (let seed = 0; seed < 5_000; seed++) {
    const parser = new TemplateParser();
    for (const read of hostileReads(real, seed)) parser.push(read);
    const after = parser.push(Buffer.from('\nOK 88000000 100000\n'));
    expect(after.at(-1), `seed ${seed}`).toEqual({ kind: 'span', startHz: 88e6, stepHz: 100_000 });
  }
});

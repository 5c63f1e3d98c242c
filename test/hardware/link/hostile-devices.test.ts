import { expect, it } from 'vitest';
import { genericDriver } from '../../../hardware/generic/driver.ts';
import { GenericEmulator } from '../../../hardware/generic/emulator.ts';
import { bentLink } from '../../../hardware/link/bent-link.ts';
import { type ByteLink, LinkLost, type OpenLink } from '../../../hardware/link/byte-link.ts';
import { foundReceiver } from '../../../hardware/registry.ts';
import { rfExplorerDriver } from '../../../hardware/rf-explorer/driver.ts';
import { RfExplorerEmulator } from '../../../hardware/rf-explorer/emulator.ts';
import type { RfExplorerSettings } from '../../../hardware/rf-explorer/options.ts';
import { tinySaDriver } from '../../../hardware/tinysa/driver.ts';
import { TinySaEmulator } from '../../../hardware/tinysa/emulator.ts';
import type { TinySaSettings } from '../../../hardware/tinysa/options.ts';
import type { ReceiverDriver } from '../../../src/core/driver.ts';
import { joinedTo, Notebook, QUIET_LOG, started } from './device-bench.ts';
import { hostileReads } from './hostile-bytes.ts';

const STREAMS = 5_000;
const tinySaSettings = { ...foundReceiver('tinysa', '/dev/x'), points: 20 } as unknown as TinySaSettings;
const rfeSettings = foundReceiver('rf-explorer', '/dev/x') as unknown as RfExplorerSettings;
const genericSettings = { port: '/dev/x', baudRate: 115_200, startHz: 88e6, stopHz: 108e6, rbwHz: null };

interface Family {
  readonly name: string;
  readonly emulator: { run(link: ByteLink): Promise<void> };
  readonly driver: (open: OpenLink, errors: object[]) => ReceiverDriver;
}

function common(open: OpenLink, errors: object[]) {
  const log = { ...QUIET_LOG, error: (fields: object) => void errors.push(fields) };
  return { receiver: 'rx', open, clock: { nowMs: () => Date.now() }, log, patience: 0.001 };
}

const FAMILIES: readonly Family[] = [
  {
    name: 'tinySA',
    emulator: new TinySaEmulator(),
    driver: (open, errors) => tinySaDriver({ ...common(open, errors), settings: tinySaSettings }),
  },
  {
    name: 'RF Explorer',
    emulator: new RfExplorerEmulator({ sweepMs: 1 }),
    driver: (open, errors) => rfExplorerDriver({ ...common(open, errors), settings: rfeSettings }),
  },
  {
    name: 'generic',
    emulator: new GenericEmulator({ points: 20 }),
    driver: (open, errors) => genericDriver({ ...common(open, errors), settings: genericSettings }),
  },
];

/** What the device says in a talk that goes well, message by message. */
async function recorded({ emulator, driver }: Family): Promise<Uint8Array[]> {
  const said: Uint8Array[] = [];
  const open = joinedTo(emulator, (link) =>
    bentLink(link, (bytes) => {
      if (said.length < 2_000) said.push(Uint8Array.from(bytes));
      return [bytes];
    }),
  );
  const notebook = await started(driver(open, []));
  await notebook.until(() => notebook.frames.length >= 5, 'five sweeps');
  return said;
}

/** A port that gives these bytes whatever it is asked, and is then pulled. */
function scripted(reads: readonly Uint8Array[]): ByteLink {
  let at = 0;
  return {
    read: () => (at < reads.length ? Promise.resolve(reads[at++]) : Promise.reject(new LinkLost('the end'))),
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

it.each(FAMILIES)('5,000 hostile streams end a $name driver’s talk with its port and nothing else', async (family) => {
  const real = await recorded(family);
  const errors: object[] = [];
  for (let seed = 1; seed <= STREAMS; seed++) {
    const notebook = new Notebook();
    const driver = family.driver(async () => scripted(hostileReads(real, seed)), errors);
    await driver.start(notebook);
    while (notebook.states.length === 0 || notebook.states.at(-1) === 'online') await new Promise(setImmediate);
    await driver.stop();
    for (const { powers } of notebook.sweeps) expect(powers.every(Number.isFinite)).toBe(true);
  }
  // What is no loss of the port is logged as an error, with its place in the code.
  expect(errors).toEqual([]);
});

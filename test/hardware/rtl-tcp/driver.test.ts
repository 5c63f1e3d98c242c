import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { LinkLost } from '../../../hardware/link/byte-link.ts';
import { StreamLink } from '../../../hardware/link/stream-link.ts';
import { openTcp } from '../../../hardware/link/tcp.ts';
import { rtlTcpDriver } from '../../../hardware/rtl-tcp/driver.ts';
import { type RtlTcpBehaviour, RtlTcpEmulator } from '../../../hardware/rtl-tcp/emulator.ts';
import type { IqBlock } from '../../../src/core/frames.ts';
import { afterTest, type Notebook, QUIET_LOG, started } from '../link/device-bench.ts';
import { hostileReads } from '../link/hostile-bytes.ts';

const settings = {
  port: 'tcp://127.0.0.1:1234',
  centerHz: 433.92e6,
  sampleRateHz: 250_000,
  gainDb: 28.4,
  frequencyCorrectionPpm: -3,
  biasTee: false,
};
const clock = { nowMs: () => Date.now() };
const common = { receiver: 'rx', settings, clock, log: QUIET_LOG };

/** A server on a real socket. */
async function serve(behaviour: RtlTcpBehaviour = {}) {
  const emulator = new RtlTcpEmulator(433.95e6, behaviour);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    void emulator.run(new StreamLink(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  afterTest(() => {
    cut();
    server.close();
  });
  return { emulator, open: () => openTcp('127.0.0.1', port), cut };
}

function blocks(notebook: Notebook): IqBlock[] {
  return notebook.frames.filter((frame) => frame.kind === 'iq');
}

/** Frequency of the strongest of a few candidates, by correlation: offset from the centre, Hz. */
function strongestOffsetHz(block: IqBlock, candidatesHz: readonly number[]): number {
  const powers = candidatesHz.map((hz) => {
    let [re, im] = [0, 0];
    for (let n = 0; n < 4_096; n++) {
      const phase = (-2 * Math.PI * hz * n) / block.sampleRateHz;
      const [i, q] = [block.samples[2 * n] - 127.5, block.samples[2 * n + 1] - 127.5];
      re += i * Math.cos(phase) - q * Math.sin(phase);
      im += i * Math.sin(phase) + q * Math.cos(phase);
    }
    return re * re + im * im;
  });
  return candidatesHz[powers.indexOf(Math.max(...powers))];
}

it('samples of an rtl_tcp server come as blocks with their tuning, and commands are those of the protocol', async () => {
  const { emulator, open } = await serve();
  const notebook = await started(rtlTcpDriver({ ...common, open }));
  await notebook.until(() => blocks(notebook).length >= 6, 'six blocks');
  // rtl_tcp.c: 01 frequency, 02 rate, 03 manual gain, 04 tenths of a dB, 05 ppm as two's complement, 08 no AGC.
  expect(emulator.commands).toEqual([
    [5, 0xffff_fffd],
    [8, 0],
    [2, 250_000],
    [1, 433_920_000],
    [3, 1],
    [4, 284],
  ]);
  const [first, second] = blocks(notebook);
  // 2^14 pairs are 65.5 ms, 2^15 would be 131 ms.
  expect(first).toMatchObject({ pairs: 2 ** 14, format: 'cu8', centerHz: 433.92e6, gainDb: 28.4, lostBefore: true });
  expect(second.lostBefore).toBe(false);
  expect(Number(second.timeNs - first.timeNs) / 1e6).toBeCloseTo((2 ** 14 / 250_000) * 1e3, 0);
  expect(Math.abs(Number(first.timeNs) / 1e6 - Date.now())).toBeLessThan(5_000);
  expect(strongestOffsetHz(second, [-30e3, 10e3, 30e3])).toBe(30e3);
  expect(notebook.states).toEqual(['online']);
});

it('a retune leaves out what was on its way, marks the break, and keeps the connection', async () => {
  const { emulator, open } = await serve();
  const driver = rtlTcpDriver({ ...common, open });
  const notebook = await started(driver);
  await notebook.until(() => blocks(notebook).length >= 3, 'three blocks');
  await driver.retune({ centerHz: 433.97e6, sampleRateHz: 250_000, gainDb: null });
  const isNew = (block: IqBlock) => block.centerHz === 433.97e6;
  await notebook.until(() => blocks(notebook).filter(isNew).length >= 3, 'the new tuning');
  const [first] = blocks(notebook).filter(isNew);
  expect(first).toMatchObject({ lostBefore: true, gainDb: null });
  expect(strongestOffsetHz(first, [30e3, -20e3, 20e3])).toBe(-20e3);
  const times = blocks(notebook).map((block) => block.timeNs);
  for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]);
  expect(emulator).toMatchObject({ connections: 1, state: { centerHz: 433.97e6, gainMode: 0 } });
});

it('a server that falls silent or breaks off is come back to, and the state says so', async () => {
  let hung = false;
  const { emulator, open, cut } = await serve({ hangs: (pairs) => pairs > 150_000 && !hung });
  const notebook = await started(rtlTcpDriver({ ...common, open, patience: 0.2 }));
  await notebook.until(() => notebook.states.at(-1) === 'offline', 'offline');
  hung = true;
  await notebook.until(() => notebook.states.at(-1) === 'online', 'online');
  cut();
  await notebook.until(() => notebook.states.length === 4, 'offline');
  await notebook.until(() => notebook.states.length === 5, 'online');
  expect(notebook.states).toEqual(['online', 'offline', 'online', 'offline', 'online']);
  expect(emulator.connections).toBe(3);
});

it('a server of another kind is a reject with a reason, not a stream of noise', async () => {
  const { open } = await serve({ header: Buffer.from('SSH-2.0-OpenSSH_9.2\r\n') });
  const notebook = await started(rtlTcpDriver({ ...common, open }));
  await notebook.until(() => notebook.rejects.length > 0, 'a reject');
  expect(notebook.rejects[0].reason).toBe('magic');
  expect(notebook.frames).toEqual([]);
});

/** Gives the reads, each once, and then is gone. */
function finiteLink(reads: readonly Uint8Array[]) {
  let given = 0;
  return {
    read: async () => {
      if (given === reads.length) throw new LinkLost('the end');
      return reads[given++];
    },
    write: async () => undefined,
    close: async () => undefined,
  };
}

it('5,000 hostile streams neither break the driver nor fill it', async () => {
  const header = Buffer.from('RTL0\0\0\0\x05\0\0\0\x1d', 'latin1');
  const real = [header, Buffer.alloc(3_000, 0x80)];
  for (let seed = 0; seed < 5_000; seed++) {
    const reads = hostileReads(real, seed);
    if (seed % 2 === 0) reads.unshift(header);
    const all = Buffer.concat(reads);
    const links = [finiteLink(reads)];
    const rejects: string[] = [];
    const open = async () => links.pop() ?? Promise.reject(new LinkLost('once is enough'));
    const driver = rtlTcpDriver({ ...common, open });
    await new Promise<void>((resolve) => {
      void driver.start({
        frame: () => undefined,
        info: () => undefined,
        status: (_, state) => state === 'offline' && void driver.stop().then(resolve),
        rejected: (_, reject) => rejects.push(reject.reason),
        lost: () => undefined,
      });
    });
    const isForeign = all.length >= 12 && all.toString('latin1', 0, 4) !== 'RTL0';
    expect(rejects, `seed ${seed}`).toEqual(isForeign ? ['magic'] : []);
  }
});

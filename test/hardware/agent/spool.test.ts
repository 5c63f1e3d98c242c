import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Sender } from '../../../hardware/agent/sender.ts';
import { type Held, Spool } from '../../../hardware/agent/spool.ts';
import { SpoolFiles } from '../../../hardware/agent/spool-files.ts';
import type { Frame } from '../../../src/core/frames.ts';
import { parseIqPacket } from '../../../src/formats/iq-packet.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { QUIET_LOG } from '../link/device-bench.ts';

const folder = temporaryFolder();
const WRAP = 2 ** 32;
const QUICK = { interval: 1, timeout: 10_000 };
/** 1,000 pairs: 2,048 bytes as a packet. */
const PACKET_BYTES = 2_048;

function block(mark: number): Frame {
  const samples = new Uint8Array(2_000);
  new DataView(samples.buffer).setUint32(0, mark);
  return {
    kind: 'iq',
    receiver: 'rx',
    sequence: 0,
    timeNs: BigInt(mark) * 1_000_000n,
    centerHz: 1e8,
    sampleRateHz: 10_000,
    format: 'cu8',
    samples,
    pairs: 1_000,
    gainDb: null,
    gnssTime: false,
    lostBefore: false,
    overload: false,
  };
}

const SWEEP: Frame = {
  kind: 'sweep',
  receiver: 'rx',
  sequence: null,
  timeNs: 0n,
  durationSeconds: 0.5,
  startHz: 1e8,
  stepHz: 1e4,
  rbwHz: null,
  unit: 'dB',
  powers: new Float32Array(8),
  gainDb: null,
  flags: [],
};

function packetOf(held: Held | null) {
  const parsed = parseIqPacket(held?.bytes ?? new Uint8Array(0), 'rx');
  if (!parsed.ok) throw new Error(parsed.reject.detail);
  return { mark: new DataView(parsed.value.samples.buffer).getUint32(0), ...parsed.value };
}

function open(packets: number, files: SpoolFiles | null = null, first = { iq: WRAP - 3, sweep: 0 }) {
  return Spool.open({ memoryBytes: packets * PACKET_BYTES, files, first, log: QUIET_LOG });
}

function newFiles(packets: number): [SpoolFiles, string] {
  const place = mkdtempSync(join(folder, 'spool-'));
  return [new SpoolFiles(place, packets * PACKET_BYTES), place];
}

async function takeAll(spool: Spool): Promise<Held[]> {
  const all: Held[] = [];
  for (let held = await spool.take(); held !== null; held = await spool.take()) all.push(held);
  return all;
}

describe('the buffer', () => {
  it('gives what it was given, in order, again after a rewind, until it is acknowledged; numbers wrap', async () => {
    const spool = await open(100);
    for (let i = 0; i < 6; i++) spool.put(block(i));
    const all = await takeAll(spool);
    expect(all.map(({ sequence }) => sequence)).toEqual([WRAP - 3, WRAP - 2, WRAP - 1, 0, 1, 2]);
    expect(spool.acknowledge({ iq: WRAP - 1, sweep: null })).toBe(true);
    spool.rewind();
    expect((await takeAll(spool)).map((held) => packetOf(held).mark)).toEqual([3, 4, 5]);
    expect(spool.acknowledge({ iq: 2, sweep: null })).toBe(true);
    expect([spool.length, spool.seconds, spool.memoryBytes]).toEqual([0, 0, 0]);
  });

  it('does not believe an acknowledgement of what it has not sent', async () => {
    const spool = await open(100);
    for (let i = 0; i < 4; i++) spool.put(block(i));
    await spool.take();
    for (const iq of [WRAP - 2, 0, 77, WRAP - 4]) expect(spool.acknowledge({ iq, sweep: null })).toBe(false);
    expect(spool.acknowledge({ iq: null, sweep: WRAP - 3 })).toBe(false);
    expect(spool.length).toBe(4);
  });

  it('numbers sweeps and samples apart, and acknowledges each by its own', async () => {
    const spool = await open(100, null, { iq: 10, sweep: 20 });
    for (const frame of [block(0), SWEEP, block(1), SWEEP]) spool.put(frame);
    expect((await takeAll(spool)).map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['iq', 10],
      ['sweep', 20],
      ['iq', 11],
      ['sweep', 21],
    ]);
    spool.acknowledge({ iq: 11, sweep: null });
    expect(spool.length).toBe(3);
    spool.acknowledge({ iq: 11, sweep: 20 });
    expect(spool.length).toBe(1);
  });

  it('holds to its limit: of any run of puts and acknowledgements the newest stay, and what went is counted', async () => {
    const step = fc.oneof(fc.constant('put'), fc.constant('send'), fc.constant('ack'), fc.constant('rewind'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 20 }), async (steps, room) => {
        const spool = await open(room, null, { iq: 0, sweep: 0 });
        let put = 0;
        let acknowledged = 0;
        let sent: number | null = null;
        for (const word of steps) {
          if (word === 'put') spool.put(block(put++));
          else if (word === 'rewind') spool.rewind();
          else if (word === 'send') sent = (await spool.take())?.sequence ?? sent;
          else if (sent !== null) {
            const before = spool.length;
            spool.acknowledge({ iq: sent, sweep: null });
            acknowledged += before - spool.length;
          }
          expect(spool.memoryBytes).toBeLessThanOrEqual(room * PACKET_BYTES);
          expect(spool.length + spool.lost + acknowledged).toBe(put);
        }
        spool.rewind();
        const left = (await takeAll(spool)).map(packetOf);
        expect(left.map(({ mark }) => mark)).toEqual(left.map((_, i) => put - left.length + i));
        // Whatever was let go shows in the packet after it.
        if (left.length > 0 && spool.lost > 0 && acknowledged === 0) expect(left[0].lostBefore).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('moves to disk what memory does not hold, gives it back in order, and leaves no file behind', async () => {
    const [files, place] = newFiles(10_000);
    const spool = await open(32, files);
    for (let i = 0; i < 400; i++) {
      spool.put(block(i));
      // As time passes: the disk keeps up.
      if (i % 4 === 0) await vi.waitFor(() => expect(spool.memoryBytes).toBeLessThanOrEqual(33 * PACKET_BYTES));
    }
    expect(spool.length).toBe(400);
    expect(readdirSync(place).length).toBeGreaterThan(50);
    const marks: number[] = [];
    for (let held = await spool.take(); held !== null; held = await spool.take()) {
      marks.push(packetOf(held).mark);
      expect(spool.acknowledge({ iq: held.sequence, sweep: null })).toBe(true);
    }
    expect(marks).toEqual(Array.from({ length: 400 }, (_, i) => i));
    await vi.waitFor(() => expect(readdirSync(place)).toEqual([]));
    expect([spool.lost, spool.fileBytes, spool.memoryBytes]).toEqual([0, 0, 0]);
  });

  it('lets go the oldest where the disk is full too, counts it, and marks what follows', async () => {
    const [files] = newFiles(64);
    const spool = await open(32, files);
    for (let i = 0; i < 400; i++) {
      spool.put(block(i));
      if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await vi.waitFor(() => expect(spool.memoryBytes).toBeLessThanOrEqual(33 * PACKET_BYTES));
    expect(spool.fileBytes).toBeLessThanOrEqual(64 * PACKET_BYTES);
    expect(spool.length + spool.lost).toBe(400);
    expect(spool.length).toBeGreaterThan(60);
    const left = (await takeAll(spool)).map(packetOf);
    expect(left.map(({ mark }) => mark)).toEqual(left.map((_, i) => 400 - left.length + i));
    expect(left[0].lostBefore).toBe(true);
  });

  it('is taken up by the next run, with its numbers, and a file that was damaged costs no more than itself', async () => {
    const [files, place] = newFiles(10_000);
    const spool = await open(32, files);
    for (let i = 0; i < 20; i++) spool.put(block(i));
    await spool.close();
    const [broken] = readdirSync(place).sort();
    const bytes = readFileSync(join(place, broken));
    // Its second message: the first is whole.
    bytes[21 + PACKET_BYTES + 500] ^= 1;
    writeFileSync(join(place, broken), bytes);
    const next = await open(32, new SpoolFiles(place, 10_000 * PACKET_BYTES), { iq: 5, sweep: 5 });
    expect(next.length).toBe(19);
    next.put(block(20));
    const all = await takeAll(next);
    expect(all.map((held) => packetOf(held).mark)).toEqual([0, ...Array.from({ length: 19 }, (_, i) => i + 2)]);
    expect(all.at(-1)?.sequence).toBe(17);
    // The agent did not run in between.
    expect(packetOf(all.at(-1) ?? null).lostBefore).toBe(true);
  });
});

describe('the window', () => {
  async function bench(window: number, patienceMs: number) {
    const spool = await open(1_000, null, { iq: 0, sweep: 0 });
    const sent: number[] = [];
    const sender = new Sender({
      spool,
      window,
      patienceMs,
      log: QUIET_LOG,
      send: async ({ sequence }) => void sent.push(sequence),
    });
    for (let i = 0; i < 100; i++) spool.put(block(i));
    return { spool, sent, sender };
  }

  it('sends no more than it may without an answer, and goes on where it is answered', async () => {
    const { sender, sent } = await bench(8, 60_000);
    sender.connect();
    await vi.waitFor(() => expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7]));
    sender.acknowledge({ iq: 4, sweep: null });
    await vi.waitFor(() => expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    sender.stop();
  });

  it('asks again with a few where nobody answers, ever more slowly, and opens when somebody does', async () => {
    const { sender, sent } = await bench(8, 100);
    sender.connect();
    await vi.waitFor(() => expect(sent.slice(8, 12)).toEqual([0, 1, 2, 3]), QUICK);
    await vi.waitFor(() => expect(sent.slice(12)).toEqual([0, 1, 2, 3]), QUICK);
    sender.acknowledge({ iq: 3, sweep: null });
    await vi.waitFor(() => expect(sent.slice(16)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]), QUICK);
    sender.stop();
  });

  it('sends anew what was under way when the connection broke', async () => {
    const { sender, sent } = await bench(4, 60_000);
    sender.connect();
    await vi.waitFor(() => expect(sent).toHaveLength(4));
    sender.acknowledge({ iq: 1, sweep: null });
    await vi.waitFor(() => expect(sent).toHaveLength(6));
    sender.disconnect();
    sender.connect();
    await vi.waitFor(() => expect(sent).toEqual([0, 1, 2, 3, 4, 5, 2, 3, 4, 5]));
    sender.stop();
  });
});

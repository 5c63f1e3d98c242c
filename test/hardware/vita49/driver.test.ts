import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difiContext, difiData, TRAILER, VrtEmulator } from '../../../hardware/vita49/emulator.ts';
import '../../support/properties.ts';
import { device, heard, NOW_NS, ramp, sent, valuesOf } from './vrt-bench.ts';

/** At 256 kS/s 25 ms are 6400 pairs: blocks of 8192, 32 ms. */
const BLOCK_PAIRS = 8_192;
const BLOCK_NS = 32_000_000n;

describe('signal data of VITA 49', () => {
  it.each([
    ['cs8', 1 / 127],
    ['cs16', 1 / 32_767],
    ['cf32', 1e-7],
  ] as const)('in %s become blocks with every sample in its place', (format, step) => {
    const samples = ramp(3 * BLOCK_PAIRS);
    const { blocks, rejects, lostPackets } = heard(sent(device({ format, packetPairs: 300 }), samples));
    expect(blocks).toHaveLength(3);
    blocks.forEach((block, i) => {
      expect(block).toMatchObject({
        sequence: i,
        timeNs: NOW_NS + BigInt(i) * BLOCK_NS,
        centerHz: 98.1e6,
        sampleRateHz: 256_000,
        format,
        pairs: BLOCK_PAIRS,
        gainDb: 20.5,
        lostBefore: false,
        overload: false,
      });
    });
    const values = valuesOf(blocks);
    expect(values).toHaveLength(samples.length);
    expect(values.findIndex((value, i) => Math.abs(value - samples[i]) > step)).toBe(-1);
    expect({ rejects, lostPackets }).toEqual({ rejects: [], lostPackets: 0 });
  });

  it('hold 25 to 100 ms in a power of two of pairs at every rate up to 10 MS/s', () => {
    for (const sampleRateHz of [8_000, 48_000, 250_000, 1e6, 2.4e6, 10e6]) {
      const packets = sent(device({ sampleRateHz, packetPairs: 2_000, format: 'cs8' }), ramp(0.06 * sampleRateHz));
      const [block] = heard(packets).blocks;
      expect(Math.log2(block.pairs) % 1).toBe(0);
      expect(block.pairs / sampleRateHz).toBeGreaterThanOrEqual(0.025);
      expect(block.pairs / sampleRateHz).toBeLessThanOrEqual(0.1);
    }
  });

  it.each([
    ['UTC and picoseconds', { tsi: 1, tsf: 2 }],
    ['UTC and a count of samples', { tsi: 1, tsf: 1 }],
    ['GPS time', { tsi: 2, tsf: 2 }],
    ['the epoch of POSIX, as DIFI has it', { tsi: 3, tsf: 2 }],
    ['no stream identifier', { streamId: null }],
    ['a class identifier', { classId: { oui: 0xffeedd, information: 1, packet: 2 } }],
  ])('with %s are on time', (_what, change) => {
    const { blocks, rejects } = heard(sent(device(change), ramp(2 * BLOCK_PAIRS)));
    expect(rejects).toEqual([]);
    expect(blocks).toHaveLength(2);
    blocks.forEach(({ timeNs }, i) => {
      const offNs = Number(timeNs - NOW_NS - BigInt(i) * BLOCK_NS);
      // A count of samples is right to half a sample, 1.95 µs.
      expect(Math.abs(offNs)).toBeLessThanOrEqual(1_954);
    });
  });

  it('without a time have that of their arrival, and that of their samples from then on', () => {
    const packetNs = 1_000_000n;
    const arrivalNs = (index: number) => NOW_NS + BigInt(index) * packetNs + (index % 7 === 3 ? 4_000_000n : 0n);
    const packets = sent(device({ tsi: 0, tsf: 0 }), ramp(3 * BLOCK_PAIRS));
    const { blocks } = heard(packets, { arrivalNs });
    expect(blocks.map(({ timeNs }) => timeNs)).toEqual([0n, 1n, 2n].map((i) => NOW_NS + i * BLOCK_NS));
  });

  it('before a context packet are refused with what is missing', () => {
    const [context, ...data] = sent(device(), ramp(BLOCK_PAIRS));
    const { blocks, rejects } = heard([...data.slice(0, 2), context, ...data]);
    expect(blocks).toHaveLength(1);
    expect(rejects).toEqual(
      Array(2).fill({
        reason: 'schema',
        detail: 'signal data before a context packet that gives: sample rate, RF reference frequency, payload format',
      }),
    );
  });

  it('of a second stream are refused, and taken where the first has ended', () => {
    const first = sent(device(), ramp(BLOCK_PAIRS));
    const second = sent(device({ streamId: 0x11 }), ramp(BLOCK_PAIRS), NOW_NS + 20_000_000_000n);
    const both = heard([...first, ...second]);
    expect(both.blocks).toHaveLength(1);
    expect(both.rejects[0].detail).toBe('data of stream 0x00000011 beside 0x00000010: give each a receiver of its own');
    const later = heard([...first, ...second], {
      arrivalNs: (index) => NOW_NS + (index < first.length ? 0n : 20_000_000_000n),
    });
    expect(later.blocks.map(({ lostBefore }) => lostBefore)).toEqual([false, true]);
  });
});

describe('packets of VITA 49 that are missing', () => {
  const packets = sent(device(), ramp(4 * BLOCK_PAIRS));

  it.each([1, 3, 15, 16, 17, 40])('%d of them are counted, and the block after them says so', (missing) => {
    const from = 10;
    const { blocks, lostPackets, rejects } = heard([...packets.slice(0, from), ...packets.slice(from + missing)]);
    expect(lostPackets).toBe(missing);
    expect(rejects).toEqual([]);
    expect(blocks[0].lostBefore).toBe(true);
    // The first sample of the block is that of the packet behind the gap; the context is packet 0.
    expect(blocks[0].timeNs).toBe(NOW_NS + BigInt(from + missing - 1) * 1_000_000n);
    expect(blocks.slice(1).every(({ lostBefore }) => !lostBefore)).toBe(true);
  });

  it('are found by their count where they have no time', () => {
    const untimed = sent(device({ tsi: 0, tsf: 0 }), ramp(4 * BLOCK_PAIRS));
    const { blocks, lostPackets } = heard([...untimed.slice(0, 40), ...untimed.slice(45)]);
    expect(lostPackets).toBe(5);
    // 39 packets fill a block of 32; what was left of the second is let go.
    expect(blocks.map(({ lostBefore }) => lostBefore)).toEqual([false, true, false]);
  });

  it('are not, where one comes twice or late', () => {
    const [context, ...data] = packets;
    const { blocks, lostPackets, rejects } = heard([context, data[0], data[1], data[1], data[0], ...data.slice(2)]);
    expect(lostPackets).toBe(0);
    expect(rejects.map(({ reason }) => reason)).toEqual(['value', 'value']);
    expect(blocks).toHaveLength(4);
    expect(blocks.some(({ lostBefore }) => lostBefore)).toBe(false);
  });

  it('any losses: blocks hold only samples that follow each other, and what is gone is counted', () => {
    const samples = ramp(6 * BLOCK_PAIRS);
    const [context, ...data] = sent(device({ format: 'cs8' }), samples);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: data.length - 2 }), { maxLength: 12 }), (gone) => {
        const { blocks, lostPackets } = heard([context, ...data.filter((_, i) => !gone.includes(i))]);
        expect(lostPackets).toBe(gone.length);
        for (const block of blocks) {
          const first = Math.round((Number(block.timeNs - NOW_NS) / 1e9) * 256_000);
          const values = valuesOf([block]);
          expect(values.every((value, i) => Math.abs(value - samples[2 * first + i]) < 0.01)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a VITA 49 device says of its data', () => {
  const withTrailer = (trailer: number, at: number) =>
    sent(device({ trailer: (packet) => (packet === at ? trailer : TRAILER.validData) >>> 0 }), ramp(3 * BLOCK_PAIRS));

  it('over-range is an overload of that block alone', () => {
    const { blocks } = heard(withTrailer(TRAILER.overRange, 40));
    expect(blocks.map(({ overload }) => overload)).toEqual([false, true, false]);
  });

  it('sample loss is a break before it', () => {
    const { blocks, lostPackets } = heard(withTrailer(TRAILER.sampleLoss, 40));
    expect(blocks.map(({ lostBefore }) => lostBefore)).toEqual([false, true]);
    expect(lostPackets).toBe(0);
  });

  it('data that are not valid are left out', () => {
    const { blocks, rejects } = heard(withTrailer(TRAILER.invalidData, 40));
    expect(rejects).toEqual([{ reason: 'value', detail: 'the receiver says that its data are not valid' }]);
    expect(blocks.map(({ lostBefore }) => lostBefore)).toEqual([false, true]);
  });

  it('a calibrated time under a locked reference is one of GNSS', () => {
    const locked = TRAILER.calibratedTime + TRAILER.referenceLock;
    const { blocks } = heard(sent(device({ trailer: () => locked }), ramp(BLOCK_PAIRS)));
    expect(blocks[0].gnssTime).toBe(true);
    const unlocked = TRAILER.calibratedTime + 0x2000_0000;
    expect(heard(sent(device({ trailer: () => unlocked }), ramp(BLOCK_PAIRS))).blocks[0].gnssTime).toBe(false);
  });

  it('another tuning begins another block', () => {
    const samples = ramp(BLOCK_PAIRS);
    const here = sent(device(), samples);
    const half = here.slice(0, 17);
    const there = new VrtEmulator(device({ centerHz: 433.92e6 }));
    const startNs = NOW_NS + 16_000_000n;
    const moved = [there.context(startNs), ...there.data(samples, startNs)];
    const { blocks } = heard([...half, ...moved]);
    expect(blocks).toMatchObject([{ centerHz: 433.92e6, timeNs: startNs, lostBefore: true }]);
  });
});

describe('DIFI', () => {
  const fields = { centerHz: 7.5e9, sampleRateHz: 256_000, payloadFormat: 0xa00007cf, streamId: 9, count: 0 };
  const samples = ramp(BLOCK_PAIRS);
  const difi = (write: (bytes: Buffer, value: number, at: number) => void) => {
    const packets: Buffer[] = [difiContext(NOW_NS, fields)];
    for (let i = 0; i < BLOCK_PAIRS / 256; i++) {
      const payload = Buffer.alloc(256 * 4);
      for (let k = 0; k < 512; k++) write(payload, Math.round(samples[512 * i + k] * 32_767), 2 * k);
      const timeNs = NOW_NS + BigInt(i) * 1_000_000n;
      packets.push(difiData(timeNs, { streamId: 9, count: i % 16 }, payload));
    }
    return packets;
  };

  it.each([
    ['big', (bytes: Buffer, value: number, at: number): void => void bytes.writeInt16BE(value, at)],
    ['little', (bytes: Buffer, value: number, at: number): void => void bytes.writeInt16LE(value, at)],
  ] as const)('with samples of %s-endian order, where the configuration says so', (byteOrder, write) => {
    const { blocks, rejects } = heard(difi(write), { byteOrder });
    expect(rejects).toEqual([]);
    expect(blocks).toMatchObject([{ centerHz: 7.5e9, timeNs: NOW_NS, gainDb: 10, gnssTime: true, pairs: BLOCK_PAIRS }]);
    expect(valuesOf(blocks).every((value, i) => Math.abs(value - samples[i]) < 1e-4)).toBe(true);
  });
});

import { VrtReceiver } from '../../../hardware/vita49/driver.ts';
import { type VrtDevice, VrtEmulator } from '../../../hardware/vita49/emulator.ts';
import type { ByteOrder } from '../../../hardware/vita49/payload-format.ts';
import type { IqBlock } from '../../../src/core/frames.ts';
import { Notebook } from '../link/device-bench.ts';

/** 2026-06-15T22:00:00.25Z. */
export const NOW_NS = 1_781_560_800_250_000_000n;

export function device(change: Partial<VrtDevice> = {}): VrtDevice {
  return {
    streamId: 0x10,
    classId: null,
    tsi: 1,
    tsf: 2,
    format: 'cs16',
    packetPairs: 256,
    centerHz: 98.1e6,
    sampleRateHz: 256_000,
    gainDb: 20.5,
    referenceLevelDbm: -30,
    ...change,
  };
}

/** Pairs of which each has its own value, so that one that is lost, doubled or moved shows. */
export function ramp(pairs: number): Float32Array {
  return Float32Array.from({ length: 2 * pairs }, (_, i) => (((i * 37) % 251) - 125) / 127);
}

/** A context, then all the data. */
export function sent(model: VrtDevice, samples: Float32Array, timeNs = NOW_NS): Buffer[] {
  const emulator = new VrtEmulator(model);
  return [emulator.context(timeNs), ...emulator.data(samples, timeNs)];
}

/** What a receiver makes of packets that arrive at `arrivalNs`, each when its last sample was taken. */
export function heard(
  packets: Iterable<Uint8Array>,
  options: { byteOrder?: ByteOrder; arrivalNs?: (index: number) => bigint } = {},
): Notebook & { readonly blocks: readonly IqBlock[] } {
  const notebook = new Notebook();
  let index = 0;
  const nowNs = () => options.arrivalNs?.(index) ?? NOW_NS;
  const receiver = new VrtReceiver({ receiver: 'rx', nowNs, byteOrder: options.byteOrder });
  for (const packet of packets) {
    const bytes = Buffer.from(packet);
    receiver.take(bytes, notebook);
    // Nobody writes to what is another's.
    if (!bytes.equals(packet)) throw new Error('a packet was changed');
    index++;
  }
  return Object.assign(notebook, { blocks: notebook.frames.filter((frame) => frame.kind === 'iq') });
}

/** The samples of blocks one after the other, −1…1, by a reader of its own. */
export function valuesOf(blocks: readonly IqBlock[]): number[] {
  return blocks.flatMap(({ samples, format }) => {
    const bytes = Buffer.from(samples);
    const size = { cu8: 1, cs8: 1, cs16: 2, cf32: 4 }[format];
    return Array.from({ length: bytes.length / size }, (_, i) => {
      if (format === 'cs8') return bytes.readInt8(i) / 127;
      return format === 'cs16' ? bytes.readInt16LE(2 * i) / 32_767 : bytes.readFloatLE(4 * i);
    });
  });
}

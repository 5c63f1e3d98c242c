import { BYTES_PER_PAIR, type IqBlock, LIMITS, type Parsed, rejected, SAMPLE_FORMATS } from '../core/frames.ts';
import { newPacket, PACKET_FLAGS, PACKET_HEADER_BYTES, readPacketHeader } from './packet-header.ts';
import { zeroNonFinite } from './sample-types.ts';

const MAGIC = 'BWIQ';

/** The block owns a copy of its samples: `bytes` may be reused. */
export function parseIqPacket(bytes: Uint8Array, receiver: string): Parsed<IqBlock> {
  const header = readPacketHeader(bytes, MAGIC);
  if (!header.ok) return header;
  const { format: formatCode, flags, sequence, count, timeNs, frequencyHz, spacingHz, gainDb } = header.value;
  const format = SAMPLE_FORMATS[formatCode];
  if (format === undefined) return rejected('format', `sample format ${formatCode}, expected 0 to 3`);
  if (count < 1 || count > LIMITS.packetPairs) {
    return rejected('size', `${count} IQ pairs, expected 1 to ${LIMITS.packetPairs}`);
  }
  const expectedBytes = PACKET_HEADER_BYTES + count * BYTES_PER_PAIR[format];
  if (bytes.length !== expectedBytes) {
    return rejected('length', `${bytes.length} bytes, expected ${expectedBytes} for ${count} pairs of ${format}`);
  }
  const { min, max } = LIMITS.sampleRateHz;
  if (!(spacingHz >= min && spacingHz <= max)) {
    return rejected('value', `sample rate ${spacingHz} Hz, expected ${min} to ${max}`);
  }
  if (!(frequencyHz >= LIMITS.frequencyHz.min && frequencyHz <= LIMITS.frequencyHz.max)) {
    return rejected('value', `centre ${frequencyHz} Hz, expected within ±${LIMITS.frequencyHz.max}`);
  }
  const samples = new Uint8Array(bytes.subarray(PACKET_HEADER_BYTES));
  if (format === 'cf32' && zeroNonFinite(samples) > 0) return rejected('value', 'samples that are no finite number');
  return {
    ok: true,
    value: {
      kind: 'iq',
      receiver,
      sequence,
      timeNs,
      centerHz: frequencyHz,
      sampleRateHz: spacingHz,
      format,
      samples,
      pairs: count,
      gainDb,
      gnssTime: (flags & PACKET_FLAGS.gnssTime) !== 0,
      lostBefore: (flags & PACKET_FLAGS.lostBefore) !== 0,
      overload: (flags & PACKET_FLAGS.overload) !== 0,
    },
  };
}

export function encodeIqPacket(block: IqBlock): Uint8Array {
  const payloadBytes = block.pairs * BYTES_PER_PAIR[block.format];
  const packet = newPacket(
    MAGIC,
    {
      format: SAMPLE_FORMATS.indexOf(block.format),
      flags:
        (block.gnssTime ? PACKET_FLAGS.gnssTime : 0) |
        (block.lostBefore ? PACKET_FLAGS.lostBefore : 0) |
        (block.overload ? PACKET_FLAGS.overload : 0),
      sequence: block.sequence,
      count: block.pairs,
      timeNs: block.timeNs,
      frequencyHz: block.centerHz,
      spacingHz: block.sampleRateHz,
      gainDb: block.gainDb,
    },
    payloadBytes,
  );
  packet.set(block.samples.subarray(0, payloadBytes), PACKET_HEADER_BYTES);
  return packet;
}

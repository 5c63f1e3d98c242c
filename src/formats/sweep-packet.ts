import { LIMITS, type Parsed, rejected, type Sweep } from '../core/frames.ts';
import { newPacket, PACKET_FLAGS, PACKET_HEADER_BYTES, readPacketHeader } from './packet-header.ts';
import { checkedSweep, spanFault } from './sweep-checks.ts';

const MAGIC = 'BWSW';

/** Level formats by code: u8 is −value/2 dB, i16 centi-dB, f32 dB. */
export const LEVEL_FORMATS = ['u8', 'i16', 'f32'] as const;
export type LevelFormat = (typeof LEVEL_FORMATS)[number];
const BYTES_PER_LEVEL: Readonly<Record<LevelFormat, number>> = { u8: 1, i16: 2, f32: 4 };

const FLAG_WORDS = [
  [PACKET_FLAGS.gnssTime, 'gnss-time'],
  [PACKET_FLAGS.lostBefore, 'lost-before'],
  [PACKET_FLAGS.overload, 'overload'],
] as const;

/** A sweep packet carries no unit: its levels are dBm, as those of a JSON sweep without one. */
export function parseSweepPacket(bytes: Uint8Array, receiver: string): Parsed<Sweep> {
  const header = readPacketHeader(bytes, MAGIC);
  if (!header.ok) return header;
  const { format: formatCode, flags, sequence, count, timeNs, frequencyHz, spacingHz, gainDb } = header.value;
  const format = LEVEL_FORMATS[formatCode];
  if (format === undefined) return rejected('format', `level format ${formatCode}, expected 0 to 2`);
  if (count < 1 || count > LIMITS.sweepPoints) {
    return rejected('size', `${count} points, expected 1 to ${LIMITS.sweepPoints}`);
  }
  const expectedBytes = PACKET_HEADER_BYTES + count * BYTES_PER_LEVEL[format];
  if (bytes.length !== expectedBytes) {
    return rejected('length', `${bytes.length} bytes, expected ${expectedBytes} for ${count} levels of ${format}`);
  }
  const fault = spanFault(frequencyHz, spacingHz, count);
  if (fault !== null) return rejected('value', fault);
  const checked = checkedSweep({
    kind: 'sweep',
    receiver,
    sequence,
    timeNs,
    durationSeconds: null,
    startHz: frequencyHz,
    stepHz: spacingHz,
    rbwHz: null,
    unit: 'dBm',
    powers: readLevels(bytes, format, count),
    gainDb,
    flags: FLAG_WORDS.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word),
  });
  return checked.ok ? { ok: true, value: checked.value.sweep } : checked;
}

function readLevels(bytes: Uint8Array, format: LevelFormat, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + PACKET_HEADER_BYTES);
  const levels = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    if (format === 'u8') levels[i] = (0 - view.getUint8(i)) / 2;
    else if (format === 'i16') levels[i] = view.getInt16(2 * i, true) / 100;
    else levels[i] = view.getFloat32(4 * i, true);
  }
  return levels;
}

export function encodeSweepPacket(sweep: Sweep, format: LevelFormat = 'f32'): Uint8Array {
  const count = sweep.powers.length;
  const packet = newPacket(
    MAGIC,
    {
      format: LEVEL_FORMATS.indexOf(format),
      flags: FLAG_WORDS.reduce((all, [bit, word]) => all | (sweep.flags.includes(word) ? bit : 0), 0),
      sequence: sweep.sequence ?? 0,
      count,
      timeNs: sweep.timeNs,
      frequencyHz: sweep.startHz,
      spacingHz: sweep.stepHz,
      gainDb: sweep.gainDb,
    },
    count * BYTES_PER_LEVEL[format],
  );
  const view = new DataView(packet.buffer, PACKET_HEADER_BYTES);
  for (let i = 0; i < count; i += 1) {
    const level = sweep.powers[i]!;
    if (format === 'u8') view.setUint8(i, Math.min(255, Math.max(0, Math.round(-2 * level))));
    else if (format === 'i16') view.setInt16(2 * i, Math.min(32767, Math.max(-32768, Math.round(level * 100))), true);
    else view.setFloat32(4 * i, level, true);
  }
  return packet;
}

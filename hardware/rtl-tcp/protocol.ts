import { accepted, type Parsed, rejected } from '../../src/core/frames.ts';

/**
 * rtl_tcp (osmocom rtl-sdr, src/rtl_tcp.c), TCP port 1234. Numbers are big-endian. The server begins with
 *
 *     0 "RTL0" │ 4 u32 tuner │ 8 u32 number of its gains │ 12 … I and Q, u8 each, without end
 *
 * and takes commands of five bytes, which it never answers:
 *
 *     0 command │ 1 u32 parameter
 */
export const HEADER_BYTES = 12;
export const COMMAND_BYTES = 5;

export const TUNERS = ['unknown', 'E4000', 'FC0012', 'FC0013', 'FC2580', 'R820T', 'R828D'] as const;

export const COMMANDS = {
  centerHz: 0x01,
  sampleRateHz: 0x02,
  /** 0 automatic, 1 manual. */
  gainMode: 0x03,
  gainTenthsDb: 0x04,
  frequencyCorrectionPpm: 0x05,
  agc: 0x08,
  biasTee: 0x0e,
} as const;
export type Command = keyof typeof COMMANDS;

export interface ServerHeader {
  readonly tuner: (typeof TUNERS)[number];
  readonly gains: number;
}

/** The first bytes of a connection: 12 of them. */
export function parseHeader(bytes: Uint8Array): Parsed<ServerHeader> {
  if (bytes.length < HEADER_BYTES) return rejected('length', `${bytes.length} bytes, expected ${HEADER_BYTES}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint32(0) !== 0x52544c30) return rejected('magic', 'no rtl_tcp server: its first bytes are not RTL0');
  const gains = view.getUint32(8);
  return accepted({ tuner: TUNERS[view.getUint32(4)] ?? 'unknown', gains });
}

export function encodeHeader(tuner: ServerHeader['tuner'], gains: number): Uint8Array {
  const bytes = Buffer.from('RTL0\0\0\0\0\0\0\0\0', 'latin1');
  bytes.writeUInt32BE(TUNERS.indexOf(tuner), 4);
  bytes.writeUInt32BE(gains, 8);
  return bytes;
}

/** Negative parameters (a frequency correction) go as two's complement. */
export function encodeCommand(command: Command, parameter: number): Uint8Array {
  const bytes = Buffer.alloc(COMMAND_BYTES);
  bytes[0] = COMMANDS[command];
  bytes.writeUInt32BE(Math.round(parameter) >>> 0, 1);
  return bytes;
}

import { accepted, type Frame, LIMITS, type Parsed, type Reject, rejected } from '../../src/core/frames.ts';
import { decodeCobs, encodeCobs } from '../../src/formats/cobs.ts';
import { crc32 } from '../../src/formats/crc32.ts';
import { parseIqPacket } from '../../src/formats/iq-packet.ts';
import { parseSweepPacket } from '../../src/formats/sweep-packet.ts';

/**
 * Packets on a serial line, both ways:
 *
 *     COBS( packet │ CRC-32 of the packet, little-endian ) 00
 *
 * `BWIQ` and `BWSW` are the packets of the contract; a command to the device and its reply are
 *
 *      0 ┌ BWCM or BWRP ┐ 4 version, 1 │ 5–7 zero │ 8… JSON in UTF-8
 *
 * A zero byte ends a frame wherever the reader came in, so that a broken one costs no other.
 */
const CRC_BYTES = 4;
const JSON_HEADER_BYTES = 8;
const VERSION = 1;
/** A packet of the largest size, its CRC and what COBS adds. */
const FRAME_LIMIT_BYTES = Math.ceil((LIMITS.payloadBytes + CRC_BYTES) * (255 / 254)) + 1;
const FIRST_BUFFER_BYTES = 4_096;

export type GenericMessage =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'json'; readonly magic: 'BWCM' | 'BWRP'; readonly body: Uint8Array }
  | { readonly kind: 'rejected'; readonly reject: Reject };

export function encodeFrame(packet: Uint8Array): Uint8Array {
  const checked = new Uint8Array(packet.length + CRC_BYTES);
  checked.set(packet);
  new DataView(checked.buffer).setUint32(packet.length, crc32(packet), true);
  const cobs = encodeCobs(checked);
  const framed = new Uint8Array(cobs.length + 1);
  framed.set(cobs);
  return framed;
}

export function encodeJsonPacket(magic: 'BWCM' | 'BWRP', json: string): Uint8Array {
  return Buffer.concat([Buffer.from(magic, 'latin1'), Uint8Array.of(VERSION, 0, 0, 0), Buffer.from(json, 'utf8')]);
}

/** The packet of a frame, given without its zero, whose CRC is right. */
export function openFrame(frame: Uint8Array): Parsed<Uint8Array> {
  const bytes = decodeCobs(frame);
  if (bytes === null) return rejected('syntax', 'a frame that is no COBS');
  const length = bytes.length - CRC_BYTES;
  if (length < JSON_HEADER_BYTES) return rejected('length', `a frame of ${bytes.length} bytes`);
  const crc = new DataView(bytes.buffer, bytes.byteOffset + length, CRC_BYTES).getUint32(0, true);
  const packet = bytes.subarray(0, length);
  return crc32(packet) === crc ? accepted(packet) : rejected('crc', 'the CRC-32 of a packet is wrong');
}

export function parsePacket(packet: Uint8Array, receiver: string): GenericMessage {
  const magic = String.fromCharCode(...packet.subarray(0, 4));
  if (magic === 'BWCM' || magic === 'BWRP') {
    if (packet[4] === VERSION) return { kind: 'json', magic, body: packet.slice(JSON_HEADER_BYTES) };
    return { kind: 'rejected', reject: { reason: 'version', detail: `version ${packet[4]}, expected ${VERSION}` } };
  }
  const parsed = magic === 'BWIQ' ? parseIqPacket(packet, receiver) : parseSweepPacket(packet, receiver);
  return parsed.ok ? { kind: 'frame', frame: parsed.value } : { kind: 'rejected', reject: parsed.reject };
}

/** Cuts the stream at its zeros. Holds one frame at most, and never more than the largest. */
export class FrameCutter {
  private buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  private length = 0;
  /** The frame that runs is too long: the rest of it is not kept. */
  private isSkipping = false;

  push(bytes: Uint8Array): Parsed<Uint8Array>[] {
    const frames: Parsed<Uint8Array>[] = [];
    let at = 0;
    while (at < bytes.length) {
      const zero = bytes.indexOf(0, at);
      const end = zero < 0 ? bytes.length : zero;
      if (!this.isSkipping && !this.keep(bytes.subarray(at, end))) {
        this.isSkipping = true;
        frames.push(rejected('size', `a frame of more than ${FRAME_LIMIT_BYTES} bytes`));
      }
      if (zero >= 0) {
        // Zeros in a row are what a device sends to be sure that a frame begins.
        if (!this.isSkipping && this.length > 0) frames.push(openFrame(this.buffer.subarray(0, this.length)));
        this.length = 0;
        this.isSkipping = false;
      }
      at = end + 1;
    }
    return frames;
  }

  get waiting(): number {
    return this.length;
  }

  private keep(bytes: Uint8Array): boolean {
    const length = this.length + bytes.length;
    if (length > FRAME_LIMIT_BYTES) {
      this.buffer = new Uint8Array(FIRST_BUFFER_BYTES);
      this.length = 0;
      return false;
    }
    if (length > this.buffer.length) {
      const larger = new Uint8Array(Math.min(FRAME_LIMIT_BYTES, Math.max(length, 2 * this.buffer.length)));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    this.buffer.set(bytes, this.length);
    this.length = length;
    return true;
  }
}

/**
 * Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): bytes without a zero, so that a zero can
 * end a frame. Each block is a code byte c and c − 1 bytes that are not zero; a block with c < 255 stands
 * for its bytes and a zero after them, except the last one.
 *
 *     11 22 00 33   →   03 11 22 02 33          00   →   01 01          (254 bytes not zero)   →   FF …
 */
export function encodeCobs(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.floor(bytes.length / 254) + 1);
  let codeAt = 0;
  let at = 1;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (byte !== 0) out[at++] = byte;
    const full = at - codeAt === 255;
    if (byte !== 0 && !full) continue;
    if (byte !== 0 && i === bytes.length - 1) break;
    out[codeAt] = at - codeAt;
    codeAt = at++;
  }
  out[codeAt] = at - codeAt;
  return out.subarray(0, at);
}

/** The bytes of a frame given without its closing zero; null where it is no COBS. */
export function decodeCobs(frame: Uint8Array): Uint8Array | null {
  const out = new Uint8Array(frame.length);
  let at = 0;
  let i = 0;
  while (i < frame.length) {
    const code = frame[i]!;
    if (code === 0 || i + code > frame.length) return null;
    for (let k = 1; k < code; k += 1) {
      const byte = frame[i + k]!;
      if (byte === 0) return null;
      out[at++] = byte;
    }
    i += code;
    if (code < 255 && i < frame.length) out[at++] = 0;
  }
  return frame.length === 0 ? null : out.subarray(0, at);
}

/**
 * CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320, initial and final value inverted).
 * Check value: "123456789" → 0xCBF43926. Source: ITU-T V.42 §8.1.1.6.2.
 */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder >>> 0;
});

/** CRC of `bytes`; with `previous`, of everything before followed by `bytes`. Unsigned. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  for (let i = 0; i < bytes.length; i += 1) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

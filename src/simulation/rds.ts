import type { RdsService } from './signal.ts';

/**
 * Bits of an RDS data stream (IEC 62106): groups 0A with programme identification and name.
 *
 *     group  = block A: PI | block B: 0A, TP, PTY, segment | block C: alternative frequencies | block D: 2 characters
 *     block  = 16 data bits, 10 check bits: remainder of data·x^10 by g(x), plus the block's offset word
 *     g(x)   = x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1
 *
 * The bits are differentially coded by the modulator.
 */
const GENERATOR = 0x5b9;
const OFFSETS = { A: 0x0fc, B: 0x198, C: 0x168, D: 0x1b4 } as const;
/** Code "no alternative frequency exists", twice. */
const NO_ALTERNATIVES = 0xe0cd;

export function rdsBlock(data: number, offset: keyof typeof OFFSETS): number {
  let remainder = data << 10;
  for (let bit = 25; bit >= 10; bit--) if (remainder & (1 << bit)) remainder ^= GENERATOR << (bit - 10);
  return ((data << 10) | (remainder ^ OFFSETS[offset])) >>> 0;
}

export class RdsBits {
  readonly #bits: readonly number[];
  #at = 0;

  constructor(service: RdsService) {
    const name = service.name.padEnd(8).slice(0, 8);
    const blocks = [0, 1, 2, 3].flatMap((segment) => {
      const characters = (name.charCodeAt(2 * segment) << 8) | name.charCodeAt(2 * segment + 1);
      // Bit 3 of the low part says music; segment 3 carries "static programme type" 0.
      const second = 0x0008 | segment;
      return [
        rdsBlock(service.pi & 0xffff, 'A'),
        rdsBlock(second, 'B'),
        rdsBlock(NO_ALTERNATIVES, 'C'),
        rdsBlock(characters & 0xffff, 'D'),
      ];
    });
    this.#bits = blocks.flatMap((block) => Array.from({ length: 26 }, (_, i) => (block >>> (25 - i)) & 1));
  }

  next(): number {
    const bit = this.#bits[this.#at];
    this.#at = (this.#at + 1) % this.#bits.length;
    return bit;
  }
}

import type { RdsReading } from '../../core/measurement.ts';

/**
 * Blocks and groups of RDS (IEC 62106-2, EN 50067 §3): a group is four blocks of 26 bits, 16 of data and 10 of check,
 * the remainder of data·x^10 by g(x) = x^10+x^8+x^7+x^5+x^4+x^3+1 plus the block's offset word. So the remainder of a
 * block received right is its offset word: that synchronises and checks in one.
 *
 *     block 1 (A): PI   2 (B): type 4 bits, version, TP, PTY, 5 bits   3 (C or C′)   4 (D)
 *     groups 0A, 0B: the last two bits of block 2 say which pair of the name's letters block 4 holds
 */
const GENERATOR = 0x5b9;
const BLOCK_BITS = 26;
const GROUP_BITS = 4 * BLOCK_BITS;
const OFFSETS = [[0x0fc], [0x198], [0x168, 0x350], [0x1b4]] as const;
/** Fewer blocks right than this, or than this share of them, is chance: one block in 500 is right by chance. */
const LEAST_GOOD = 3;
const LEAST_SHARE = 0.2;

/** Remainder of a block's 26 bits by g(x). */
export function remainderOf(block: number): number {
  let remainder = block;
  for (let bit = BLOCK_BITS - 1; bit >= 10; bit--) {
    if (remainder & (1 << bit)) remainder ^= GENERATOR << (bit - 10);
  }
  return remainder;
}

/** Finds the groups in a run of decoded bits, wherever it begins. null where there are none. */
export function readGroups(bits: Uint8Array): RdsReading | null {
  const remainders = remaindersAt(bits);
  let start = 0;
  let most = -1;
  for (let phase = 0; phase < Math.min(GROUP_BITS, remainders.length); phase++) {
    const good = blocksFrom(phase, remainders).filter(({ isGood }) => isGood).length;
    if (good > most) {
      most = good;
      start = phase;
    }
  }
  const blocks = blocksFrom(start, remainders);
  if (most < LEAST_GOOD || most < LEAST_SHARE * blocks.length) return null;
  return messageOf(bits, blocks, most);
}

interface Block {
  readonly at: number;
  /** 0–3 for A–D. */
  readonly place: number;
  readonly isGood: boolean;
}

function blocksFrom(phase: number, remainders: Int32Array): Block[] {
  const blocks: Block[] = [];
  for (let at = phase, place = 0; at < remainders.length; at += BLOCK_BITS, place = (place + 1) % 4) {
    blocks.push({ at, place, isGood: (OFFSETS[place] as readonly number[]).includes(remainders[at]) });
  }
  return blocks;
}

function blockAt(bits: Uint8Array, at: number): number {
  let block = 0;
  for (let i = 0; i < BLOCK_BITS; i++) block = (block << 1) | bits[at + i];
  return block;
}

function remaindersAt(bits: Uint8Array): Int32Array {
  const count = Math.max(0, bits.length - BLOCK_BITS + 1);
  return Int32Array.from({ length: count }, (_, at) => remainderOf(blockAt(bits, at)));
}

function messageOf(bits: Uint8Array, blocks: readonly Block[], goodBlocks: number): RdsReading | null {
  const votes = new Map<number, number>();
  const letters: (string | null)[] = new Array(8).fill(null);
  const dataOf = (block: Block | undefined) => (block?.isGood ? blockAt(bits, block.at) >>> 10 : null);
  for (const [i, block] of blocks.entries()) {
    const data = dataOf(block);
    if (data === null) continue;
    if (block.place === 0) votes.set(data, (votes.get(data) ?? 0) + 1);
    // Group type 0, version A or B; its fourth block must be right as well.
    if (block.place !== 1 || data >>> 12 !== 0) continue;
    const pair = dataOf(blocks[i + 2]);
    if (pair === null) continue;
    const segment = 2 * (data & 3);
    letters[segment] = letterOf(pair >>> 8);
    letters[segment + 1] = letterOf(pair & 0xff);
  }
  const [pi] = [...votes.entries()].sort((a, b) => b[1] - a[1])[0] ?? [null];
  if (pi === null) return null;
  const isNamed = letters.some((letter) => letter !== null);
  return { pi, name: isNamed ? letters.map((l) => l ?? '_').join('') : null, blocks: blocks.length, goodBlocks };
}

/** Code table E.1 has most of ASCII; what it has beyond is shown as a middle dot. */
function letterOf(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}

/** A small generator with a seed, so that a stream that fails can be seen again (Marsaglia's xorshift32). */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}

/** Real bytes with pieces changed, lost, doubled, swapped or invented, cut into reads of any size. */
export function hostileReads(real: readonly Uint8Array[], seed: number): Uint8Array[] {
  const next = numbersFrom(seed);
  const pieces: Buffer[] = [];
  for (let i = 1 + next(12); i > 0; i--) {
    const piece = Buffer.from(real[next(real.length)]);
    const from = next(piece.length);
    switch (next(6)) {
      case 0:
        pieces.push(piece.subarray(from));
        break;
      case 1:
        pieces.push(piece.subarray(0, from));
        break;
      case 2:
        piece[from] = next(256);
        pieces.push(piece);
        break;
      case 3:
        pieces.push(Buffer.from(Array.from({ length: next(600) }, () => next(256))));
        break;
      case 4:
        pieces.push(Buffer.alloc(next(3_000), next(256)));
        break;
      default:
        pieces.push(piece);
    }
  }
  const all = Buffer.concat(pieces);
  const reads: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const size = 1 + next(next(4) === 0 ? 8 : 2_000);
    reads.push(all.subarray(at, at + size));
    at += size;
  }
  return reads;
}

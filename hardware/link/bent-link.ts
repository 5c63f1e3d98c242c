import type { ByteLink } from './byte-link.ts';

/** What becomes of the `index`-th write: nothing, itself, or other pieces, each of which arrives by itself. */
export type Bend = (bytes: Uint8Array, index: number) => readonly Uint8Array[];

/** A bad cable: what is written goes out as `bend` says. For emulators; reading is as it was. */
export function bentLink(link: ByteLink, bend: Bend): ByteLink {
  let index = 0;
  let before: Promise<void> = Promise.resolve();
  const send = async (bytes: Uint8Array) => {
    for (const [i, piece] of bend(bytes, index++).entries()) {
      // The other side gets a turn in between, so that it really reads a piece.
      if (i > 0) await new Promise((resolve) => setImmediate(resolve));
      if (piece.length > 0) await link.write(piece);
    }
  };
  return {
    read: (timeoutMs) => link.read(timeoutMs),
    write(bytes) {
      // The pieces of one write stay together.
      const sent = before.then(() => send(bytes));
      before = sent.catch(() => undefined);
      return sent;
    },
    close: () => link.close(),
  };
}

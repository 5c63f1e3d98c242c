/** Bytes that arrive in pieces, read from the front. */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** Takes a copy where `piece` has to wait. */
  push(piece: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    const joined = new Uint8Array(rest.length + piece.length);
    joined.set(rest);
    joined.set(piece, rest.length);
    this.#bytes = joined;
    this.#at = 0;
  }

  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** All bytes there, as a view that holds until the next push. */
  get front(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  skip(count: number): void {
    this.#at = Math.min(this.#bytes.length, this.#at + count);
  }
}

export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `count` little-endian float32 from `bytes`, wherever they lie. */
export function float32Values(bytes: Uint8Array, count: number): Float32Array {
  const view = dataView(bytes);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
}

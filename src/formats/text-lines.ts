const NEWLINE = 0x0a;

/** The longest line that is read, bytes: 2^20 points of 12 characters. */
export const MAX_LINE_BYTES = 12 * 2 ** 20;

/**
 * Cuts a stream of bytes into lines without their LF. A line is handed on as a view that holds until the
 * next call. A byte order mark before the first is left out. One that is longer than MAX_LINE_BYTES is dropped whole and counted.
 */
export class LineSplitter {
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #skipping = false;
  #begun = false;
  tooLong = 0;

  push(chunk: Uint8Array, each: (line: Uint8Array) => void): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#endLine(each);
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    // What waits for its end must not change with the caller's buffer.
    if (this.#rest.length > 0) {
      const last = this.#rest.length - 1;
      this.#rest[last] = this.#rest[last]!.slice();
    }
  }

  /** The last line, where no LF ends it. */
  finish(each: (line: Uint8Array) => void): void {
    if (this.#restBytes > 0 || this.#skipping) this.#endLine(each);
  }

  #keep(piece: Uint8Array): void {
    if (piece.length === 0 || this.#skipping) return;
    this.#rest.push(piece);
    this.#restBytes += piece.length;
    if (this.#restBytes <= MAX_LINE_BYTES) return;
    this.#rest = [];
    this.#restBytes = 0;
    this.#skipping = true;
  }

  #endLine(each: (line: Uint8Array) => void): void {
    if (this.#skipping) this.tooLong += 1;
    else each(this.#begun ? this.#line() : withoutMark(this.#line()));
    this.#begun = true;
    this.#skipping = false;
    this.#rest = [];
    this.#restBytes = 0;
  }

  #line(): Uint8Array {
    if (this.#rest.length <= 1) return this.#rest[0] ?? new Uint8Array(0);
    const line = new Uint8Array(this.#restBytes);
    let at = 0;
    for (const piece of this.#rest) {
      line.set(piece, at);
      at += piece.length;
    }
    return line;
  }
}

function withoutMark(line: Uint8Array): Uint8Array {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}

const WIDTH = 30;

/** One line that shows how far long work is; only on a terminal, so that logs stay clean. */
export class ProgressBar {
  private readonly label: string;
  private readonly stream: NodeJS.WriteStream;
  private shown = false;

  constructor(label: string, stream: NodeJS.WriteStream) {
    this.label = label;
    this.stream = stream;
  }

  show(done: number, total: number): void {
    if (!this.stream.isTTY || total <= 0) return;
    const share = Math.max(0, Math.min(1, done / total));
    const filled = Math.round(share * WIDTH);
    this.shown = true;
    this.stream.write(
      `\r${this.label} [${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${Math.round(share * 100)} %`,
    );
  }

  /** Takes the line away. */
  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[K');
    this.shown = false;
  }
}

import type { Reject } from '../../src/core/frames.ts';
import { ByteQueue } from '../../src/formats/byte-queue.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { SilenceWatch } from '../link/silence-watch.ts';
import {
  endsWithText,
  PROMPT,
  parseReply,
  parseScan,
  type ScanReply,
  type ScanRequest,
  scanCommand,
} from './protocol.ts';

/** A command with the sweep engine waits for the sweep that runs; the shell itself gives up after 20 s. */
const COMMAND_MS = 6_000;
const PROMPT_MS = 1_000;
/** Bytes at the opening of a port can be lost, so the first attempts are short; a sweep may last longer than they. */
const SYNC_MS = [300, 700, 2_000, 6_000, 10_000] as const;
const TAIL_BYTES = 128;

/** Nothing came within the time. */
export const SILENCE: Reject = { reason: 'length', detail: 'the sweep did not come' };

/** Commands to the device and their replies, one at a time. */
export class TinySaShell {
  private readonly link: ByteLink;
  private readonly patience: number;
  private readonly input = new ByteQueue();
  private readonly silence = new SilenceWatch();
  private syncs = 0;

  constructor(link: ByteLink, patience = 1) {
    this.link = link;
    this.patience = patience;
  }

  /** The body of the reply; null where none came, or none that could be read. */
  async command(text: string): Promise<string[] | null> {
    await this.type(`${text}\r`);
    const reply = await this.wait(COMMAND_MS, (bytes) => parseReply(bytes, text));
    this.input.skip(this.input.length);
    return reply?.ok === true ? reply.value : null;
  }

  /** Null: the sweep did not come within `limitMs`. `stalled`: it stops on its way for longer than is usual. */
  async scan(
    request: ScanRequest,
    zeroDb: number,
    limitMs: number,
    stalled: (() => void) | null,
  ): Promise<ScanReply | null> {
    const sent = scanCommand(request);
    await this.type(`${sent}\r`);
    this.silence.hear(performance.now());
    const reply = await this.wait(limitMs, (bytes) => parseScan(bytes, sent, request.points, zeroDb), stalled);
    this.silence.pause();
    if (reply?.kind === 'levels') this.input.skip(reply.end);
    else this.input.skip(this.input.length);
    return reply;
  }

  /** After a sweep; false where it is missing, as after a sweep that a person interrupted. */
  async prompt(): Promise<boolean> {
    const seen = await this.wait(PROMPT_MS, (bytes) =>
      bytes.length < PROMPT.length ? null : { found: bytes.length === PROMPT.length && endsWithText(bytes, PROMPT) },
    );
    this.input.skip(this.input.length);
    return seen?.found === true;
  }

  /**
   * Ends whatever runs and reads until the device has answered a word that it cannot know, so that what was on its
   * way before is behind us, however much it looks like a prompt.
   */
  async resync(): Promise<void> {
    for (const limitMs of SYNC_MS) {
      const word = `sync${++this.syncs}`;
      await this.type(`\rabort\r${word}\r`);
      const deadlineMs = performance.now() + limitMs * this.patience;
      let tail = new Uint8Array(0);
      while (performance.now() < deadlineMs) {
        const bytes = await this.link.read(deadlineMs - performance.now());
        if (bytes === null) break;
        tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
        if (endsWithText(tail, `${word}?\r\n${PROMPT}`)) return;
      }
    }
    throw new LinkLost('the device does not answer');
  }

  private async type(text: string): Promise<void> {
    this.input.skip(this.input.length);
    await this.link.write(Buffer.from(text, 'latin1'));
  }

  private async wait<T>(
    limitMs: number,
    parse: (bytes: Uint8Array) => T | null,
    stalled: (() => void) | null = null,
  ): Promise<T | null> {
    const deadlineMs = performance.now() + limitMs * this.patience;
    for (;;) {
      const parsed = parse(this.input.front);
      if (parsed !== null) return parsed;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return null;
      const bytes = await this.link.read(stalled === null ? leftMs : Math.min(leftMs, this.silence.limitMs));
      if (bytes === null) {
        stalled?.();
        stalled = null;
      } else {
        this.silence.hear(performance.now());
        this.input.push(bytes);
      }
    }
  }
}

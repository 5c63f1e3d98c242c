import type { Frame } from '../../src/core/frames.ts';
import type { Log } from '../../src/core/ports.ts';
import { encodeIqPacket } from '../../src/formats/iq-packet.ts';
import { withLostBefore } from '../../src/formats/packet-header.ts';
import { formatSweepJson } from '../../src/formats/sweep-json.ts';
import type { ReceiverAck } from '../mqtt/protocol.ts';
import type { SpoolFiles } from './spool-files.ts';

/** A message that waits for the service. */
export interface Held {
  readonly kind: Frame['kind'];
  readonly sequence: number;
  /** Of signal, for people: how much waits. */
  readonly seconds: number;
  readonly bytes: Uint8Array;
}

/** Messages that go to disk and come back together. */
class Segment {
  /** null: on disk only. */
  entries: Held[] | null = [];
  /** It is, or is being, written under this number, with so many bytes. */
  file: number | null = null;
  fileBytes = 0;
  count = 0;
  bytes = 0;
  seconds = 0;

  static onDisk(file: number, entries: readonly Held[]): Segment {
    const segment = new Segment();
    for (const held of entries) segment.push(held);
    Object.assign(segment, { entries: null, file, fileBytes: segment.bytes });
    return segment;
  }

  push(held: Held): void {
    this.entries?.push(held);
    this.count++;
    this.bytes += held.bytes.length;
    this.seconds += held.seconds;
  }

  shift(): void {
    const held = this.entries?.shift();
    if (held === undefined) return;
    this.count--;
    this.bytes -= held.bytes.length;
    this.seconds -= held.seconds;
  }
}

export interface SpoolOptions {
  readonly memoryBytes: number;
  /** Where what does not fit in memory goes; null: nowhere, and the oldest is let go. */
  readonly files: SpoolFiles | null;
  /** First sequence numbers: unlike those of the run before, so that an old acknowledgement means nothing. */
  readonly first: { readonly iq: number; readonly sweep: number };
  readonly log: Log;
}

const SEGMENTS_IN_MEMORY = 16;
/** A disk that is slow has this much time, as a share of the memory, before the oldest is let go. */
const SPILL_MARGIN = 0.25;

/**
 * What was received and is not yet known to be safe at the service, oldest first. Limit: `memoryBytes` (a quarter
 * more while a disk is behind), then those of the files. Drop rule: the oldest messages go, are counted, and the one
 * after them says that something is missing.
 */
export class Spool {
  /** Messages that had to go. */
  lost = 0;
  /** Messages sent and not acknowledged: the first ones. */
  underWay = 0;
  private readonly options: SpoolOptions;
  private segments: Segment[] = [];
  private readonly next: { iq: number; sweep: number };
  /** Something is missing before the next message that comes; before the first one on disk. */
  private gap = false;
  private gapBeforeFile = false;
  private spilling: Promise<void> | null = null;

  private constructor(options: SpoolOptions) {
    this.options = options;
    this.next = { ...options.first };
  }

  /** Takes up what the run before left on disk, and its numbers. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    for (const { file, entries } of (await options.files?.list()) ?? []) {
      spool.segments.push(Segment.onDisk(file, entries));
      for (const { kind, sequence } of entries) spool.next[kind] = (sequence + 1) >>> 0;
    }
    spool.gap = spool.segments.length > 0;
    return spool;
  }

  get length(): number {
    return this.segments.reduce((sum, { count }) => sum + count, 0);
  }

  /** Of signal. */
  get seconds(): number {
    return this.segments.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  get memoryBytes(): number {
    return this.segments.reduce((sum, { entries, bytes }) => sum + (entries === null ? 0 : bytes), 0);
  }

  get fileBytes(): number {
    return this.segments.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  }

  put(frame: Frame): void {
    const sequence = this.next[frame.kind];
    this.next[frame.kind] = (sequence + 1) >>> 0;
    const held = hold(frame, sequence);
    const limit = this.options.memoryBytes / SEGMENTS_IN_MEMORY;
    let last = this.segments.at(-1);
    if (last?.entries == null || last.file !== null || last.bytes + held.bytes.length > limit) {
      last = new Segment();
      this.segments.push(last);
    }
    last.push(this.gap ? marked(held) : held);
    this.gap = false;
    this.makeRoom();
  }

  /** The message after those under way, which it joins; null where there is none. */
  async take(): Promise<Held | null> {
    for (;;) {
      const [segment, index] = this.find(this.underWay);
      if (segment === null) return null;
      if (segment.entries === null) {
        await this.load(segment);
        // Meanwhile what stands before it may have been acknowledged or let go.
        continue;
      }
      this.underWay++;
      return segment.entries[index];
    }
  }

  /** What is under way is sent again. */
  rewind(): void {
    this.underWay = 0;
  }

  /** Lets go what the service has, up to there; true where that was news. */
  acknowledge(ack: ReceiverAck): boolean {
    let isNews = false;
    for (let head = this.head(); head !== null && this.underWay > 0; head = this.head()) {
      const upTo = ack[head.kind];
      // An acknowledgement of what is not under way is one of another run, or an old one.
      if (upTo === null || !this.isUnderWay(head.kind, upTo)) break;
      this.shiftHead();
      isNews = true;
    }
    return isNews;
  }

  /** Writes what is only in memory, so that the next run can send it. */
  async close(): Promise<void> {
    await this.spilling;
    for (const segment of [...this.segments]) if (segment.file === null) await this.write(segment);
  }

  private makeRoom(): void {
    const { memoryBytes, files } = this.options;
    if (files !== null && this.memoryBytes > memoryBytes) this.spilling ??= this.spill();
    const limit = memoryBytes * (files === null ? 1 : 1 + SPILL_MARGIN);
    while (this.memoryBytes > limit) this.dropOldest();
  }

  /** Moves whole segments to disk, the oldest first, but none that is being sent, and not the last. */
  private async spill(): Promise<void> {
    try {
      while (this.memoryBytes > this.options.memoryBytes * (1 - SPILL_MARGIN)) {
        const segment = this.spillable().find(({ entries }) => entries !== null);
        if (segment === undefined || (segment.file === null && !(await this.write(segment)))) return;
        if (this.spillable().includes(segment)) segment.entries = null;
      }
    } finally {
      this.spilling = null;
    }
  }

  private spillable(): readonly Segment[] {
    const [sending] = this.find(this.underWay);
    return sending === null ? [] : this.segments.slice(this.segments.indexOf(sending) + 1, -1);
  }

  private async write(segment: Segment): Promise<boolean> {
    const { files, log } = this.options;
    if (files === null || segment.entries === null) return false;
    const { bytes } = segment;
    while (this.fileBytes > 0 && this.fileBytes + bytes > files.limitBytes) this.drop(this.segments[0]);
    if (bytes > files.limitBytes || !this.segments.includes(segment)) return false;
    Object.assign(segment, { file: files.nextNumber(), fileBytes: bytes });
    try {
      await files.write(segment.file as unknown as number, segment.entries);
      return true;
    } catch (error) {
      log.warn({ error: String(error) }, 'the buffer could not be written to disk');
      Object.assign(segment, { file: null, fileBytes: 0 });
      return false;
    } finally {
      if (!this.segments.includes(segment)) this.removeFile(segment);
    }
  }

  private async load(segment: Segment): Promise<void> {
    const entries = (await this.options.files?.read(segment.file as number)) ?? [];
    const missing = segment.count - entries.length;
    Object.assign(segment, { entries: [], count: 0, bytes: 0, seconds: 0 });
    for (const held of entries) segment.push(held);
    if (missing > 0) {
      this.options.log.warn({ messages: missing }, 'a part of the buffer on disk cannot be read');
      this.lost += missing;
      this.gapBeforeFile ||= entries.length === 0;
    }
    if (segment.count === 0) this.remove(segment);
    if (segment !== this.segments[0] || !this.gapBeforeFile) return;
    this.gapBeforeFile = false;
    this.markGap();
  }

  /** The segment of the message at a place, and its place in it. */
  private find(place: number): [Segment, number] | [null, 0] {
    let index = place;
    for (const segment of this.segments) {
      if (index < segment.count) return [segment, index];
      index -= segment.count;
    }
    return [null, 0];
  }

  private head(): Held | null {
    return this.segments[0]?.entries?.[0] ?? null;
  }

  private isUnderWay(kind: Frame['kind'], sequence: number): boolean {
    let left = this.underWay;
    for (const { entries } of this.segments) {
      for (const held of entries ?? []) {
        if (left-- === 0) return false;
        if (held.kind === kind && held.sequence === sequence) return true;
      }
    }
    return false;
  }

  private shiftHead(): void {
    const segment = this.segments[0];
    segment.shift();
    this.underWay = Math.max(0, this.underWay - 1);
    if (segment.count === 0) this.remove(segment);
  }

  private dropOldest(): void {
    const segment = this.segments[0];
    if (segment.entries === null) {
      this.drop(segment);
      return;
    }
    this.shiftHead();
    this.lost++;
    this.markGap();
  }

  private drop(segment: Segment): void {
    this.lost += segment.count;
    this.underWay = Math.max(0, this.underWay - segment.count);
    this.remove(segment);
    this.markGap();
  }

  private remove(segment: Segment): void {
    this.segments = this.segments.filter((each) => each !== segment);
    this.removeFile(segment);
  }

  private removeFile({ file }: Segment): void {
    if (file !== null) this.options.files?.remove(file).catch(() => undefined);
  }

  /** The oldest message left says that something is missing before it, once it is read or, where none is left, comes. */
  private markGap(): void {
    const entries = this.segments[0]?.entries;
    const head = entries?.[0];
    if (entries != null && head !== undefined) entries[0] = marked(head);
    else if (this.segments.length > 0) this.gapBeforeFile = true;
    else this.gap = true;
  }
}

function hold(frame: Frame, sequence: number): Held {
  if (frame.kind === 'iq') {
    const seconds = frame.pairs / frame.sampleRateHz;
    return { kind: 'iq', sequence, seconds, bytes: encodeIqPacket({ ...frame, sequence }) };
  }
  const bytes = Buffer.from(formatSweepJson({ ...frame, sequence }));
  return { kind: 'sweep', sequence, seconds: frame.durationSeconds ?? 0, bytes };
}

/** A sweep's own number tells of the gap before it. */
function marked(held: Held): Held {
  return held.kind === 'iq' ? { ...held, bytes: withLostBefore(held.bytes) } : held;
}

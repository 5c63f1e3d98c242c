import { BYTES_PER_PAIR, type Frame, type IqBlock, LIMITS, type Sweep } from '../core/frames.ts';
import type { Capture, IqCapture, Recording, SweepCapture } from '../ingest/recordings/recording.ts';

/** A frame as a live receiver would send it, and when its last sample comes, seconds after the start. */
export interface TimedFrame {
  readonly frame: Frame;
  readonly endSeconds: number;
}

/** An IQ packet holds at least this much signal. */
const PACKET_SECONDS = 0.025;
/** Between two sweeps of a log without times. */
const SWEEP_SECONDS = 1;

export function signalSeconds(recording: Recording): number {
  const log = timedLog(recording);
  if (log !== null) return Math.max(...log.map(({ capture, startSeconds }) => startSeconds + capture.durationSeconds));
  return recording.captures.reduce((sum, capture) => sum + capture.durationSeconds, 0);
}

/** The smallest power of two of pairs that lasts 25 ms, within the limit of a packet. */
export function packetPairs(sampleRateHz: number): number {
  return Math.min(LIMITS.packetPairs, 2 ** Math.ceil(Math.log2(PACKET_SECONDS * sampleRateHz)));
}

interface LogSpan {
  readonly capture: SweepCapture;
  /** After the first sweep of the log. */
  readonly startSeconds: number;
}

/** The spans of a sweep log that says when they were swept: in turns, not one after another. null: another recording. */
function timedLog({ captures }: Recording): LogSpan[] | null {
  const spans: LogSpan[] = [];
  for (const capture of captures) {
    if (capture.kind !== 'sweep' || capture.startTime === null) return null;
    spans.push({ capture, startSeconds: Date.parse(capture.startTime) / 1_000 });
  }
  const first = Math.min(...spans.map(({ startSeconds }) => startSeconds));
  return spans.map(({ capture, startSeconds }) => ({ capture, startSeconds: startSeconds - first }));
}

/** All frames of a recording in their order, numbered through and timed from `startNs` on. */
export async function* framesOf(recording: Recording, startNs: bigint): AsyncIterable<TimedFrame> {
  const log = timedLog(recording);
  const frames = log === null ? capturesInTurn(recording, startNs) : sweepsByTime(log, startNs);
  let sequence = 0;
  for await (const { frame, endSeconds } of frames) {
    yield { frame: { ...frame, sequence: sequence++ % 2 ** 32 }, endSeconds };
  }
}

/** Sweeps of several spans, each when it was: the earliest of those that come next. */
async function* sweepsByTime(log: readonly LogSpan[], startNs: bigint): AsyncIterable<TimedFrame> {
  const readers = log.map(({ capture }) => capture.sweeps()[Symbol.asyncIterator]());
  const heads = await Promise.all(readers.map((reader) => reader.next()));
  let firstNs: bigint | null = null;
  for (;;) {
    let next: { readonly at: number; readonly sweep: Sweep } | null = null;
    for (const [at, head] of heads.entries()) {
      if (!head.done && (next === null || head.value.timeNs < next.sweep.timeNs)) next = { at, sweep: head.value };
    }
    if (next === null) return;
    heads[next.at] = await readers[next.at].next();
    const { sweep } = next;
    firstNs ??= sweep.timeNs;
    const laterNs = sweep.timeNs - firstNs;
    const endSeconds = Number(laterNs) / 1e9 + (sweep.durationSeconds ?? 0);
    yield { frame: { ...sweep, timeNs: startNs + laterNs }, endSeconds };
  }
}

async function* capturesInTurn(recording: Recording, startNs: bigint): AsyncIterable<TimedFrame> {
  let offsetSeconds = 0;
  for (const capture of recording.captures) {
    for await (const { frame, endSeconds } of captureFrames(capture)) {
      const timeNs = startNs + BigInt(Math.round(offsetSeconds * 1e9)) + frame.timeNs;
      yield { frame: { ...frame, timeNs }, endSeconds: offsetSeconds + endSeconds };
    }
    offsetSeconds += capture.durationSeconds;
  }
}

/** Frames of one capture; their `timeNs` counts from its start. */
function captureFrames(capture: Capture): AsyncIterable<TimedFrame> {
  return capture.kind === 'iq' ? iqFrames(capture) : sweepFrames(capture);
}

async function* iqFrames(capture: IqCapture): AsyncIterable<TimedFrame> {
  const { sampleRateHz } = capture;
  const pairs = packetPairs(sampleRateHz);
  let sent = 0;
  for await (const block of capture.blocks(pairs)) {
    // The last block of a file is shorter: less than a packet is not sent.
    if (block.pairs < pairs) return;
    const timeNs = BigInt(Math.round((sent / sampleRateHz) * 1e9));
    sent += block.pairs;
    yield { frame: { ...owned(block), timeNs }, endSeconds: sent / sampleRateHz };
  }
}

/** The reader may use its buffer again while the packet is on its way. */
function owned(block: IqBlock): IqBlock {
  return { ...block, samples: block.samples.slice(0, block.pairs * BYTES_PER_PAIR[block.format]) };
}

async function* sweepFrames(capture: SweepCapture): AsyncIterable<TimedFrame> {
  let firstNs: bigint | null = null;
  let index = 0;
  for await (const sweep of capture.sweeps()) {
    firstNs ??= sweep.timeNs;
    const timeNs = sweep.timeNs === 0n ? BigInt(Math.round(index * SWEEP_SECONDS * 1e9)) : sweep.timeNs - firstNs;
    const lasts = sweep.durationSeconds ?? (sweep.timeNs === 0n ? SWEEP_SECONDS : 0);
    index++;
    yield { frame: { ...sweep, timeNs }, endSeconds: Number(timeNs) / 1e9 + lasts };
  }
}

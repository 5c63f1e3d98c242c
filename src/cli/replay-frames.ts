import { BYTES_PER_PAIR, type Frame, type IqBlock, LIMITS } from '../core/frames.ts';
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
  return recording.captures.reduce((sum, capture) => sum + capture.durationSeconds, 0);
}

/** The smallest power of two of pairs that lasts 25 ms, within the limit of a packet. */
export function packetPairs(sampleRateHz: number): number {
  return Math.min(LIMITS.packetPairs, 2 ** Math.ceil(Math.log2(PACKET_SECONDS * sampleRateHz)));
}

/** All frames of a recording, one capture after another, numbered through and timed from `startNs` on. */
export async function* framesOf(recording: Recording, startNs: bigint): AsyncIterable<TimedFrame> {
  let sequence = 0;
  let offsetSeconds = 0;
  for (const capture of recording.captures) {
    for await (const { frame, endSeconds } of captureFrames(capture)) {
      const timeNs = startNs + BigInt(Math.round(offsetSeconds * 1e9)) + frame.timeNs;
      yield { frame: { ...frame, sequence: sequence++ % 2 ** 32, timeNs }, endSeconds: offsetSeconds + endSeconds };
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

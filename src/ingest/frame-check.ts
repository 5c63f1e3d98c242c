import { BYTES_PER_PAIR, type Frame, LIMITS, type Reject } from '../core/frames.ts';

/** A frame from further ahead than this has a clock that would put evidence on the wrong day. */
const FUTURE_MS = 24 * 3_600_000;
/** Receivers that keep a ring may send what is days old; before that a clock was never set. */
const PAST_MS = 30 * 24 * 3_600_000;
const LEAST_PAIRS = 16;

/** What is wrong with a frame that a parser let through; null: nothing. The last door before the pipeline. */
export function faultOf(frame: Frame, nowMs: number): Reject | null {
  const timeMs = Number(frame.timeNs / 1_000_000n);
  if (timeMs > nowMs + FUTURE_MS || timeMs < nowMs - PAST_MS) {
    return { reason: 'value', detail: `time ${timeMs} ms since 1970 is too far from now: the receiver's clock` };
  }
  return frame.kind === 'iq' ? iqFault(frame) : sweepFault(frame);
}

function iqFault(block: Frame & { kind: 'iq' }): Reject | null {
  const { min, max } = LIMITS.sampleRateHz;
  if (!(block.sampleRateHz >= min && block.sampleRateHz <= max)) {
    return { reason: 'value', detail: `sample rate ${block.sampleRateHz} Hz` };
  }
  if (!(Math.abs(block.centerHz) <= LIMITS.frequencyHz.max)) {
    return { reason: 'value', detail: `centre ${block.centerHz} Hz` };
  }
  if (block.pairs < LEAST_PAIRS || block.pairs > LIMITS.packetPairs) {
    return { reason: 'size', detail: `${block.pairs} IQ pairs` };
  }
  if (block.samples.byteLength !== block.pairs * BYTES_PER_PAIR[block.format]) {
    return { reason: 'length', detail: `${block.samples.byteLength} bytes for ${block.pairs} pairs` };
  }
  return null;
}

function sweepFault(sweep: Frame & { kind: 'sweep' }): Reject | null {
  if (sweep.powers.length < 2 || sweep.powers.length > LIMITS.sweepPoints) {
    return { reason: 'size', detail: `${sweep.powers.length} points` };
  }
  if (!(sweep.stepHz > 0 && Number.isFinite(sweep.startHz))) {
    return { reason: 'value', detail: `start ${sweep.startHz} Hz, step ${sweep.stepHz} Hz` };
  }
  return null;
}

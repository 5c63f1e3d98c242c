import type { DriverSink } from '../../src/core/driver.ts';
import { BYTES_PER_PAIR, type Reject } from '../../src/core/frames.ts';
import { zeroNonFinite } from '../../src/formats/sample-types.ts';
import { BlockAssembler } from './block-assembler.ts';
import { ContextBook, type Tuning } from './context-book.ts';
import { type Indicators, mergedIndicators } from './indicators.ts';
import { type ByteOrder, decodeSamples } from './payload-format.ts';
import { parseVrtPacket, type VrtData } from './protocol.ts';
import { VrtClock } from './vrt-clock.ts';

export interface VrtOptions {
  readonly receiver: string;
  /** Host's time, ns since 1970. */
  readonly nowNs: () => bigint;
  /** Of the samples; the standard says big, some programs write them as their processor has them. */
  readonly byteOrder?: ByteOrder;
}

const COUNTS = 16;
/** A stream that was silent for this long may be followed by another: the device restarted. */
const STREAM_SILENCE_NS = 5_000_000_000n;
/** What a time may be off from where the samples before it end: rounding, and a sample clock that is a little wrong. */
const TIME_SLACK_NS = 1_000n;
/** A longer way than this is not that of lost packets, but of a clock that was set. */
const LONGEST_GAP_NS = 60_000_000_000n;

/** Makes blocks of the VITA 49 packets of one receiver. */
export class VrtReceiver {
  private readonly options: VrtOptions;
  private readonly contexts = new ContextBook();
  private readonly blocks: BlockAssembler;
  private readonly clock: VrtClock;
  private stream: { readonly id: number | null; heardNs: bigint } | null = null;
  private lastCount: number | null = null;
  /** When the packet after the last one should begin, by their own times. */
  private next: { readonly startedNs: bigint; readonly endsNs: bigint } | null = null;

  constructor(options: VrtOptions) {
    this.options = options;
    this.blocks = new BlockAssembler(options.receiver);
    this.clock = new VrtClock(options.nowNs);
  }

  /** Level at the input of a sine that fills the scale, dBm; null where no context says. */
  get referenceLevelDbm(): number | null {
    return this.contexts.referenceLevelDbm;
  }

  take(bytes: Uint8Array, sink: DriverSink): void {
    const packet = parseVrtPacket(bytes);
    const reject = packet.ok ? null : packet.reject;
    if (reject !== null) this.refuse(reject, sink);
    else if (packet.ok && packet.value.kind === 'context') {
      const { streamId, fields } = packet.value;
      if (streamId !== null) this.contexts.take(streamId, fields);
    } else if (packet.ok && packet.value.kind === 'data') this.takeData(packet.value, sink);
  }

  private takeData(packet: VrtData, sink: DriverSink): void {
    const tuning = this.contexts.tuning(packet.streamId);
    const fault = this.streamFault(packet.streamId) ?? (tuning.ok ? null : tuning.reject);
    if (fault !== null || !tuning.ok) {
      if (fault !== null) this.refuse(fault, sink);
      return;
    }
    const { payload, state } = tuning.value;
    const indicators = mergedIndicators(packet.indicators, state);
    const inverted = indicators.spectralInversion === true;
    const samples = decodeSamples(packet.payload, payload, this.options.byteOrder ?? 'big', inverted);
    const pairs = samples.length / BYTES_PER_PAIR[payload.format];
    const broken = dataFault(samples, pairs, tuning.value, indicators);
    const { timeNs, isStated } = this.clock.timeOf(packet.time, tuning.value.sampleRateHz, pairs);
    if (broken !== null) {
      this.refuse(broken, sink);
      this.lastCount = packet.count;
      this.blocks.break();
      return;
    }
    const place = this.placeOf(packet.count, pairs, tuning.value.sampleRateHz, isStated ? timeNs : null, sink);
    if (place === 'late') return;
    if (place === 'gap' || indicators.sampleLoss === true) this.blocks.break();
    const gnssTime = isStated && indicators.calibratedTime === true && indicators.referenceLock !== false;
    const piece = { samples, timeNs, tuning: tuning.value, gnssTime, overload: indicators.overRange === true };
    for (const block of this.blocks.add(piece)) sink.frame(block);
  }

  /** One topic is one receiver, and one receiver one stream of samples. */
  private streamFault(id: number | null): Reject | null {
    const nowNs = this.options.nowNs();
    if (this.stream !== null && this.stream.id !== id && nowNs - this.stream.heardNs < STREAM_SILENCE_NS) {
      const detail = `data of stream ${nameOf(id)} beside ${nameOf(this.stream.id)}: give each a receiver of its own`;
      return { reason: 'topic', detail };
    }
    if (this.stream?.id !== id) this.startAnew();
    this.stream = { id, heardNs: nowNs };
    return null;
  }

  private startAnew(): void {
    this.lastCount = null;
    this.next = null;
    this.blocks.break();
  }

  /** Whether a packet follows on the last one: by its count modulo 16, and by its time where it states one. */
  private placeOf(
    count: number,
    pairs: number,
    sampleRateHz: number,
    timeNs: bigint | null,
    sink: DriverSink,
  ): 'next' | 'gap' | 'late' {
    const { lastCount, next } = this;
    const durationNs = BigInt(Math.round((pairs / sampleRateHz) * 1e9));
    const ahead = lastCount === null ? 1 : (count - lastCount + COUNTS) % COUNTS;
    const offNs = next === null || timeNs === null ? 0n : timeNs - next.endsNs;
    if (ahead !== 1 && next !== null && timeNs !== null && timeNs <= next.startedNs) {
      this.refuse({ reason: 'value', detail: 'a packet that came twice, or after a later one' }, sink);
      return 'late';
    }
    this.lastCount = count;
    this.next = timeNs === null ? null : { startedNs: timeNs, endsNs: timeNs + durationNs };
    const isOff = offNs > durationNs / 2n + TIME_SLACK_NS || offNs < -(durationNs / 2n) - TIME_SLACK_NS;
    if (ahead === 1 && !isOff) return 'next';
    // Sixteen packets that are missing leave no mark in the count, but in the time.
    const byCount = (ahead + COUNTS - 1) % COUNTS;
    const isGap = offNs > 0n && offNs < LONGEST_GAP_NS && durationNs > 0n;
    const byTime = isGap ? Number((offNs + durationNs / 2n) / durationNs) : 0;
    const lost = Math.max(byCount, byTime);
    if (lost > 0) sink.lost(this.options.receiver, lost);
    if (timeNs === null) this.clock.skip(lost * pairs);
    return 'gap';
  }

  private refuse(reject: Reject, sink: DriverSink): void {
    sink.rejected(this.options.receiver, reject);
  }
}

function dataFault(samples: Uint8Array, pairs: number, { payload }: Tuning, { validData }: Indicators): Reject | null {
  if (validData === false) return { reason: 'value', detail: 'the receiver says that its data are not valid' };
  if (pairs < 1) return { reason: 'length', detail: 'signal data without a sample' };
  if (payload.format === 'cf32' && zeroNonFinite(samples) > 0) {
    return { reason: 'value', detail: 'samples that are no finite number' };
  }
  return null;
}

function nameOf(id: number | null): string {
  return id === null ? 'without a number' : `0x${id.toString(16).padStart(8, '0')}`;
}

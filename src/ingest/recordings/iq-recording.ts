import { BandwardenError } from '../../core/errors.ts';
import { BYTES_PER_PAIR, type IqBlock, LIMITS } from '../../core/frames.ts';
import { type SampleType, zeroNonFinite } from '../../formats/sample-types.ts';
import { formatTimeNs } from '../../formats/times.ts';
import type { FileFormat, IqCapture, Recording, RecordingOptions } from './recording.ts';
import type { RecordingFile } from './recording-file.ts';

const READ_BYTES = 2 ** 20;

/** Where the samples of one tuning lie, and what is known of them. */
export interface IqSource {
  readonly offset: number;
  readonly bytes: number;
  readonly type: SampleType;
  /** Receivers' channels, interleaved pair by pair: the first one is read. */
  readonly channels: number;
  readonly centerHz: number | null;
  readonly rateHz: number | null;
  readonly startNs: bigint | null;
}

/** Bytes that cannot be read as samples, and why. */
export interface IqDamage {
  readonly bytes: number;
  readonly detail: string;
}

/** A recording of IQ samples in one file. Throws `unreadable` without a rate or a whole pair. */
export class IqRecording implements Recording {
  readonly file: string;
  readonly format: FileFormat;
  readonly captures: readonly IqCapture[];
  readonly bytesTotal: number;
  readonly filledLevels = 0;
  readonly #dataset: RecordingFile;
  readonly #damage: IqDamage[];
  #notNumbers = 0;
  #lostBytes = 0;

  constructor(
    file: string,
    format: FileFormat,
    dataset: RecordingFile,
    sources: readonly IqSource[],
    damage: readonly IqDamage[],
    options: RecordingOptions,
  ) {
    this.file = file;
    this.format = format;
    this.#dataset = dataset;
    this.#damage = [...damage];
    let before = 0;
    const captures: IqCapture[] = [];
    for (const source of sources) {
      const stride = source.type.bytesPerPair * source.channels;
      const rest = source.bytes % stride;
      if (rest > 0) this.#damage.push({ bytes: rest, detail: 'it ends within a sample' });
      if (source.bytes < stride) continue;
      captures.push(this.#capture(source, before, options));
      before += source.bytes;
    }
    if (captures.length === 0) {
      throw new BandwardenError('unreadable', `${file}: no whole IQ pair, expected ${format} samples`);
    }
    this.captures = captures;
    this.bytesTotal = before;
  }

  get bytesRead(): number {
    return this.#dataset.bytesRead;
  }

  get rejected(): number {
    return this.#damage.reduce((sum, { bytes }) => sum + bytes, 0) + this.#lostBytes + 4 * this.#notNumbers;
  }

  get complaint(): string | null {
    const details = this.#damage.map(({ detail }) => detail);
    if (this.#lostBytes > 0) details.push('it became shorter while it was read');
    if (this.#notNumbers > 0) details.push(`${this.#notNumbers} samples are no numbers and count as 0`);
    return details.length === 0 ? null : `${this.file}: ${[...new Set(details)].join('; ')}; ${this.rejected} bytes`;
  }

  async close(): Promise<void> {
    await this.#dataset.close();
  }

  #capture(source: IqSource, before: number, options: RecordingOptions): IqCapture {
    const rateHz = options.rateHz ?? source.rateHz;
    const { min, max } = LIMITS.sampleRateHz;
    if (rateHz === null) {
      throw new BandwardenError('unreadable', `${this.file}: no sample rate in it: give it with --rate HZ`);
    }
    if (!(rateHz >= min && rateHz <= max)) {
      const wrong = `${this.file}: sample rate ${rateHz} Hz, expected ${min} to ${max}: give it with --rate HZ`;
      throw new BandwardenError('unreadable', wrong);
    }
    const pairs = Math.floor(source.bytes / (source.type.bytesPerPair * source.channels));
    const tuned = { centerHz: options.centerHz ?? source.centerHz, sampleRateHz: rateHz };
    return {
      kind: 'iq',
      format: source.type.format,
      datatype: source.type.datatype,
      ...tuned,
      pairs,
      durationSeconds: pairs / rateHz,
      startTime: source.startNs === null ? null : formatTimeNs(source.startNs),
      blocks: (pairsPerBlock) => this.#blocks(source, before, pairs, pairsPerBlock, tuned, options.receiver ?? 'file'),
    };
  }

  async *#blocks(
    source: IqSource,
    before: number,
    pairs: number,
    pairsPerBlock: number,
    tuned: { readonly centerHz: number | null; readonly sampleRateHz: number },
    receiver: string,
  ): AsyncGenerator<IqBlock> {
    if (!(Number.isInteger(pairsPerBlock) && pairsPerBlock >= 1)) {
      throw new BandwardenError('bad-argument', `${pairsPerBlock} pairs a block, expected 1 or more`);
    }
    this.#notNumbers = 0;
    const common = { kind: 'iq', receiver, format: source.type.format, gainDb: null, gnssTime: false } as const;
    let sequence = 0;
    let done = 0;
    for await (const samples of this.#pieces(source, before, pairs, pairsPerBlock)) {
      const count = samples.length / BYTES_PER_PAIR[source.type.format];
      const sinceStartNs = BigInt(Math.round((done / tuned.sampleRateHz) * 1e9));
      yield {
        ...common,
        sequence,
        timeNs: (source.startNs ?? 0n) + sinceStartNs,
        centerHz: tuned.centerHz ?? 0,
        sampleRateHz: tuned.sampleRateHz,
        samples,
        pairs: count,
        lostBefore: false,
        overload: false,
      };
      sequence = (sequence + 1) >>> 0;
      done += count;
    }
  }

  /** Samples of a block each, converted, in a buffer of their own; read from the file by the MiB. */
  async *#pieces(source: IqSource, before: number, pairs: number, most: number): AsyncGenerator<Uint8Array> {
    const stride = source.type.bytesPerPair * source.channels;
    const blocksPerRead = Math.max(1, Math.floor(READ_BYTES / (most * stride)));
    for (let done = 0; done < pairs; ) {
      const wanted = Math.min(pairs - done, blocksPerRead * most);
      const bytes = await this.#dataset.read(source.offset + done * stride, wanted * stride);
      const there = Math.floor(bytes.length / stride);
      for (let at = 0; at < there; at += most) {
        const count = Math.min(most, there - at);
        const piece = bytes.subarray(at * stride, (at + count) * stride);
        yield this.#converted(source, piece, count);
        this.#dataset.bytesRead = before + (done + at + count) * stride;
      }
      if (there < wanted) {
        this.#lostBytes = (pairs - done - there) * stride;
        return;
      }
      done += there;
    }
  }

  #converted(source: IqSource, bytes: Uint8Array, count: number): Uint8Array {
    const { type, channels } = source;
    const input = channels === 1 ? bytes : firstChannel(bytes, type.bytesPerPair, channels, count);
    let samples = input;
    if (type.convert !== null) {
      samples = new Uint8Array(count * BYTES_PER_PAIR[type.format]);
      type.convert(input, samples, count);
    } else if (input.byteLength !== input.buffer.byteLength) samples = input.slice();
    if (type.format === 'cf32') this.#notNumbers += zeroNonFinite(samples);
    return samples;
  }
}

function firstChannel(bytes: Uint8Array, bytesPerPair: number, channels: number, count: number): Uint8Array {
  const first = new Uint8Array(count * bytesPerPair);
  for (let i = 0; i < count; i += 1) {
    const from = i * bytesPerPair * channels;
    first.set(bytes.subarray(from, from + bytesPerPair), i * bytesPerPair);
  }
  return first;
}

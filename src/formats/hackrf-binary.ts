import { ByteQueue, dataView, float32Values } from './byte-queue.ts';
import { SweepAssembler } from './sweep-assembler.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';

/**
 * hackrf_sweep -B (host/hackrf-tools/src/hackrf_sweep.c), records one after another, little-endian:
 *
 *      0 u32 16 + 4n │ 4 u64 low Hz │ 12 u64 high Hz = low + 5 MHz │ 20 … n float32 levels, dB
 *
 * Level k lies at low + (k + ½)·5 MHz/n, as in its text. There is no time: sweeps have time 0.
 */
const HEADER_BYTES = 20;
const ROW_HZ = 5e6;
/** A quarter of the longest transform, 8180 bins. */
const MOST_LEVELS = 2045;
const HIGHEST_HZ = 7_250e6;

export class HackrfBinaryReader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #queue = new ByteQueue();
  readonly #assembler: SweepAssembler;

  constructor(options: Pick<SweepReaderOptions, 'receiver'>) {
    this.#assembler = new SweepAssembler(options.receiver, 'interleaved', this.#tally);
  }

  push(piece: Uint8Array): SweepBatch {
    this.#queue.push(piece);
    while (this.#readRecord());
    return this.#tally.take();
  }

  finish(): SweepBatch {
    if (this.#queue.length > 0) this.#tally.reject('length', 'the last record is cut', this.#queue.length);
    this.#queue.skip(this.#queue.length);
    this.#assembler.finish();
    return this.#tally.take();
  }

  #readRecord(): boolean {
    const front = this.#queue.front;
    let garbage = 0;
    while (front.length - garbage >= HEADER_BYTES && hackrfRecordLevels(front, garbage) === 0) garbage += 1;
    if (garbage > 0) {
      this.#tally.reject('format', 'bytes that are no record of hackrf_sweep', garbage);
      this.#queue.skip(garbage);
      return true;
    }
    if (front.length < HEADER_BYTES) return false;
    const count = hackrfRecordLevels(front, 0);
    if (front.length < HEADER_BYTES + 4 * count) return false;
    const stepHz = ROW_HZ / count;
    this.#assembler.add({
      timeNs: 0n,
      startHz: Number(dataView(front).getBigUint64(4, true)) + stepHz / 2,
      stepHz,
      rbwHz: 1.5 * stepHz,
      unit: 'dB',
      levels: float32Values(front.subarray(HEADER_BYTES), count),
      durationSeconds: null,
    });
    this.#queue.skip(HEADER_BYTES + 4 * count);
    return true;
  }
}

/** Levels of the record whose header may begin at `at`; 0 where none does. */
export function hackrfRecordLevels(bytes: Uint8Array, at: number): number {
  if (bytes.length < at + HEADER_BYTES) return 0;
  const view = dataView(bytes);
  const length = view.getUint32(at, true);
  const count = (length - 16) / 4;
  if (!Number.isInteger(count) || count < 1 || count > MOST_LEVELS) return 0;
  const lowHz = Number(view.getBigUint64(at + 4, true));
  const highHz = Number(view.getBigUint64(at + 12, true));
  return highHz - lowHz === ROW_HZ && highHz <= HIGHEST_HZ ? count : 0;
}

import { LIMITS } from '../core/frames.ts';
import { ByteQueue, dataView, float32Values } from './byte-queue.ts';
import { SweepAssembler } from './sweep-assembler.ts';
import { spanFault } from './sweep-checks.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';

/**
 * soapy_power's binary form (soapypower/writer.py), records one after another, little-endian:
 *
 *      0 SDRFF │ 5 version 2 │ 6 f64 start time, s │ 14 f64 stop time │ 22 f64 first Hz │ 30 f64 last + step
 *     38 f64 step │ 46 u64 samples │ 54 u64 bytes of levels │ 62 two pad │ 64 … float32 levels, dB
 */
const MAGIC = [0x53, 0x44, 0x52, 0x46, 0x46] as const;
const HEADER_BYTES = 64;

export class SoapyPowerBinReader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #queue = new ByteQueue();
  readonly #assembler: SweepAssembler;

  constructor(options: SweepReaderOptions) {
    this.#assembler = new SweepAssembler(options.receiver, 'ascending', this.#tally);
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

  /** Takes one record, or one stretch that is none, from the front; false where more bytes are needed. */
  #readRecord(): boolean {
    const front = this.#queue.front;
    const garbage = bytesBeforeMagic(front);
    if (garbage > 0) return this.#drop('magic', 'bytes between records', garbage);
    if (front.length < HEADER_BYTES) return false;
    const view = dataView(front);
    const [startHz, stepHz] = [view.getFloat64(22, true), view.getFloat64(38, true)];
    const levelBytes = Number(view.getBigUint64(54, true));
    const [startS, stopS] = [view.getFloat64(6, true), view.getFloat64(14, true)];
    if (front[5] !== 2) return this.#drop('version', `version ${front[5]}, expected 2`, MAGIC.length);
    if (levelBytes % 4 !== 0 || levelBytes > 4 * LIMITS.sweepPoints) {
      return this.#drop('size', `${levelBytes} bytes of levels in a record`, MAGIC.length);
    }
    const fault = spanFault(startHz, stepHz, levelBytes / 4);
    if (fault !== null) return this.#drop('value', fault, MAGIC.length);
    if (!(Math.abs(startS) < 9e9 && Math.abs(stopS) < 9e9)) return this.#drop('value', 'no time', MAGIC.length);
    if (front.length < HEADER_BYTES + levelBytes) return false;
    this.#assembler.add({
      timeNs: BigInt(Math.round(startS * 1e6)) * 1000n,
      startHz,
      stepHz,
      rbwHz: null,
      unit: 'dB',
      levels: float32Values(front.subarray(HEADER_BYTES), levelBytes / 4),
      durationSeconds: stopS > startS ? stopS - startS : null,
    });
    this.#queue.skip(HEADER_BYTES + levelBytes);
    return true;
  }

  #drop(reason: 'magic' | 'version' | 'size' | 'value', detail: string, bytes: number): boolean {
    this.#tally.reject(reason, detail, bytes);
    this.#queue.skip(bytes);
    return true;
  }
}

/** How many bytes there are before the magic, or before what may be its beginning at the end. */
function bytesBeforeMagic(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(MAGIC[0]); at >= 0; at = bytes.indexOf(MAGIC[0], at + 1)) {
    const there = Math.min(MAGIC.length, bytes.length - at);
    let same = 1;
    while (same < there && bytes[at + same] === MAGIC[same]) same += 1;
    if (same === there) return at;
  }
  return bytes.length;
}

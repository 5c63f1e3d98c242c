import { HackrfBinaryReader } from '../../formats/hackrf-binary.ts';
import { parseRadioHound, RADIOHOUND_BYTES_LIMIT } from '../../formats/radiohound.ts';
import { RfeReader } from '../../formats/rfe.ts';
import { RfeCsvReader } from '../../formats/rfe-csv.ts';
import { RtlPowerFftwReader } from '../../formats/rtl-power-fftw.ts';
import { Sm1809Reader } from '../../formats/sm1809.ts';
import type { SniffedFormat } from '../../formats/sniff.ts';
import { SoapyPowerBinReader } from '../../formats/soapy-power-bin.ts';
import { SweepCsvReader } from '../../formats/sweep-csv.ts';
import { type SweepBatch, type SweepReader, SweepTally } from '../../formats/sweep-reader.ts';
import type { RecordingOptions } from './recording.ts';
import type { SweepLog } from './sweep-recording.ts';

export type SweepFormat = Exclude<SniffedFormat, 'wav' | `sigmf:${string}`>;

/** How each kind of sweep log is read, and what its damage is counted in. */
export function sweepLog(format: SweepFormat, options: RecordingOptions): SweepLog {
  const common = { receiver: options.receiver ?? 'file', timezone: options.timezone };
  switch (format) {
    case 'rtl_power':
    case 'soapy_power':
    case 'hackrf_sweep':
      return { format, damageUnit: 'line', reader: () => new SweepCsvReader({ ...common, dialect: format }) };
    case 'soapy_power:bin':
      return { format: 'soapy_power', damageUnit: 'byte', reader: () => new SoapyPowerBinReader(common) };
    case 'hackrf_sweep:bin':
      return { format: 'hackrf_sweep', damageUnit: 'byte', reader: () => new HackrfBinaryReader(common) };
    case 'rtl_power_fftw':
      return { format, damageUnit: 'line', reader: () => new RtlPowerFftwReader(common) };
    case 'rfe':
      return { format, damageUnit: 'byte', reader: () => new RfeReader(common) };
    case 'rfe:csv':
      return { format: 'rfe', damageUnit: 'line', reader: () => new RfeCsvReader(common) };
    case 'sm1809':
      return { format, damageUnit: 'line', reader: () => new Sm1809Reader(common) };
    case 'radiohound':
      return { format, damageUnit: 'file', reader: () => new RadioHoundReader(common.receiver) };
  }
}

/** A RadioHound file is one JSON object: it is gathered, then read. */
class RadioHoundReader implements SweepReader {
  readonly #receiver: string;
  readonly #tally = new SweepTally();
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(receiver: string) {
    this.#receiver = receiver;
  }

  push(piece: Uint8Array): SweepBatch {
    this.#bytes += piece.length;
    if (this.#bytes <= RADIOHOUND_BYTES_LIMIT) this.#pieces.push(piece);
    else this.#pieces = [];
    return this.#tally.take();
  }

  finish(): SweepBatch {
    const parsed = parseRadioHound(Buffer.concat(this.#pieces), this.#receiver);
    if (parsed.ok) this.#tally.add(parsed.value.sweep, parsed.value.filled);
    else this.#tally.reject(parsed.reject.reason, parsed.reject.detail);
    return this.#tally.take();
  }
}

import { LIMITS } from '../core/frames.ts';
import { SweepAssembler } from './sweep-assembler.ts';
import { type SweepBatch, type SweepReader, type SweepReaderOptions, SweepTally } from './sweep-reader.ts';
import { decimal, fieldText, isBlank, isMissingWord } from './text-fields.ts';
import { LineSplitter } from './text-lines.ts';
import { LocalTimes } from './times.ts';

/**
 * Text of rtl_power_fftw, which soapy_power writes too:
 *
 *     # rtl-power-fftw output
 *     # Acquisition start: 2019-04-21 11:41:49 UTC
 *     # Acquisition end: 2019-04-21 11:42:10 UTC
 *     #
 *     # frequency [Hz] power spectral density [dB/Hz]
 *     1.41940575e+09 -68.7714
 *
 * One blank line ends a tuning, two end a sweep (rtl-power-fftw src/acquisition.cxx). Frequencies have nine
 * digits, so their distance comes from the first and the last of a tuning. With -l the values are linear, under
 * the same heading: they are where not one of the first tuning's is below zero, as a power density relative to
 * full scale in dB/Hz would have to lie above it in every bin.
 */
export class RtlPowerFftwReader implements SweepReader {
  readonly #tally = new SweepTally();
  readonly #lines = new LineSplitter();
  readonly #times: LocalTimes;
  readonly #assembler: SweepAssembler;
  #linear: boolean | null = null;
  #values = new Float32Array(1024);
  #count = 0;
  /** Frequency of the tuning's first point, and frequency and index of its last whole one. */
  #startHz = 0;
  #lastHz = 0;
  #last = 0;
  #blanks = 0;
  #startNs: bigint | null = null;
  #endNs: bigint | null = null;
  #lineNumber = 0;

  constructor(options: SweepReaderOptions) {
    this.#times = new LocalTimes(options.timezone);
    this.#assembler = new SweepAssembler(options.receiver, 'marked', this.#tally);
  }

  push(piece: Uint8Array): SweepBatch {
    this.#lines.push(piece, (line) => this.#readLine(line));
    return this.#tally.take();
  }

  finish(): SweepBatch {
    this.#lines.finish((line) => this.#readLine(line));
    this.#endTuning();
    this.#assembler.finish();
    if (this.#lines.tooLong > 0) this.#tally.reject('size', 'a line too long', this.#lines.tooLong);
    return this.#tally.take();
  }

  #readLine(line: Uint8Array): void {
    this.#lineNumber += 1;
    if (line.every(isBlank)) {
      this.#blanks += 1;
      this.#endTuning();
      if (this.#blanks === 2) this.#assembler.endSweep();
      return;
    }
    this.#blanks = 0;
    if (line[0] === 0x23) this.#readComment(fieldText(line, 1, Math.min(line.length, 120)));
    else this.#readPoint(line);
  }

  #readComment(text: string): void {
    this.#endTuning();
    const match = /^Acquisition (start|end): (.*)$/i.exec(text);
    if (match === null) return;
    const timeNs = this.#times.parse(match[2]!);
    if (timeNs === null) this.#rejectLine('expected a time such as 2019-04-21 11:41:49 UTC');
    if (match[1]!.toLowerCase() === 'start') {
      this.#startNs = timeNs;
      this.#endNs = null;
    } else this.#endNs = timeNs;
  }

  #readPoint(line: Uint8Array): void {
    if (this.#count >= LIMITS.sweepPoints) {
      this.#tally.reject('size', `line ${this.#lineNumber}: more points than a sweep may have`);
      return;
    }
    let from = 0;
    while (isBlank(line[from]!)) from += 1;
    let middle = from;
    while (middle < line.length && !isBlank(line[middle]!)) middle += 1;
    const frequencyHz = decimal(line, from, middle);
    const value = decimal(line, middle, line.length);
    const whole = Number.isFinite(frequencyHz) && (!Number.isNaN(value) || isMissingWord(line, middle, line.length));
    const rises = this.#count === 0 || frequencyHz >= this.#lastHz;
    if (!whole || !rises) {
      this.#rejectLine('expected a rising frequency in Hz and a level');
      // It keeps its place, so that those after it keep their frequency.
      if (this.#count > 0) this.#keep(Number.NaN);
      return;
    }
    if (this.#count === 0) this.#startHz = frequencyHz;
    this.#lastHz = frequencyHz;
    this.#last = this.#count;
    this.#keep(value);
  }

  #keep(value: number): void {
    if (this.#count === this.#values.length) {
      const wider = new Float32Array(2 * this.#count);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#count++] = value;
  }

  #rejectLine(expected: string): void {
    this.#tally.reject('syntax', `line ${this.#lineNumber}: ${expected}`);
  }

  #endTuning(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    if (this.#last < 1) {
      this.#tally.reject('length', 'a tuning of a single frequency', count);
      return;
    }
    const values = this.#values.subarray(0, this.#last + 1);
    this.#linear ??= values.every((value) => !(value < 0));
    const seconds = this.#startNs === null || this.#endNs === null ? 0 : Number(this.#endNs - this.#startNs) / 1e9;
    this.#assembler.add({
      timeNs: this.#startNs ?? 0n,
      startHz: this.#startHz,
      stepHz: (this.#lastHz - this.#startHz) / this.#last,
      rbwHz: null,
      unit: 'dB',
      levels: this.#linear ? values.map(levelOfPower) : values.slice(),
      durationSeconds: seconds > 0 ? seconds : null,
    });
  }
}

function levelOfPower(power: number): number {
  return power > 0 ? 10 * Math.log10(power) : Number.NaN;
}

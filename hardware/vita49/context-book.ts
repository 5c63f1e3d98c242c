import { accepted, LIMITS, type Parsed, rejected } from '../../src/core/frames.ts';
import type { ContextFields } from './context-fields.ts';
import type { Indicators } from './indicators.ts';
import type { PayloadFormat } from './payload-format.ts';

/** How samples were taken, as far as the context packets tell. */
export interface Tuning {
  readonly centerHz: number;
  readonly sampleRateHz: number;
  readonly payload: PayloadFormat;
  readonly gainDb: number | null;
  readonly state: Indicators | null;
}

/** A receiver has a stream or two: past these the one that was silent for longest is forgotten. */
const MOST_STREAMS = 16;

/**
 * What the context packets of one receiver have said. A stream is tuned by its own context where that is whole; else
 * by all of them, since some devices tell of the tuner and of the converter in streams of their own.
 */
export class ContextBook {
  /** Those that spoke last at the end. */
  private readonly streams = new Map<number, ContextFields>();
  private readonly known = new Map<number | null, Parsed<Tuning>>();
  /** Level at the input of a sine that fills the scale, dBm; null where no context says. */
  referenceLevelDbm: number | null = null;

  take(streamId: number, fields: ContextFields): void {
    const before = this.streams.get(streamId);
    this.streams.delete(streamId);
    this.streams.set(streamId, { ...before, ...fields });
    const [oldest] = this.streams.keys();
    if (this.streams.size > MOST_STREAMS) this.streams.delete(oldest);
    this.known.clear();
    this.referenceLevelDbm = fields.referenceLevelDbm ?? this.referenceLevelDbm;
  }

  /** The same object until a context packet comes. `streamId`: of the data; null where they have none. */
  tuning(streamId: number | null): Parsed<Tuning> {
    const known = this.known.get(streamId);
    if (known !== undefined) return known;
    const own = streamId === null ? undefined : this.streams.get(streamId);
    const isWhole = own !== undefined && missingOf(own).length === 0;
    const tuning = tuningOf(isWhole ? own : { ...this.merged(), ...own });
    // Data may claim any stream: only those that contexts speak of are remembered.
    if (own !== undefined || streamId === null) this.known.set(streamId, tuning);
    return tuning;
  }

  private merged(): ContextFields {
    return Object.assign({}, ...this.streams.values());
  }
}

function tuningOf(fields: ContextFields): Parsed<Tuning> {
  const { sampleRateHz, rfReferenceHz, payloadFormat, ifReferenceHz = 0, rfOffsetHz = 0 } = fields;
  if (sampleRateHz === undefined || rfReferenceHz === undefined || payloadFormat === undefined) {
    const what = missingOf(fields).join(', ');
    return rejected('schema', `signal data before a context packet that gives: ${what}`);
  }
  if (!payloadFormat.ok) return payloadFormat;
  const { min, max } = LIMITS.sampleRateHz;
  if (!(sampleRateHz >= min && sampleRateHz <= max)) {
    return rejected('value', `sample rate ${sampleRateHz} Hz, expected ${min} to ${max}`);
  }
  return accepted({
    // What came in at the RF reference lies at the IF reference; 0 Hz of the samples lies as far below it.
    centerHz: rfReferenceHz + rfOffsetHz - ifReferenceHz,
    sampleRateHz,
    payload: payloadFormat.value,
    gainDb: fields.gainDb ?? null,
    state: fields.indicators ?? null,
  });
}

const NEEDED = {
  sampleRateHz: 'sample rate',
  rfReferenceHz: 'RF reference frequency',
  payloadFormat: 'payload format',
} as const;

function missingOf(fields: ContextFields): string[] {
  return Object.entries(NEEDED).flatMap(([key, name]) =>
    fields[key as keyof typeof NEEDED] === undefined ? name : [],
  );
}

import { LIMITS, type Parsed, rejected } from '../core/frames.ts';
import { jsonObject, parseBoundedJson } from './bounded-json.ts';
import { formatTimeNs, parseTimeNs } from './times.ts';

/** SigMF 1.x metadata (sigmf/SigMF sigmf-schema.json): what is read here by name, and the rest as it came. */
export interface SigmfMeta {
  readonly datatype: string;
  readonly sampleRateHz: number | null;
  readonly channels: number;
  /** Index of the dataset's first sample: captures and annotations count from the same zero. */
  readonly offsetSamples: number;
  readonly trailingBytes: number;
  /** Name of a dataset that is not called like the metadata. */
  readonly dataset: string | null;
  readonly sha512: string | null;
  readonly metadataOnly: boolean;
  readonly captures: readonly SigmfCapture[];
  readonly annotations: readonly SigmfAnnotation[];
  /** Other global fields by their full names, such as `core:author`. */
  readonly others: Readonly<Record<string, unknown>>;
}

export interface SigmfCapture {
  readonly startSample: number;
  readonly centerHz: number | null;
  readonly timeNs: bigint | null;
  readonly headerBytes: number;
  readonly others: Readonly<Record<string, unknown>>;
}

export interface SigmfAnnotation {
  readonly startSample: number;
  readonly samples: number | null;
  readonly lowHz: number | null;
  readonly highHz: number | null;
  readonly label: string | null;
  readonly comment: string | null;
  readonly others: Readonly<Record<string, unknown>>;
}

export const SIGMF_VERSION = '1.2.5';
/** A metadata file, bytes, and its objects and arrays: 20,000 annotations. */
export const SIGMF_META_LIMITS = { bytes: 8 * 2 ** 20, containers: 50_000 };
const DATATYPE = /^([cr])(f32|f64|i32|i16|u32|u16|i8|u8)(_le|_be)?$/;

export function parseSigmfMeta(bytes: Uint8Array): Parsed<SigmfMeta> {
  const json = parseBoundedJson(bytes, SIGMF_META_LIMITS);
  if (!json.ok) return json;
  const root = jsonObject(json.value);
  const global = jsonObject(root?.global);
  if (root === null || global === null) return rejected('schema', 'expected an object with "global"');
  const fields = new Fields(global, 'global');
  const datatype = fields.text('core:datatype') ?? '';
  if (!isSigmfDatatype(datatype)) {
    return rejected('schema', `core:datatype ${JSON.stringify(datatype)}, expected one such as cf32_le or cu8`);
  }
  const meta = {
    datatype,
    sampleRateHz: fields.number('core:sample_rate'),
    channels: fields.count('core:num_channels') ?? 1,
    offsetSamples: fields.count('core:offset') ?? 0,
    trailingBytes: fields.count('core:trailing_bytes') ?? 0,
    dataset: fields.text('core:dataset'),
    sha512: fields.text('core:sha512'),
    metadataOnly: global['core:metadata_only'] === true,
    captures: list(root.captures, fields).map((entry, i) => readCapture(new Fields(entry, `captures[${i}]`, fields))),
    annotations: list(root.annotations, fields).map((entry, i) =>
      readAnnotation(new Fields(entry, `annotations[${i}]`, fields)),
    ),
    others: fields.others(),
  };
  const fault = fields.fault ?? metaFault(meta);
  return fault === null ? { ok: true, value: meta } : rejected('schema', fault);
}

/** Multi-byte components must say their byte order, single bytes must not. */
export function isSigmfDatatype(text: string): boolean {
  const match = DATATYPE.exec(text);
  return match !== null && match[2]!.endsWith('8') === (match[3] === undefined);
}

function metaFault(meta: SigmfMeta): string | null {
  const { min, max } = LIMITS.sampleRateHz;
  if (meta.sampleRateHz !== null && !(meta.sampleRateHz >= min && meta.sampleRateHz <= max)) {
    return `core:sample_rate ${meta.sampleRateHz}, expected ${min} to ${max} Hz`;
  }
  if (meta.channels < 1 || meta.channels > 64) return `core:num_channels ${meta.channels}, expected 1 to 64`;
  let previous = meta.offsetSamples;
  for (const [i, capture] of meta.captures.entries()) {
    if (capture.startSample < previous) return `captures[${i}] core:sample_start, expected captures in order`;
    previous = capture.startSample;
    const far = Math.max(Math.abs(LIMITS.frequencyHz.min), LIMITS.frequencyHz.max);
    if (Math.abs(capture.centerHz ?? 0) > far) return `captures[${i}] core:frequency, expected within ±${far} Hz`;
  }
  return null;
}

function readCapture(fields: Fields): SigmfCapture {
  const time = fields.text('core:datetime');
  return {
    startSample: fields.count('core:sample_start') ?? fields.missing('core:sample_start', 0),
    centerHz: fields.number('core:frequency'),
    timeNs: time === null || time.length > 40 ? null : parseTimeNs(time),
    headerBytes: fields.count('core:header_bytes') ?? 0,
    others: fields.others(),
  };
}

function readAnnotation(fields: Fields): SigmfAnnotation {
  return {
    startSample: fields.count('core:sample_start') ?? fields.missing('core:sample_start', 0),
    samples: fields.count('core:sample_count'),
    lowHz: fields.number('core:freq_lower_edge'),
    highHz: fields.number('core:freq_upper_edge'),
    label: fields.text('core:label'),
    comment: fields.text('core:comment'),
    others: fields.others(),
  };
}

function list(value: unknown, fields: Fields): Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return fields.missing('captures or annotations (an array)', []);
  const objects = value.map(jsonObject).filter((entry) => entry !== null);
  return objects.length === value.length ? objects : fields.missing('captures and annotations (objects)', []);
}

/** Reads fields of one object and remembers the first that is wrong, and which were asked for. */
class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #root: Fields;
  readonly #asked = new Set<string>();
  fault: string | null = null;

  constructor(object: Readonly<Record<string, unknown>>, where: string, root?: Fields) {
    this.#object = object;
    this.#where = where;
    this.#root = root ?? this;
  }

  #get(name: string): unknown {
    this.#asked.add(name);
    return this.#object[name] ?? null;
  }

  #wrong(name: string, expected: string): null {
    this.#root.fault ??= `${this.#where} ${name}: expected ${expected}`;
    return null;
  }

  missing<T>(name: string, instead: T): T {
    this.#wrong(name, 'it to be there');
    return instead;
  }

  text(name: string): string | null {
    const value = this.#get(name);
    return value === null || typeof value === 'string' ? value : this.#wrong(name, 'a text');
  }

  number(name: string): number | null {
    const value = this.#get(name);
    if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value as number | null;
    return this.#wrong(name, 'a number');
  }

  count(name: string): number | null {
    const value = this.#get(name);
    if (value === null || (Number.isSafeInteger(value) && (value as number) >= 0)) return value as number | null;
    return this.#wrong(name, 'a whole number, 0 or more');
  }

  others(): Record<string, unknown> {
    const skipped = new Set([...this.#asked, 'core:version', 'core:metadata_only']);
    return Object.fromEntries(Object.entries(this.#object).filter(([name]) => !skipped.has(name)));
  }
}

/** The text of a `.sigmf-meta`: fields in the order of the standard, those that are null left out. */
export function formatSigmfMeta(meta: SigmfMeta): string {
  const root = {
    global: present({
      'core:datatype': meta.datatype,
      'core:version': SIGMF_VERSION,
      'core:sample_rate': meta.sampleRateHz,
      'core:num_channels': meta.channels === 1 ? null : meta.channels,
      'core:offset': meta.offsetSamples === 0 ? null : meta.offsetSamples,
      'core:trailing_bytes': meta.trailingBytes === 0 ? null : meta.trailingBytes,
      'core:dataset': meta.dataset,
      'core:sha512': meta.sha512,
      'core:metadata_only': meta.metadataOnly ? true : null,
      ...meta.others,
    }),
    captures: meta.captures.map((capture) =>
      present({
        'core:sample_start': capture.startSample,
        'core:frequency': capture.centerHz,
        'core:datetime': capture.timeNs === null ? null : formatTimeNs(capture.timeNs),
        'core:header_bytes': capture.headerBytes === 0 ? null : capture.headerBytes,
        ...capture.others,
      }),
    ),
    annotations: meta.annotations.map((annotation) =>
      present({
        'core:sample_start': annotation.startSample,
        'core:sample_count': annotation.samples,
        'core:freq_lower_edge': annotation.lowHz,
        'core:freq_upper_edge': annotation.highHz,
        'core:label': annotation.label,
        'core:comment': annotation.comment,
        ...annotation.others,
      }),
    ),
  };
  return `${JSON.stringify(root, null, 2)}\n`;
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

import { readFile } from 'node:fs/promises';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { BandwardenError } from '../core/errors.ts';
import { type Override, overridesFrom } from './environment.ts';
import { dotted, type Path, type Problem, problemsIn, type Shape } from './shape.ts';

/** A document in YAML against a schema: every error with its line. The service's and the agent's are both such. */

/** One thing wrong with a configuration. */
export interface ConfigError {
  /** Line in the file, from 1; null where it comes from the environment. */
  readonly line: number | null;
  /** Dotted path of the key, or the variable's name; empty where the file as a whole is meant. */
  readonly key: string;
  readonly message: string;
}

export type CheckedDocument<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** What a document is checked against: each value by the schema, and what one asks of another. */
export interface DocumentRules<T> {
  readonly schema: TSchema;
  readonly problemsBetween: (value: T) => readonly Problem[];
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly overrides: readonly Override[];
}

/** The line of the deepest step of a path that stands in the file. */
function lineOf({ document, lines }: Source, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!isScalar(pair?.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = isSeq(node) ? node.items[Number(step)] : null;
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    }
  }
  return lines.linePos(offset).line;
}

function located(source: Source, problem: Problem): ConfigError {
  const from = source.overrides.find(({ path }) => path.every((step, i) => step === problem.path[i]));
  if (from !== undefined) return { line: null, key: from.variable, message: problem.message };
  return { line: lineOf(source, problem.path), key: dotted(problem.path), message: problem.message };
}

/** A section whose keys are all commented out reads null: it means the defaults. */
function withoutEmptySections(value: Record<string, unknown>, shape: Shape): Record<string, unknown> {
  const emptied = Object.entries(value).filter(([key, inner]) => {
    const type = Object.hasOwn(shape.properties ?? {}, key) ? shape.properties?.[key].type : undefined;
    return inner !== null || (type !== 'object' && type !== 'array');
  });
  return Object.fromEntries(emptied);
}

function withOverrides(value: Record<string, unknown>, overrides: readonly Override[]): Record<string, unknown> {
  const result = structuredClone(value);
  for (const { path, value: set } of overrides) {
    let target = result;
    for (const step of path.slice(0, -1)) {
      const inner = target[step];
      target[step] = typeof inner === 'object' && inner !== null ? inner : {};
      target = target[step] as Record<string, unknown>;
    }
    target[String(path.at(-1))] = set;
  }
  return result;
}

/** What a document holds, as plain values; or why it holds nothing usable. */
function contentOf(document: Document): Record<string, unknown> | string {
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (typeof content !== 'object' || Array.isArray(content)) return 'expected keys such as http: and mqtt:';
  return content as Record<string, unknown>;
}

/** Never throws for what the text holds; `environment` may set single values of it. */
export function checkDocument<T>(
  { schema, problemsBetween }: DocumentRules<T>,
  text: string,
  environment: NodeJS.ProcessEnv = {},
): CheckedDocument<T> {
  const shape = schema as Shape;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, key: '', message }));
    return { ok: false, errors };
  }
  const written = contentOf(document);
  if (typeof written === 'string') return { ok: false, errors: [{ line: 1, key: '', message: written }] };
  const overrides = overridesFrom(environment, shape);
  const complete = Value.Default(schema, withOverrides(withoutEmptySections(written, shape), overrides));
  const problems = problemsIn(shape, complete);
  if (problems.length === 0) problems.push(...problemsBetween(complete as T));
  if (problems.length === 0) return { ok: true, value: complete as T };
  const errors = problems.map((problem) => located({ document, lines, overrides }, problem));
  return { ok: false, errors: errors.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** The text of a configuration; `bad-config` where it cannot be read. */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause);
    throw new BandwardenError('bad-config', `${file}: ${reason}; expected a configuration in YAML`, { cause });
  }
}

/** `bandwarden.yaml:12: http.port: expected …`. */
export function configErrorLine(file: string | null, { line, key, message }: ConfigError): string {
  const place = line === null ? 'environment' : `${file ?? 'configuration'}:${line}`;
  return [place, key, message].filter((part) => part !== '').join(': ');
}

/** `bad-config`: the first error, and how many more there are; `lister` is the command that shows them. */
export function configError(
  file: string | null,
  [first, ...others]: readonly ConfigError[],
  lister: string,
): BandwardenError {
  const more = others.length === 0 ? '' : ` (and ${others.length} more; ${lister} lists them)`;
  return new BandwardenError('bad-config', `${configErrorLine(file, first)}${more}`);
}

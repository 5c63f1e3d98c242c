import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Value } from 'typebox/value';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { BandwardenError } from '../core/errors.ts';
import { type Override, overridesFrom } from './environment.ts';
import { problemsBetween } from './rules.ts';
import { type Config, ConfigSchema } from './schema.ts';
import { dotted, type Path, type Problem, problemsIn, type Shape } from './shape.ts';

const SHAPE = ConfigSchema as Shape;

/** One thing wrong with a configuration. */
export interface ConfigError {
  /** Line in the file, from 1; null where it comes from the environment. */
  readonly line: number | null;
  /** Dotted path of the key, or the variable's name; empty where the file as a whole is meant. */
  readonly key: string;
  readonly message: string;
}

export type CheckedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

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
function withoutEmptySections(value: Record<string, unknown>): Record<string, unknown> {
  const emptied = Object.entries(value).filter(([key, inner]) => {
    const type = Object.hasOwn(SHAPE.properties ?? {}, key) ? SHAPE.properties?.[key].type : undefined;
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

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (name: string | null) => (name === null ? null : resolve(folder, name));
  const { passwordFile, caFile } = config.mqtt;
  return {
    ...config,
    dataDir: resolve(folder, config.dataDir),
    mqtt: { ...config.mqtt, passwordFile: absolute(passwordFile), caFile: absolute(caFile) },
  };
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

/** Checks a configuration's text. Relative paths in it start at `folder`. Never throws for what the text holds. */
export function checkConfig(text: string, folder: string, environment: NodeJS.ProcessEnv = {}): CheckedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const errors = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, key: '', message }));
    return { ok: false, errors };
  }
  const written = contentOf(document);
  if (typeof written === 'string') return { ok: false, errors: [{ line: 1, key: '', message: written }] };
  const overrides = overridesFrom(environment, SHAPE);
  const complete = Value.Default(ConfigSchema, withOverrides(withoutEmptySections(written), overrides));
  const problems = problemsIn(SHAPE, complete);
  if (problems.length === 0) problems.push(...problemsBetween(complete as Config));
  if (problems.length === 0) return { ok: true, config: withAbsolutePaths(complete as Config, folder) };
  const errors = problems.map((problem) => located({ document, lines, overrides }, problem));
  return { ok: false, errors: errors.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** `bandwarden.yaml:12: http.port: expected …`. */
export function configErrorLine(file: string | null, { line, key, message }: ConfigError): string {
  const place = line === null ? 'environment' : `${file ?? 'configuration'}:${line}`;
  return [place, key, message].filter((part) => part !== '').join(': ');
}

/** Reads and checks a file; null checks what the environment alone says. `bad-config` where it cannot be read. */
export async function checkConfigFile(
  file: string | null,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CheckedConfig> {
  if (file === null) return checkConfig('', process.cwd(), environment);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause);
    throw new BandwardenError('bad-config', `${file}: ${reason}; expected a configuration in YAML`, { cause });
  }
  return checkConfig(text, dirname(resolve(file)), environment);
}

/** The configuration to run with. `bad-config` names the first error and how many more there are. */
export async function loadConfig(file: string | null, environment: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const checked = await checkConfigFile(file, environment);
  if (checked.ok) return checked.config;
  const [first, ...others] = checked.errors;
  const more = others.length === 0 ? '' : ` (and ${others.length} more; bandwarden check-config lists them)`;
  throw new BandwardenError('bad-config', `${configErrorLine(file, first)}${more}`);
}

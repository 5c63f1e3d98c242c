import { Value } from 'typebox/value';

/** The part of a JSON Schema that the configuration uses. TypeBox's types say more than the walk needs. */
export interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly expected?: string;
  readonly examples?: readonly string[];
}

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** `http.port`, `receivers[2].id`. */
export function dotted(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

export function fits(shape: Shape, value: unknown): boolean {
  return Value.Check(shape as never, value);
}

function rangeOf(shape: Shape): string {
  const { minimum, maximum, exclusiveMinimum } = shape;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined && maximum !== undefined) return ` above ${exclusiveMinimum} and up to ${maximum}`;
  return '';
}

/** What a value must be, in words. */
export function expectation(shape: Shape): string {
  if (shape.anyOf !== undefined) return shape.anyOf.map(expectation).reverse().join(', or ');
  if (shape.enum !== undefined) return `one of ${shape.enum.join(', ')}`;
  if (shape.expected !== undefined) return shape.expected;
  switch (shape.type) {
    case 'integer':
      return `a whole number${rangeOf(shape)}`;
    case 'number':
      return `a number${rangeOf(shape)}`;
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return `a section with ${Object.keys(shape.properties ?? {}).join(', ')}`;
    default:
      return shape.type ?? 'something else';
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Edits (insert, delete, replace) that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[to.length];
}

function unknownKey(key: string, known: readonly string[]): string {
  const likeness = (name: string) => (name.startsWith(key) ? 0 : editDistance(key.toLowerCase(), name.toLowerCase()));
  const [nearest] = [...known].sort((a, b) => likeness(a) - likeness(b));
  const likely = nearest !== undefined && likeness(nearest) <= 2 && likeness(nearest) < key.length;
  return likely ? `unknown key; did you mean "${nearest}"?` : `unknown key; known here: ${known.join(', ')}`;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectProblems(shape: Shape, value: Record<string, unknown>, path: Path): Problem[] {
  const properties = shape.properties ?? {};
  const known = Object.keys(properties);
  const problems = Object.entries(value).flatMap(([key, inner]): Problem[] => {
    const where = [...path, key];
    if (!Object.hasOwn(properties, key)) return [{ path: where, message: unknownKey(key, known) }];
    return problemsIn(properties[key], inner, where);
  });
  const missing = (shape.required ?? []).filter(
    (key) => !Object.hasOwn(value, key) && properties[key].default === undefined,
  );
  for (const key of missing) problems.push({ path, message: `"${key}" is missing` });
  return problems;
}

/** Shapes that their `type` tells apart, the first being that of a value without one. */
function variantsOf(shape: Shape): readonly Shape[] {
  return shape.anyOf?.filter(({ properties }) => properties?.type?.const !== undefined) ?? [];
}

function variantProblems(variants: readonly Shape[], value: Record<string, unknown>, path: Path): Problem[] {
  const types = variants.map(({ properties }) => properties?.type.const);
  const type = value.type ?? types[0];
  const variant = variants[types.indexOf(type)];
  if (variant !== undefined) return objectProblems(variant, { ...value, type }, path);
  return [{ path: [...path, 'type'], message: `expected one of ${types.join(', ')}, found ${shown(type)}` }];
}

/** Every place where a value does not have its shape; TypeBox's own list stops early and knows no neighbours. */
export function problemsIn(shape: Shape, value: unknown, path: Path = []): Problem[] {
  const variants = variantsOf(shape);
  if (variants.length > 0 && isMapping(value)) return variantProblems(variants, value, path);
  const inner = value === null ? shape : (shape.anyOf?.find((option) => option.type === 'object') ?? shape);
  if (inner.properties !== undefined && isMapping(value)) return objectProblems(inner, value, path);
  if (inner.items !== undefined && Array.isArray(value)) {
    const { items } = inner;
    return value.flatMap((element, i) => problemsIn(items, element, [...path, i]));
  }
  if (fits(shape, value)) return [];
  return [{ path, message: `expected ${expectation(shape)}, found ${shown(value)}` }];
}

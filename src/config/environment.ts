import { parse } from 'yaml';
import { fits, type Path, type Shape } from './shape.ts';

/** `http.publicUrl` ↔ `BANDWARDEN_HTTP_PUBLIC_URL`: every single value can come from the environment. */
export function variableOf(path: Path): string {
  return ['bandwarden', ...path]
    .map((step) => String(step).replace(/[A-Z]/g, (letter) => `_${letter}`))
    .join('_')
    .toUpperCase();
}

function readScalar(shape: Shape, text: string): unknown {
  try {
    const value: unknown = parse(text);
    if (fits(shape, value)) return value;
  } catch {
    // Not YAML: then it is the text itself.
  }
  return text;
}

export interface Override {
  readonly path: Path;
  readonly variable: string;
  readonly value: unknown;
}

/** The values that variables of the environment set; an empty variable counts as not set. */
export function overridesFrom(environment: NodeJS.ProcessEnv, shape: Shape, path: Path = []): Override[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, inner]): Override[] => {
    const where = [...path, key];
    if (inner.properties !== undefined) return overridesFrom(environment, inner, where);
    const variable = variableOf(where);
    const text = environment[variable];
    if (text === undefined || text === '') return [];
    return [{ path: where, variable, value: readScalar(inner, text) }];
  });
}

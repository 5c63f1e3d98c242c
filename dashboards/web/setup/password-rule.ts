/** The service's own rule; checked here first so that the person hears of it at once. */
export const LEAST_CHARACTERS = 12;

export type SetupProblem =
  | { readonly kind: 'nameMissing' }
  | { readonly kind: 'tooShort'; readonly count: number }
  | { readonly kind: 'mismatch' };

/** Characters are what a person counts, so 密码 are two, and an emoji is one. */
export function setupProblem(name: string, password: string, again: string): SetupProblem | null {
  if (name.trim() === '') return { kind: 'nameMissing' };
  const count = [...password].length;
  if (count < LEAST_CHARACTERS) return { kind: 'tooShort', count };
  return password === again ? null : { kind: 'mismatch' };
}

import { hash, type Options, verify } from '@node-rs/argon2';
import { BandwardenError } from '../../core/errors.ts';

/** Argon2id (2; the binding's enum exists for the compiler alone), 19 MiB, 2 passes, 1 lane: OWASP's first choice where memory is shared with other work. */
const ARGON2ID: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const PASSWORD_CHARACTERS = { min: 12, max: 256 } as const;

/** The same characters whichever way a keyboard composes them (NIST SP 800-63B). */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

/** `bad-argument` where a password is too short or too long. */
export function checkPassword(password: string): void {
  const characters = [...normalized(password)].length;
  const { min, max } = PASSWORD_CHARACTERS;
  if (characters >= min && characters <= max) return;
  throw new BandwardenError('bad-argument', `the password has ${characters} characters; expected ${min} to ${max}`);
}

/** A PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalized(password), ARGON2ID);
}

let decoy: Promise<string> | null = null;

/** Takes as long where there is no account (`passwordHash` null) as where there is one. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const known = await verify(passwordHash ?? (await decoy), normalized(password)).catch(() => false);
  return known && passwordHash !== null;
}

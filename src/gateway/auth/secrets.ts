import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits: nothing that anyone could guess, so a plain fast hash is enough to keep it by. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, hex: what is kept of a session's or token's value. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares without telling by its time where two secrets differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

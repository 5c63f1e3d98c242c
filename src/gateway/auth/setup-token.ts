import { newSecret, sameSecret } from './secrets.ts';

/** The one-time secret that makes the first account. Printed in a link at the start, kept in memory alone. */
export interface SetupToken {
  /** null once it is spent. */
  readonly value: string | null;
  /** Takes the token out of use if `candidate` is it; `restore` puts it back where the setup then failed. */
  spend(candidate: string): boolean;
  restore(): void;
}

export function createSetupToken(): SetupToken {
  const secret = newSecret();
  let spent = false;
  return {
    get value() {
      return spent ? null : secret;
    },
    spend(candidate) {
      if (spent || !sameSecret(candidate, secret)) return false;
      spent = true;
      return true;
    },
    restore() {
      spent = false;
    },
  };
}

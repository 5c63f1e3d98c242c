import { randomUUID } from 'node:crypto';
import { BandwardenError } from '../../core/errors.ts';
import type { Clock, Store } from '../../core/ports.ts';
import type { Account, Role } from '../../core/records.ts';
import { checkPassword, hashPassword } from './passwords.ts';

export interface NewAccount {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/** Letters and digits of any script, and `. _ - @` and single spaces between them; 1–64 characters. */
const NAME = /^(?=.{1,64}$)[\p{L}\p{N}]+(?:[ ._@-][\p{L}\p{N}]+)*$/u;

/** The one spelling of a name; `bad-argument` where it is none. `setup` and `service` speak for nobody in the audit. */
export function accountName(text: string): string {
  const name = text.normalize('NFKC').trim();
  if (NAME.test(name) && !['setup', 'service'].includes(name.toLowerCase())) return name;
  throw new BandwardenError(
    'bad-argument',
    'an account name has 1 to 64 letters and digits, with single . _ - @ or spaces between, and is not "setup" or "service"',
  );
}

/** Used by the first setup, the accounts page and `bandwarden user add`. */
export async function createAccount(
  { store, clock }: { store: Store; clock: Clock },
  { name, role, password }: NewAccount,
): Promise<Account> {
  const spelled = accountName(name);
  checkPassword(password);
  const passwordHash = await hashPassword(password);
  const id = randomUUID();
  const account: Account = { id, name: spelled, role, passwordHash, createdMs: clock.nowMs(), disabled: false };
  await store.accounts.add(account);
  return account;
}
